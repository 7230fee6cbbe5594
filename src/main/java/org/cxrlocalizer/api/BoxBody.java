// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.stream.DoubleStream;
import org.cxrlocalizer.geometry.Box;

@Schema(
        name = "Box",
        description = "A box in continuous pixels of the original image: origin at its top-left corner, x to the right,"
                + " y downwards, as in BBox_List_2017.csv.")
public record BoxBody(double x, double y, double width, double height) {

    /** No image is as large; with larger numbers, or smaller boxes, areas lose the digits that they are compared by. */
    public static final double LARGEST = 1e6;

    public static final double SMALLEST_SIDE = 1e-3;

    static BoxBody of(Box box) {
        return new BoxBody(box.x(), box.y(), box.width(), box.height());
    }

    Box toBox() {
        if (!DoubleStream.of(x, y, width, height).allMatch(it -> Math.abs(it) <= LARGEST)) {
            throw new ProblemException(ProblemType.INVALID_BOX, "A number of a box must be at most 1000000.");
        }
        if (width > 0 && height > 0 && Math.min(width, height) < SMALLEST_SIDE) {
            throw new ProblemException(ProblemType.INVALID_BOX, "The sides of a box must be at least 0.001.");
        }
        try {
            return new Box(x, y, width, height);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.INVALID_BOX, String.valueOf(e.getMessage()));
        }
    }
}
