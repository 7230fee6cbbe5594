package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import org.cxrlocalizer.geometry.Box;

@Schema(
        name = "Box",
        description = "A box in continuous pixels of the original image: origin at its top-left corner, x to the right,"
                + " y downwards, as in BBox_List_2017.csv.")
record BoxBody(
        @Schema(requiredMode = RequiredMode.REQUIRED) double x,
        @Schema(requiredMode = RequiredMode.REQUIRED) double y,

        @Schema(requiredMode = RequiredMode.REQUIRED, exclusiveMinimumValue = 0)
        double width,

        @Schema(requiredMode = RequiredMode.REQUIRED, exclusiveMinimumValue = 0)
        double height) {

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
