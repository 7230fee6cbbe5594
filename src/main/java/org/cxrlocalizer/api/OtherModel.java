// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.ModelAgreement;
import org.cxrlocalizer.model.OperatingPoint;
import org.cxrlocalizer.model.Supervision;
import org.jspecify.annotations.Nullable;

@Schema(name = "OtherModel", description = "What a further model found on the image, and how that lies to the answer.")
record OtherModel(
        LocalizationAnswer.Model model,
        LocalizationAnswer.MapExtent mapExtent,
        String method,
        Supervision supervision,
        BoxPolicy policy,

        @Schema(types = {"string", "null"}) @Nullable OperatingPoint operatingPoint,

        @Schema(description = "In order of falling probability.")
        List<FindingBody> findings,

        @Schema(description = "By label that both models have.")
        List<AgreementBody> agreements,

        List<String> warnings) {

    /** Returns what stands of an answer beside another model's. */
    static OtherModel of(LocalizationAnswer answer, List<ModelAgreement> agreements) {
        return new OtherModel(
                answer.model(),
                answer.mapExtent(),
                answer.method(),
                answer.supervision(),
                answer.policy(),
                answer.operatingPoint(),
                answer.findings(),
                agreements.stream().map(AgreementBody::of).toList(),
                answer.warnings());
    }

    @Schema(name = "ModelAgreement", description = "How two models see one label.")
    record AgreementBody(
            String label,

            @Schema(description = "This model's probability less the answer's.", minimum = "-1", maximum = "1")
            double probabilityDifference,

            @Schema(
                    description = "Whether both call it positive, or both negative; null where one has no cut-off.",
                    types = {"boolean", "null"})
            @Nullable
            Boolean sameDecision,

            @Schema(
                    description =
                            "Intersection over union of the boxes with the highest scores; null where one has none.",
                    types = {"number", "null"},
                    minimum = "0",
                    maximum = "1")
            @Nullable
            Double iou) {

        static AgreementBody of(ModelAgreement agreement) {
            return new AgreementBody(
                    agreement.label(), agreement.probabilityDifference(), agreement.sameDecision(), agreement.iou());
        }
    }
}
