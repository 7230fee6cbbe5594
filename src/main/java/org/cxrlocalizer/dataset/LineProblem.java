// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

/**
 * What is wrong with one line of a dataset file; the line, or the part of it that is wrong, was left out.
 *
 * @param line from 1, the header included
 */
public record LineProblem(String file, long line, String reason) {

    /** A reason may quote what the line has, of any length. */
    private static final int LONGEST = 300;

    public LineProblem {
        reason = reason.length() > LONGEST ? reason.substring(0, LONGEST) + "…" : reason;
    }

    @Override
    public String toString() {
        return "%s, line %d: %s".formatted(file, line, reason);
    }
}
