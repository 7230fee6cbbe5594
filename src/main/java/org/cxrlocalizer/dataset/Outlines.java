// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.geometry.Box;
import tools.jackson.databind.JsonNode;

/** The boxes of outlines and masks in JSON. */
final class Outlines {

    private Outlines() {}

    /**
     * Returns the smallest box of a COCO segmentation: polygons, each a list of x and y in turn, or a mask of run lengths.
     *
     * @throws IllegalArgumentException if it is neither, or empty
     */
    static Box segmentation(JsonNode segmentation) {
        if (segmentation.isObject()) {
            return RunLengthMask.of(segmentation)
                    .extent()
                    .orElseThrow(() -> new IllegalArgumentException("the mask is empty"));
        }
        List<double[]> points = new ArrayList<>();
        for (JsonNode polygon : segmentation) {
            if (polygon.size() < 6 || polygon.size() % 2 != 0) {
                throw new IllegalArgumentException("a polygon must have x and y of three points or more");
            }
            for (int i = 0; i < polygon.size(); i += 2) {
                points.add(new double[] {number(polygon.get(i)), number(polygon.get(i + 1))});
            }
        }
        return extent(points);
    }

    /**
     * Returns the smallest box of an outline, a list of points.
     *
     * @throws IllegalArgumentException if it is no such list, or its box has no area
     */
    static Box outline(JsonNode outline) {
        List<double[]> points = new ArrayList<>();
        for (JsonNode point : outline) {
            if (point.size() != 2) {
                throw new IllegalArgumentException("a point must be x and y");
            }
            points.add(new double[] {number(point.get(0)), number(point.get(1))});
        }
        return extent(points);
    }

    private static Box extent(List<double[]> points) {
        if (points.isEmpty()) {
            throw new IllegalArgumentException("the outline has no point");
        }
        double left = Double.POSITIVE_INFINITY;
        double top = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double bottom = Double.NEGATIVE_INFINITY;
        for (double[] point : points) {
            left = Math.min(left, point[0]);
            top = Math.min(top, point[1]);
            right = Math.max(right, point[0]);
            bottom = Math.max(bottom, point[1]);
        }
        return Box.ofCorners(left, top, right, bottom);
    }

    private static double number(JsonNode node) {
        if (!node.isNumber() || !Double.isFinite(node.asDouble())) {
            throw new IllegalArgumentException("a coordinate is no number");
        }
        return node.asDouble();
    }
}
