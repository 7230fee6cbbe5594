// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.jspecify.annotations.Nullable;

/** The parameters of an overlay, in the query or as multipart fields. */
record OverlayParameters(
        @ParameterDocs.ImageName("Name of the image in the dataset; its boxes in BBox_List_2017.csv are drawn."
                + " The file name of a multipart part serves as well.")
        @Nullable
        String imageIndex,

        @Parameter(
                description = "Label to draw; the most probable one where none is given.",
                schema = @Schema(type = "string", minLength = 1))
        @Nullable
        String label,

        @ParameterDocs.Labels("Instead of 'label': the most probable one of these is drawn.") @Nullable
        List<String> labels,

        @ParameterDocs.Method @Nullable String method,

        @ParameterDocs.Policy @Nullable String policy,

        @Parameter(
                description = "A box is correct if its IoU with a ground-truth box is above this.",
                schema = @Schema(type = "number", minimum = "0", maximum = "1", defaultValue = "0.3"))
        @Nullable
        Double iouThreshold,

        @ParameterDocs.OperatingPoint @Nullable String operatingPoint,

        @ParameterDocs.Model @Nullable String model) {

    private static final double DEFAULT_THRESHOLD = 0.3;

    LocalizationRequest toRequest() {
        if (label != null && labels != null) {
            throw new ProblemException(ProblemType.INVALID_PARAMETER, "'label' and 'labels' exclude each other.");
        }
        return new LocalizationParameters(
                        imageIndex, label == null ? labels : List.of(label), method, policy, null, operatingPoint, null)
                .toRequest();
    }

    double threshold() {
        double threshold = iouThreshold == null ? DEFAULT_THRESHOLD : iouThreshold;
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new ProblemException(ProblemType.INVALID_PARAMETER, "'iouThreshold' must be between 0 and 1.");
        }
        return threshold;
    }
}
