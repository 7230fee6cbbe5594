// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.cxrlocalizer.geometry.Box;

/**
 * Where the columns of a list of boxes lie, by their names. A box is given by its left and top edges and, in each direction,
 * either its size or the opposite edge.
 *
 * @param horizontal x and width, or x and right edge
 * @param vertical y and height, or y and bottom edge
 * @param label -1 in a list of one label
 * @param score -1 in a list without scores
 */
record BoxColumns(int image, int label, Side horizontal, Side vertical, int score) {

    private static final Set<String> LABEL = Set.of(
            "findinglabel",
            "label",
            "labelname",
            "finding",
            "class",
            "classname",
            "category",
            "categoryname",
            "pathology");
    /** Java's own forms, as {@code 10d} or {@code 0x1p-1}, are no numbers of a list; NaN and infinity are, to be refused by reason. */
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|NaN|Infinity)");

    private static final Set<String> SCORE = Set.of("score", "confidence", "conf", "probability", "prob");

    /** The two columns of one direction. */
    record Side(int near, int other, boolean otherIsEdge) {

        private static Side of(TableHeader header, String axis, String size, String near, String far) {
            // x0 and x1 are a pair, as x1 and x2 are.
            boolean fromZero =
                    header.names().contains(axis + "0") || header.names().contains("bbox" + axis + "0");
            Set<String> edges = fromZero
                    ? Set.of(axis + "0", "bbox" + axis + "0")
                    : Set.of(
                            axis,
                            "bbox" + axis,
                            axis + "1",
                            "bbox" + axis + "1",
                            axis + "min",
                            "bbox" + axis + "min",
                            near);
            Set<String> opposite = fromZero
                    ? Set.of(axis + "1", "bbox" + axis + "1")
                    : Set.of(axis + "2", "bbox" + axis + "2", axis + "max", "bbox" + axis + "max", far);
            String letter = size.substring(0, 1);
            int sizePlace = header.find(size, Set.of(letter, "bbox" + letter, size, "bbox" + size, "box" + size));
            int edgePlace = header.find(axis + "2", opposite);
            int nearPlace = header.require(axis, edges);
            if (sizePlace >= 0 && edgePlace >= 0) {
                throw new InvalidDatasetException(
                        "Line %d of %s has both a column '%s' and a column '%s'; only one of them can be of the box."
                                .formatted(
                                        header.line(),
                                        header.file(),
                                        header.names().get(sizePlace),
                                        header.names().get(edgePlace)));
            }
            if (sizePlace < 0 && edgePlace < 0) {
                throw new InvalidDatasetException("Line %d of %s has neither a column '%s' nor a column '%s2'."
                        .formatted(header.line(), header.file(), letter, axis));
            }
            return new Side(nearPlace, Math.max(sizePlace, edgePlace), edgePlace >= 0);
        }

        private double size(double near, double other) {
            return otherIsEdge ? other - near : other;
        }
    }

    /**
     * Finds the columns.
     *
     * @param scored whether a score is needed
     * @param labelled whether a label is needed
     * @throws InvalidDatasetException if one is missing, or more than one could be it
     */
    static BoxColumns of(TableHeader header, boolean scored, boolean labelled) {
        return new BoxColumns(
                header.image(),
                labelled ? header.require("Finding Label", LABEL) : -1,
                Side.of(header, "x", "width", "left", "right"),
                Side.of(header, "y", "height", "top", "bottom"),
                scored ? header.require("Score", SCORE) : -1);
    }

    /** Returns how many columns a line must have. */
    int count() {
        return 1
                + IntStream.of(image, label, horizontal.near, horizontal.other, vertical.near, vertical.other, score)
                        .max()
                        .orElseThrow();
    }

    /** Whether all columns of the box are blank. */
    boolean isBlank(Table.Row row) {
        return IntStream.of(horizontal.near, horizontal.other, vertical.near, vertical.other)
                .allMatch(place -> row.field(place).isEmpty());
    }

    /** @throws IllegalArgumentException if a number cannot be read, or they are no box */
    Box box(Table.Row row) {
        double x = number(row, horizontal.near);
        double y = number(row, vertical.near);
        return new Box(
                x, y, horizontal.size(x, number(row, horizontal.other)), vertical.size(y, number(row, vertical.other)));
    }

    /** @throws IllegalArgumentException if it is not a finite number */
    double score(Table.Row row) {
        if (score < 0) {
            return Double.NaN;
        }
        double number = number(row, score);
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("the score is not finite");
        }
        return number;
    }

    /** @throws IllegalArgumentException if it is no number */
    static double number(Table.Row row, int place) {
        String text = row.field(place);
        if (text.isEmpty()) {
            throw new IllegalArgumentException("column %d is blank".formatted(place + 1));
        }
        if (!DECIMAL.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    text.contains(",")
                            ? "'%s' is not a number; a decimal point is needed".formatted(text)
                            : "'%s' is not a number".formatted(text));
        }
        return Double.parseDouble(text);
    }
}
