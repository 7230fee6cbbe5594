// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.List;

/** What a dataset file holds, and which of its lines could not be used. */
public record Parsed<T>(T content, List<LineProblem> problems) {

    public Parsed {
        problems = List.copyOf(problems);
    }
}
