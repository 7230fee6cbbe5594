// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.cxrlocalizer.dataset.PixelMask;

/**
 * The rectangle of the smallest area, at any angle, that encloses all pixels of a mask, corners included. One of its sides lies along an
 * edge of the convex hull (Freeman and Shapira, Communications of the ACM 1975), so that all edges are tried.
 *
 * @param longer side in pixels
 * @param shorter side in pixels
 */
record SmallestRectangle(double longer, double shorter) {

    /** A corner of a pixel; coordinates are whole numbers, so that turns are exact. */
    private record Corner(long x, long y) {

        /** Above 0 where the way from a to b to this corner turns one way, below 0 the other way, 0 straight on. */
        long turn(Corner a, Corner b) {
            return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
        }
    }

    /** @throws IllegalArgumentException if the mask has no pixel */
    static SmallestRectangle around(PixelMask mask) {
        List<Corner> hull = hull(corners(mask));
        SmallestRectangle smallest = null;
        for (int i = 0; i < hull.size(); i++) {
            SmallestRectangle along = along(hull.get(i), hull.get((i + 1) % hull.size()), hull);
            if (smallest == null || along.area() < smallest.area()) {
                smallest = along;
            }
        }
        if (smallest == null) {
            throw new IllegalArgumentException("a mask without a pixel has no rectangle");
        }
        return smallest;
    }

    double area() {
        return longer * shorter;
    }

    /** Returns the longer side over the shorter one. */
    double elongation() {
        return longer / shorter;
    }

    private static SmallestRectangle along(Corner from, Corner to, List<Corner> hull) {
        long x = to.x - from.x;
        long y = to.y - from.y;
        long least = 0;
        long most = 0;
        long height = 0;
        for (Corner corner : hull) {
            long place = x * (corner.x - from.x) + y * (corner.y - from.y);
            least = Math.min(least, place);
            most = Math.max(most, place);
            height = Math.max(height, Math.abs(corner.turn(from, to)));
        }
        double length = Math.hypot((double) x, (double) y);
        double wide = (most - least) / length;
        double high = height / length;
        return new SmallestRectangle(Math.max(wide, high), Math.min(wide, high));
    }

    /** Returns the outermost corners of the pixels of each column, from the left, from the top. */
    private static List<Corner> corners(PixelMask mask) {
        int height = mask.size().height();
        List<Corner> corners = new ArrayList<>();
        int[] runs = mask.runs();
        for (int i = 0; i < runs.length; i += 2) {
            for (int column = runs[i] / height; column * height < runs[i + 1]; column++) {
                int top = Math.max(0, runs[i] - column * height);
                int bottom = Math.min(height, runs[i + 1] - column * height);
                for (int x = column; x <= column + 1; x++) {
                    corners.add(new Corner(x, top));
                    corners.add(new Corner(x, bottom));
                }
            }
        }
        corners.sort(Comparator.comparingLong(Corner::x).thenComparingLong(Corner::y));
        return corners;
    }

    /**
     * Returns the corners of the convex hull, in turn (Andrew, Information Processing Letters 1979).
     *
     * @param corners sorted by x and y
     */
    private static List<Corner> hull(List<Corner> corners) {
        List<Corner> reversed = new ArrayList<>(corners);
        Collections.reverse(reversed);
        List<Corner> hull = half(corners);
        hull.addAll(half(reversed));
        return hull;
    }

    /** Returns one side of the hull without its last corner, which begins the other side. */
    private static List<Corner> half(List<Corner> corners) {
        List<Corner> side = new ArrayList<>();
        for (Corner corner : corners) {
            while (side.size() > 1 && corner.turn(side.get(side.size() - 2), side.get(side.size() - 1)) <= 0) {
                side.remove(side.size() - 1);
            }
            side.add(corner);
        }
        return side.isEmpty() ? side : new ArrayList<>(side.subList(0, side.size() - 1));
    }
}
