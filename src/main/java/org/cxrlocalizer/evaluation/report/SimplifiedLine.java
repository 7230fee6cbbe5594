// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * A line with fewer points, none of which a reader would miss: a ROC curve of the whole dataset has a point for each image (Douglas and
 * Peucker, Cartographica 1973).
 */
final class SimplifiedLine {

    private SimplifiedLine() {}

    /**
     * Returns some of the points, the first and the last among them, so that all others lie within a distance of the line.
     *
     * @param points x and y
     */
    static List<double[]> of(List<double[]> points, double distance) {
        BitSet kept = new BitSet(points.size());
        kept.set(0, points.isEmpty() ? 0 : 1);
        kept.set(Math.max(0, points.size() - 1), points.size());
        Deque<int[]> parts = new ArrayDeque<>();
        parts.push(new int[] {0, points.size() - 1});
        while (!parts.isEmpty()) {
            int[] part = parts.pop();
            int furthest = furthest(points, part[0], part[1], distance);
            if (furthest >= 0) {
                kept.set(furthest);
                parts.push(new int[] {part[0], furthest});
                parts.push(new int[] {furthest, part[1]});
            }
        }
        return kept.stream().mapToObj(points::get).toList();
    }

    /** Returns the place of the point between two others that is furthest from the line between them; −1 if all are near. */
    private static int furthest(List<double[]> points, int first, int last, double distance) {
        int place = -1;
        double most = distance;
        for (int i = first + 1; i < last; i++) {
            double away = distance(points.get(i), points.get(first), points.get(last));
            if (away > most) {
                most = away;
                place = i;
            }
        }
        return place;
    }

    /** Returns the distance of a point from the section between two others. */
    static double distance(double[] point, double[] from, double[] to) {
        double x = to[0] - from[0];
        double y = to[1] - from[1];
        double squared = x * x + y * y;
        double along = squared == 0 ? 0 : ((point[0] - from[0]) * x + (point[1] - from[1]) * y) / squared;
        double place = Math.max(0, Math.min(1, along));
        return Math.hypot(point[0] - from[0] - place * x, point[1] - from[1] - place * y);
    }
}
