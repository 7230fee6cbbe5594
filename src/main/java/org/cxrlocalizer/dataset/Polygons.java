// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Closed polygons. A pixel is within if its centre lies in any of them, by the even-odd rule.
 *
 * @param polygons each a list of points (x, y)
 */
record Polygons(List<List<double[]>> polygons) implements Outline {

    @Override
    public PixelMask mask(ImageSize size) {
        return PixelMask.of(size, column -> {
            BitSet rows = new BitSet(size.height());
            for (List<double[]> polygon : polygons) {
                double[] crossings = crossings(polygon, column + 0.5);
                for (int i = 0; i + 1 < crossings.length; i += 2) {
                    PixelMask.addRows(rows, crossings[i], crossings[i + 1], size);
                }
            }
            return rows;
        });
    }

    /** Returns where edges cross a vertical line, ascending. */
    private static double[] crossings(List<double[]> polygon, double x) {
        double[] crossings = new double[polygon.size()];
        int count = 0;
        double[] from = polygon.get(polygon.size() - 1);
        for (double[] to : polygon) {
            if (from[0] <= x != to[0] <= x) {
                crossings[count++] = from[1] + (to[1] - from[1]) * ((x - from[0]) / (to[0] - from[0]));
            }
            from = to;
        }
        double[] found = Arrays.copyOf(crossings, count);
        Arrays.sort(found);
        return found;
    }
}
