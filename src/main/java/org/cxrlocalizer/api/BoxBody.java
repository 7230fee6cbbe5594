package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import org.cxrlocalizer.geometry.Box;

@Schema(
        name = "Box",
        description = "A box in continuous pixels of the original image: origin at its top-left corner, x to the right,"
                + " y downwards, as in BBox_List_2017.csv.")
record BoxBody(
        double x,
        double y,

        @Schema(exclusiveMinimumValue = 0) double width,

        @Schema(exclusiveMinimumValue = 0) double height) {

    static BoxBody of(Box box) {
        return new BoxBody(box.x(), box.y(), box.width(), box.height());
    }

    Box toBox() {
        try {
            return new Box(x, y, width, height);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.INVALID_BOX, String.valueOf(e.getMessage()));
        }
    }
}
