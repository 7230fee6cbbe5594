// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.BitSet;
import java.util.function.IntPredicate;
import org.cxrlocalizer.dataset.ImageSize;
import org.cxrlocalizer.dataset.PixelMask;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;

/**
 * The pixels of an image where a map's bilinear surface is at or above a level. A column of the surface is linear between the centres
 * of cells, so that its rows there are found by bisection: a radiograph has a hundred times as many pixels as this reads.
 *
 * @param level in the map's units
 * @param frame where the map lies on the image
 */
record MapRegion(ClassActivationMap map, double level, ImageFrame frame, ImageSize size) {

    PixelMask mask() {
        return PixelMask.of(size, this::rows);
    }

    private BitSet rows(int column) {
        BitSet rows = new BitSet(size.height());
        double u = frame.u(column + 0.5);
        if (u < 0 || u > 1) {
            return rows;
        }
        IntPredicate isAbove = row -> map.at(u, frame.v(row + 0.5)) >= level;
        int first = row(0);
        for (int cell = 0; cell <= map.height(); cell++) {
            int next = row(cell == map.height() ? 1 : (cell + 0.5) / map.height());
            addLinear(rows, first, next, isAbove);
            first = next;
        }
        return rows;
    }

    private int row(double v) {
        return PixelMask.firstRow(frame.offsetY() + frame.scaleY() * v, size);
    }

    /** Adds the rows that a test takes among neighbours where it changes once at most. */
    private static void addLinear(BitSet rows, int first, int next, IntPredicate test) {
        if (first >= next) {
            return;
        }
        boolean start = test.test(first);
        int same = first;
        int other = next;
        if (start == test.test(next - 1)) {
            same = next - 1;
        }
        while (other - same > 1) {
            int middle = (same + other) / 2;
            if (test.test(middle) == start) {
                same = middle;
            } else {
                other = middle;
            }
        }
        rows.set(start ? first : other, start ? other : next);
    }
}
