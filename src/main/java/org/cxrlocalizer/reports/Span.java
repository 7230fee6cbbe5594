// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

/**
 * A part of a text.
 *
 * @param start of the first character, in UTF-16 code units from the start of the text
 * @param end after the last character
 */
public record Span(int start, int end) {

    /** @throws IllegalArgumentException if the end lies before the start, or the start before the text */
    public Span {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("no span: %d to %d".formatted(start, end));
        }
    }

    /** Returns the part of the text. */
    public String in(String text) {
        return text.substring(start, end);
    }
}
