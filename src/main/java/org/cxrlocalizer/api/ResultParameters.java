// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.cxrlocalizer.dicom.documents.PictureFormat;
import org.cxrlocalizer.results.ResultOptions;
import org.jspecify.annotations.Nullable;

/** The parameters of a result object, in the query or as multipart fields. */
record ResultParameters(
        @ParameterDocs.Labels @Nullable List<String> labels,

        @ParameterDocs.Method @Nullable String method,

        @ParameterDocs.Policy @Nullable String policy,

        @ParameterDocs.MinProbability @Nullable Double minProbability,

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

        @ParameterDocs.OperatingPoint @Nullable String operatingPoint,

        @ParameterDocs.Model @Nullable String model) {

    ResultOptions toOptions() {
        int most = maxFindings == null ? ResultOptions.USUALLY_MOST_FINDINGS : maxFindings;
        if (most < 1) {
            throw new ProblemException(ProblemType.INVALID_PARAMETER, "'maxFindings' must be at least 1.");
        }
        return new ResultOptions(
                new LocalizationParameters(null, labels, method, policy, minProbability, operatingPoint, null)
                        .toRequest(),
                onlyPositive == null || onlyPositive,
                most,
                false,
                PictureFormat.UNCOMPRESSED);
    }
}
