package org.cxrlocalizer.dataset;

/**
 * What is wrong with one line of a dataset file; the line, or the part of it that is wrong, was left out.
 *
 * @param line from 1, the header included
 */
public record LineProblem(String file, long line, String reason) {

    @Override
    public String toString() {
        return "%s, line %d: %s".formatted(file, line, reason);
    }
}
