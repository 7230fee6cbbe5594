// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.Arrays;

/**
 * A picture reduced to the means of a grid of cells. The pixel (x, y) belongs to the cell ({@code x · side / width},
 * {@code y · side / height}), rounded down.
 *
 * @param side cells along each side
 * @param cells brightnesses in [0, 1], row by row
 */
record Thumbnail(int side, float[] cells) {

    /** Rows of pixels of one row of cells that are read: more do not change the mean. */
    private static final int ROWS = 16;

    /** @param side at most the picture's width and height */
    static Thumbnail of(Radiograph radiograph, int side) {
        int width = radiograph.width();
        int height = radiograph.height();
        int[] edges = edges(width, side);
        float[] cells = new float[side * side];
        int[] sums = new int[side];
        double[] totals = new double[side];
        int[] rows = edges(height, side);
        for (int row = 0; row < side; row++) {
            Arrays.fill(totals, 0);
            int step = Math.max(1, (rows[row + 1] - rows[row]) / ROWS);
            int read = 0;
            for (int y = rows[row]; y < rows[row + 1]; y += step, read++) {
                sum(radiograph.samples(), y * width, edges, sums);
                for (int i = 0; i < side; i++) {
                    totals[i] += sums[i];
                }
            }
            for (int i = 0; i < side; i++) {
                double count = (double) read * (edges[i + 1] - edges[i]) * radiograph.maximum();
                cells[row * side + i] = (float) (totals[i] / count);
            }
        }
        return new Thumbnail(side, cells);
    }

    /**
     * Adds one row of pixels to the sums of its cells. A cell is far narrower than the 32768 samples that a sum could overflow
     * with.
     */
    private static void sum(short[] samples, int from, int[] edges, int[] sums) {
        for (int i = 0; i < sums.length; i++) {
            int sum = 0;
            int end = from + edges[i + 1];
            for (int at = from + edges[i]; at < end; at++) {
                sum += samples[at] & 0xffff;
            }
            sums[i] = sum;
        }
    }

    private static int[] edges(int pixels, int side) {
        int[] edges = new int[side + 1];
        for (int i = 0; i <= side; i++) {
            edges[i] = (int) (((long) i * pixels + side - 1) / side);
        }
        return edges;
    }

    /** Means of squares of {@code side / smaller} cells. */
    Thumbnail reduced(int smaller) {
        int n = side / smaller;
        float[] means = new float[smaller * smaller];
        for (int y = 0; y < smaller * n; y++) {
            for (int x = 0; x < smaller * n; x++) {
                means[y / n * smaller + x / n] += cells[y * side + x] / (n * n);
            }
        }
        return new Thumbnail(smaller, means);
    }

    /** Twice as many cells along each side, interpolated linearly between the centres; the edges are held. */
    Thumbnail doubled() {
        float[] doubled = new float[4 * cells.length];
        for (int y = 0; y < 2 * side; y++) {
            int above = clamp((y - 1) >> 1);
            int below = clamp(((y - 1) >> 1) + 1);
            float down = y % 2 == 0 ? 0.75f : 0.25f;
            for (int x = 0; x < 2 * side; x++) {
                int left = clamp((x - 1) >> 1);
                int right = clamp(((x - 1) >> 1) + 1);
                float across = x % 2 == 0 ? 0.75f : 0.25f;
                float top = (1 - across) * cells[above * side + left] + across * cells[above * side + right];
                float bottom = (1 - across) * cells[below * side + left] + across * cells[below * side + right];
                doubled[y * 2 * side + x] = (1 - down) * top + down * bottom;
            }
        }
        return new Thumbnail(2 * side, doubled);
    }

    private int clamp(int at) {
        return Math.max(0, Math.min(side - 1, at));
    }

    double mean() {
        double sum = 0;
        for (float cell : cells) {
            sum += cell;
        }
        return sum / cells.length;
    }

    double deviation() {
        double mean = mean();
        double squares = 0;
        for (float cell : cells) {
            squares += (cell - mean) * (cell - mean);
        }
        return Math.sqrt(squares / cells.length);
    }

    /** The share of pairs of neighbours within rows that differ by less. */
    double equalNeighbours(double difference) {
        int equal = 0;
        for (int i = 0; i < cells.length; i++) {
            equal += i % side > 0 && Math.abs(cells[i] - cells[i - 1]) < difference ? 1 : 0;
        }
        return equal / (double) (side * (side - 1));
    }

    /** What one of as many or of fewer cells lacks of this one. */
    double deviationFrom(Thumbnail coarser) {
        int n = side / coarser.side;
        float[] rest = cells.clone();
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                rest[y * side + x] -= coarser.cells[y / n * coarser.side + x / n];
            }
        }
        return new Thumbnail(side, rest).deviation();
    }
}
