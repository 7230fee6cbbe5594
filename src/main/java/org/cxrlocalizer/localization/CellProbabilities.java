// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.ArrayList;
import java.util.List;

/**
 * The probability of each grid cell to lie in the box of a label, and the rectangles of whole cells that fit that box best.
 *
 * <p>The expected IoU of a rectangle is the expected number of cells in the intersection over that in the union,
 * {@code Σp inside / (area + Σp outside)}. The search goes through all rectangles but those between two rows of which none can be
 * better; an integral image gives each sum by two subtractions. Cells on padding count as any other.
 *
 * <p>A further rectangle must be worth as much in what remains as the first one is in the whole. It is the best one after the
 * probabilities inside the earlier rectangles became 0. It is kept if its expected IoU among these remaining probabilities is at
 * least that of the first one among all. The reason: what remains around a single finding is its blurred rim, which no rectangle
 * fits as well; a second finding leaves a part that one does fit. A rectangle that is kept always raises the expected IoU of all
 * kept cells together. Its score is its expected IoU among all probabilities, and so never above the first one's.
 */
final class CellProbabilities {

    /** Largest difference of sums of all values that counts as none; far above their rounding. */
    private static final double TOLERANCE = 1e-9;

    private final int columns;
    private final int rows;

    /** Row by row from the top left. */
    private final double[] values;

    /** At row r and column c of a grid that is larger by one, the sum of all values above r and left of c. */
    private final double[] sums;

    private CellProbabilities(int columns, int rows, double[] values) {
        this.columns = columns;
        this.rows = rows;
        this.values = values;
        int stride = columns + 1;
        sums = new double[stride * (rows + 1)];
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int column = 0; column < columns; column++) {
                sum += values[row * columns + column];
                sums[(row + 1) * stride + column + 1] = sums[row * stride + column + 1] + sum;
            }
        }
    }

    /** @throws IllegalArgumentException if a value lies outside [0, 1] */
    static CellProbabilities of(ClassActivationMap map) {
        double[] values = new double[map.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = map.values()[i];
            if (!(values[i] >= 0 && values[i] <= 1)) {
                throw new IllegalArgumentException("%s is not a probability of a cell".formatted(map.values()[i]));
            }
        }
        return new CellProbabilities(map.width(), map.height(), values);
    }

    /**
     * Finds the best rectangle, and the further ones that the remaining probabilities earn.
     *
     * @param most how many at the most, at least 1
     * @return at least one
     */
    List<CellRectangle> rectangles(int most) {
        CellRectangle first = best(-1);
        List<CellRectangle> found = new ArrayList<>(List.of(first));
        CellProbabilities remaining = without(first);
        while (found.size() < most) {
            CellRectangle next = remaining.best(Math.nextDown(first.expectedIou()));
            if (next.expectedIou() < first.expectedIou()) {
                break;
            }
            found.add(next.withExpectedIou(expectedIou(next.left(), next.top(), next.right(), next.bottom())));
            remaining = remaining.without(next);
        }
        return found;
    }

    /**
     * The first, from the top left, of the greatest expected IoU.
     *
     * @param bound what it must be above; the answer has this where there is none
     */
    private CellRectangle best(double bound) {
        CellRectangle best = new CellRectangle(0, 0, columns, rows, bound);
        for (int top = 0; top < rows; top++) {
            for (int bottom = top + 1; bottom <= rows; bottom++) {
                if (mayHoldBetter(top, bottom, best.expectedIou())) {
                    best = bestBetween(top, bottom, best);
                }
            }
        }
        return best;
    }

    /**
     * Whether a rectangle between two rows may have an expected IoU above a bound b. That is so if and only if the sum of
     * {@code (1 + b)·Σp − b·height} over its columns is above b times the sum of all values (Dinkelbach, 1967). One pass finds the
     * greatest sum of neighbouring columns (Kadane's; Bentley, 1984).
     */
    private boolean mayHoldBetter(int top, int bottom, double bound) {
        int stride = columns + 1;
        int above = top * stride;
        int below = bottom * stride;
        double price = bound * (bottom - top);
        double greatest = Double.NEGATIVE_INFINITY;
        double ending = 0;
        double left = 0;
        for (int column = 1; column <= columns; column++) {
            double right = sums[below + column] - sums[above + column];
            ending = Math.max(ending, 0) + (1 + bound) * (right - left) - price;
            greatest = Math.max(greatest, ending);
            left = right;
        }
        return greatest > bound * sums[rows * stride + columns] - TOLERANCE;
    }

    private CellRectangle bestBetween(int top, int bottom, CellRectangle known) {
        CellRectangle best = known;
        for (int left = 0; left < columns; left++) {
            for (int right = left + 1; right <= columns; right++) {
                double expected = expectedIou(left, top, right, bottom);
                if (expected > best.expectedIou()) {
                    best = new CellRectangle(left, top, right, bottom, expected);
                }
            }
        }
        return best;
    }

    private double expectedIou(int left, int top, int right, int bottom) {
        int stride = columns + 1;
        double inside = sums[bottom * stride + right]
                - sums[top * stride + right]
                - (sums[bottom * stride + left] - sums[top * stride + left]);
        double outside = sums[rows * stride + columns] - inside;
        // Rounding must not lift it above 1.
        return Math.min(1, inside / ((right - left) * (bottom - top) + outside));
    }

    /** The same with 0 inside a rectangle. */
    private CellProbabilities without(CellRectangle rectangle) {
        double[] rest = values.clone();
        for (int row = rectangle.top(); row < rectangle.bottom(); row++) {
            for (int column = rectangle.left(); column < rectangle.right(); column++) {
                rest[row * columns + column] = 0;
            }
        }
        return new CellProbabilities(columns, rows, rest);
    }
}
