// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

/** What a whole report states of a label. */
public enum LabelState {
    PRESENT,
    UNCERTAIN,
    ABSENT,
    NOT_MENTIONED
}
