// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.geometry;

/**
 * An axis-parallel box in continuous pixel coordinates: the origin is the top-left <em>corner</em> of the image, x grows
 * to the right, y downwards, and pixel i covers [i, i + 1). The components are those of {@code BBox_List_2017.csv}. The
 * area is width times height; no "+ 1" is added anywhere.
 */
public record Box(double x, double y, double width, double height) {

    /** Between these, no sum or quotient of areas overflows or vanishes. */
    private static final double SMALLEST_AREA = 1e-300;

    private static final double LARGEST_AREA = 1e300;

    /**
     * @throws IllegalArgumentException if a component is not finite, the width or height is not positive or vanishes beside x
     *     or y, or the area cannot be computed with
     */
    public Box {
        if (!Double.isFinite(x) || !Double.isFinite(y) || !Double.isFinite(x + width) || !Double.isFinite(y + height)) {
            throw new IllegalArgumentException("a box must have finite numbers");
        }
        if (!(width > 0) || !(height > 0)) {
            throw new IllegalArgumentException("a box must have a positive width and height");
        }
        double area = width * height;
        if (!(x + width > x) || !(y + height > y) || area < SMALLEST_AREA || area > LARGEST_AREA) {
            throw new IllegalArgumentException("a box must have an area that can be computed with");
        }
    }

    /** The box between two corners. */
    public static Box ofCorners(double left, double top, double right, double bottom) {
        return new Box(left, top, right - left, bottom - top);
    }

    public double right() {
        return x + width;
    }

    public double bottom() {
        return y + height;
    }

    public double area() {
        return width * height;
    }

    /** The area of this box that the other covers too; 0 where they only touch. Not larger than either area, as rounded. */
    public double intersectionArea(Box other) {
        double w = overlap(x, width, other.x, other.width);
        double h = overlap(y, height, other.y, other.height);
        return w > 0 && h > 0 ? w * h : 0;
    }

    /** The length that two sections share. Their ends are rounded, so that (start + length) - start may differ from the length. */
    private static double overlap(double start, double length, double otherStart, double otherLength) {
        double shorter = Math.min(length, otherLength);
        return start == otherStart
                ? shorter
                : Math.min(shorter, Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart));
    }

    /** Intersection over union, |A∩B| / |A∪B|, in [0, 1], and 1 for equal boxes. */
    public double iou(Box other) {
        double intersection = intersectionArea(other);
        return intersection / (area() + other.area() - intersection);
    }

    /**
     * Intersection over the detected box, |A∩B| / |A|, where this box is the detected one (Wang et al., CVPR 2017,
     * section 4.2).
     */
    public double iobb(Box truth) {
        return intersectionArea(truth) / area();
    }

    /** The smallest box that holds this one and the other. */
    public Box enclosing(Box other) {
        return ofCorners(
                Math.min(x, other.x),
                Math.min(y, other.y),
                Math.max(right(), other.right()),
                Math.max(bottom(), other.bottom()));
    }
}
