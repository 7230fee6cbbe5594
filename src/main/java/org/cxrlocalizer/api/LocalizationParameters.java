package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.Explode;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Set;
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
                array = @ArraySchema(schema = @Schema(type = "string")))
        @Nullable
        List<String> labels,

        @Parameter(
                description = "Class activation method; the model's default where none is given.",
                example = "cam",
                schema = @Schema(type = "string"))
        @Nullable
        String method,

        @Parameter(
                description =
                        "Box policy, a BoxPolicy object in JSON, as {\"type\":\"fraction\",\"fraction\":0.5}; the model's"
                                + " default where none is given.",
                schema = @Schema(type = "string"))
        @Nullable
        String policy,

        @Parameter(
                description = "Findings of a lower probability get no boxes.",
                schema = @Schema(type = "number", minimum = "0", maximum = "1", defaultValue = "0"))
        @Nullable
        Double minProbability) {

    LocalizationRequest toRequest() {
        double minimum = minProbability == null ? 0 : minProbability;
        if (!(minimum >= 0 && minimum <= 1)) {
            throw new ProblemException(ProblemType.INVALID_PARAMETER, "'minProbability' must be between 0 and 1.");
        }
        return new LocalizationRequest(
                labels == null ? Set.of() : Set.copyOf(labels),
                method,
                policy == null ? null : BoxPolicyReader.read(policy),
                minimum);
    }
}
