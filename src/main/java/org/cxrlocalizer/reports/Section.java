// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

/** A section of a radiology report. */
public enum Section {
    /** Text before or without a heading. */
    UNTITLED(true),
    FINDINGS(true),
    IMPRESSION(true),
    /** Why the study was made: the question, and the history. */
    INDICATION(false),
    COMPARISON(false),
    /** Anything else with a known heading: the technique, the signature. */
    OTHER(false);

    private final boolean counted;

    Section(boolean counted) {
        this.counted = counted;
    }

    /** Returns whether mentions in this section decide on labels. */
    public boolean counted() {
        return counted;
    }
}
