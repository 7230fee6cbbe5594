// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import org.cxrlocalizer.comparison.Comparison;
import org.jspecify.annotations.Nullable;

@Schema(name = "Comparison", description = "How one detected box lies to one ground-truth box.")
record ComparisonBody(
        BoxBody truth,

        @Schema(description = "Intersection over union.", minimum = "0", maximum = "1")
        double iou,

        @Schema(description = "Intersection over the detected box.", minimum = "0", maximum = "1")
        double iobb,

        @Schema(
                description = "Index of the detected box; null where none was detected.",
                types = {"integer", "null"})
        @Nullable
        Integer box) {

    static ComparisonBody of(Comparison comparison) {
        return new ComparisonBody(
                BoxBody.of(comparison.truth()), comparison.iou(), comparison.iobb(), comparison.box());
    }
}
