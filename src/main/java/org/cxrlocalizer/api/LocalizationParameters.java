// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.Explode;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.cxrlocalizer.localization.BoxPolicyReader;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.jspecify.annotations.Nullable;

/** The parameters of a localization, in the query or as multipart fields. */
record LocalizationParameters(
        @Parameter(
                description = "Name of the image in the dataset; its boxes in BBox_List_2017.csv are compared."
                        + " The file name of a multipart part serves as well.",
                example = "00000032_037.png",
                schema = @Schema(pattern = "^" + ImageIndex.PATTERN + "$"))
        @Nullable
        String imageIndex,

        @Parameter(
                description = "Labels wanted, separated by commas; all of the model's where none is given.",
                explode = Explode.FALSE,
                array = @ArraySchema(schema = @Schema(type = "string", pattern = LocalizationParameters.LABEL)))
        @Nullable
        List<String> labels,

        @Parameter(
                description = "Class activation method; the model's default where none is given.",
                example = "cam",
                schema = @Schema(type = "string", minLength = 1))
        @Nullable
        String method,

        @Parameter(
                description =
                        "Box policy, a BoxPolicy object in JSON, as {\"type\":\"fraction\",\"fraction\":0.5}; the model's"
                                + " default where none is given.",
                schema = @Schema(type = "string", minLength = 1, contentMediaType = "application/json"))
        @Nullable
        String policy,

        @Parameter(
                description = "Findings of a lower probability get no boxes.",
                schema = @Schema(type = "number", minimum = "0", maximum = "1", defaultValue = "0"))
        @Nullable
        Double minProbability,

        @Parameter(
                description = LocalizationParameters.OPERATING_POINT,
                schema =
                        @Schema(
                                type = "string",
                                allowableValues = {"sensitive", "balanced", "specific"}))
        @Nullable
        String operatingPoint) {

    /** Commas separate them. */
    static final String LABEL = "^[^,]+$";

    static final String OPERATING_POINT =
            "The cut-offs from which findings are positive, of a model that has operating points: 'sensitive' (a sensitivity of"
                    + " 0.9), 'balanced' (the largest sum of sensitivity and specificity) or 'specific' (a specificity of 0.9)."
                    + " Where none is given, the model's plain cut-offs, and 'balanced' of a model that has only operating points.";

    LocalizationRequest toRequest() {
        double minimum = minProbability == null ? 0 : minProbability;
        if (!(minimum >= 0 && minimum <= 1)) {
            throw new ProblemException(ProblemType.INVALID_PARAMETER, "'minProbability' must be between 0 and 1.");
        }
        return new LocalizationRequest(
                labels == null ? Set.of() : single(labels),
                method,
                policy == null ? null : BoxPolicyReader.read(policy),
                operatingPoint,
                minimum);
    }

    /** Spring joins the values of {@code labels[]} with commas again. */
    private static Set<String> single(List<String> labels) {
        return labels.stream()
                .flatMap(label -> Arrays.stream(label.split(",", -1)))
                .collect(Collectors.toUnmodifiableSet());
    }
}
