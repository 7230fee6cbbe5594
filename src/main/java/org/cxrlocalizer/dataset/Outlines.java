// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.geometry.Box;
import tools.jackson.databind.JsonNode;

/** Reads outlines in JSON. */
final class Outlines {

    private Outlines() {}

    /** A part of a label on an image, with its smallest box. */
    record Part(Box box, Outline outline) {}

    /**
     * Returns a COCO segmentation: polygons, each a list of x and y in turn, or a mask of run lengths.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static Outline segmentation(JsonNode segmentation) {
        return segmentation.isObject() ? RunLengthMask.of(segmentation) : polygons(segmentation);
    }

    /**
     * Returns the smallest box of a COCO segmentation.
     *
     * @throws IllegalArgumentException if it is none, or has no area
     */
    static Box extent(JsonNode segmentation) {
        return segmentation.isObject()
                ? RunLengthMask.of(segmentation).extent()
                : extent(polygons(segmentation).polygons().stream()
                        .flatMap(List::stream)
                        .toList());
    }

    private static Polygons polygons(JsonNode segmentation) {
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
        return new Polygons(polygons);
    }

    /**
     * Returns the parts of one of CheXlocalize's labels: those of a mask of run lengths whose pixels touch, or outlines, each a list of
     * points.
     *
     * @throws IllegalArgumentException if it is neither, or an outline's box has no area
     */
    static List<Part> label(JsonNode label) {
        if (label.isObject()) {
            return RunLengthMask.of(label).parts().stream()
                    .map(part -> new Part(part.extent(), part))
                    .toList();
        }
        if (!label.isArray()) {
            throw new IllegalArgumentException("a label must have outlines or a mask");
        }
        return label.valueStream()
                .map(Outlines::points)
                .map(points -> new Part(extent(points), new Polygons(List.of(points))))
                .toList();
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
