// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.Explode;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.cxrlocalizer.dicom.documents.PictureFormat;
import org.cxrlocalizer.results.ResultOptions;
import org.jspecify.annotations.Nullable;

/** The parameters of a result object, in the query or as multipart fields. */
record ResultParameters(
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
                description = "Whether findings that do not reach their cut-off get no boxes either.",
                schema = @Schema(type = "boolean", defaultValue = "true"))
        @Nullable
        Boolean onlyPositive,

        @Parameter(
                description = "How many findings get boxes at most: the most probable ones.",
                schema = @Schema(type = "integer", format = "int32", minimum = "1", defaultValue = "3"))
        @Nullable
        Integer maxFindings,

        @Parameter(
                description = LocalizationParameters.OPERATING_POINT,
                schema =
                        @Schema(
                                type = "string",
                                allowableValues = {"sensitive", "balanced", "specific"}))
        @Nullable
        String operatingPoint) {

    ResultOptions toOptions() {
        int most = maxFindings == null ? ResultOptions.USUALLY_MOST_FINDINGS : maxFindings;
        if (most < 1) {
            throw new ProblemException(ProblemType.INVALID_PARAMETER, "'maxFindings' must be at least 1.");
        }
        return new ResultOptions(
                new LocalizationParameters(null, labels, method, policy, minProbability, operatingPoint).toRequest(),
                onlyPositive == null || onlyPositive,
                most,
                false,
                PictureFormat.UNCOMPRESSED);
    }
}
