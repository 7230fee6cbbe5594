// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

/** What a report states of a finding that it mentions. Of two rules at one distance, the earlier constant's wins. */
public enum Assertion {
    NEGATED,
    /** Past or resolved. */
    HISTORICAL,
    UNCERTAIN,
    /** About a part of the body that is not the chest. */
    OTHER_REGION,
    /** About an earlier study. */
    COMPARISON,
    PRESENT
}
