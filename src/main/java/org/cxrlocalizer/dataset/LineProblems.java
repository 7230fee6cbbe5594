// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.ArrayList;
import java.util.List;

/** The problems of one file's lines: the first thousand, and how many more there are. */
public final class LineProblems {

    /** How many are kept. */
    public static final int KEPT = 1000;

    private final List<LineProblem> first = new ArrayList<>();
    private final String rest;
    private long more;
    private long lastLine;
    private String lastFile = "";

    /** @param rest what is wrong with the lines after the first thousand, as {@code cannot be read} */
    public LineProblems(String rest) {
        this.rest = rest;
    }

    public void add(LineProblem problem) {
        if (first.size() < KEPT) {
            first.add(problem);
        } else {
            more++;
            lastLine = problem.line();
            lastFile = problem.file();
        }
    }

    /** Returns the first problems, and after them one that states how many more there are. */
    public List<LineProblem> list() {
        List<LineProblem> all = new ArrayList<>(first);
        if (more > 0) {
            all.add(new LineProblem(
                    lastFile, lastLine, "this line and %d more before it %s".formatted(more - 1, rest)));
        }
        return all;
    }
}
