// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.util.ArrayList;
import java.util.List;

/**
 * The names of the lists of boxes beside a report. Those of a large report are compressed: they hold the boxes of all images, hundreds of
 * megabytes as text, which few readers need.
 */
public final class BoxFiles {

    /** What the name of a compressed file ends with. */
    public static final String GZIP = ".gz";

    /** The boxes of all systems together that are written as plain text. */
    static final long MOST_PLAIN = 200_000;

    private BoxFiles() {}

    /** Returns the list of a system as {@code score} reads it, the first of number 0. */
    public static String list(int system) {
        return "boxes-%d.csv".formatted(system + 1);
    }

    /** Returns the boxes of a system as pycocotools reads them, the first of number 0. */
    public static String results(int system) {
        return system == 0 ? "results-coco.json" : "results-coco-%d.json".formatted(system + 1);
    }

    /**
     * Returns the files that are compressed.
     *
     * @param boxes of all systems together
     * @return their names; empty for a small report
     */
    static List<String> compressed(int systems, long boxes) {
        List<String> files = new ArrayList<>();
        for (int system = 0; system < systems && boxes > MOST_PLAIN; system++) {
            files.add(list(system) + GZIP);
            files.add(results(system) + GZIP);
        }
        return files;
    }
}
