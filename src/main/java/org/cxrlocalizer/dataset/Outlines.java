// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.geometry.Box;
import tools.jackson.databind.JsonNode;

/**
 * Outlines in JSON.
 *
 * @param boxes one for each part
 * @param outline of all parts
 */
record Outlines(List<Box> boxes, Outline outline) {

    /**
     * Returns a COCO segmentation with its smallest box: polygons, each a list of x and y in turn, or a mask of run lengths.
     *
     * @throws IllegalArgumentException if it is neither, or empty
     */
    static Outlines segmentation(JsonNode segmentation) {
        if (segmentation.isObject()) {
            RunLengthMask mask = RunLengthMask.of(segmentation);
            return new Outlines(
                    List.of(mask.extent().orElseThrow(() -> new IllegalArgumentException("the mask is empty"))), mask);
        }
        List<List<double[]>> polygons = new ArrayList<>();
        for (JsonNode polygon : segmentation) {
            if (polygon.size() < 6 || polygon.size() % 2 != 0) {
                throw new IllegalArgumentException("a polygon must have x and y of three points or more");
            }
            List<double[]> points = new ArrayList<>();
            for (int i = 0; i < polygon.size(); i += 2) {
                points.add(new double[] {number(polygon.get(i)), number(polygon.get(i + 1))});
            }
            polygons.add(points);
        }
        return new Outlines(
                List.of(extent(polygons.stream().flatMap(List::stream).toList())), new Polygons(polygons));
    }

    /**
     * Returns one of CheXlocalize's labels: a mask of run lengths, or outlines, each a list of points.
     *
     * @throws IllegalArgumentException if it is neither, or an outline's box has no area
     */
    static Outlines label(JsonNode label) {
        if (label.isObject()) {
            RunLengthMask mask = RunLengthMask.of(label);
            return new Outlines(mask.parts(), mask);
        }
        if (!label.isArray()) {
            throw new IllegalArgumentException("a label must have outlines or a mask");
        }
        List<List<double[]>> polygons =
                label.valueStream().map(Outlines::points).toList();
        return new Outlines(polygons.stream().map(Outlines::extent).toList(), new Polygons(polygons));
    }

    private static List<double[]> points(JsonNode outline) {
        List<double[]> points = new ArrayList<>();
        for (JsonNode point : outline) {
            if (point.size() != 2) {
                throw new IllegalArgumentException("a point must be x and y");
            }
            points.add(new double[] {number(point.get(0)), number(point.get(1))});
        }
        return points;
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
            throw new IllegalArgumentException("a coordinate is not a number");
        }
        return node.asDouble();
    }
}
