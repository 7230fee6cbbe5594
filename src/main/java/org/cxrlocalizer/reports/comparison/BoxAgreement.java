// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.comparison;

/** Whether a box lies where a report names its finding. */
public enum BoxAgreement {
    YES,
    NO,
    /** The report names no side and no third of the lungs, or does not name the finding. */
    UNSTATED
}
