// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.stream.IntStream;
import org.cxrlocalizer.comparison.ComparedFinding;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.Finding;
import org.cxrlocalizer.localization.MapUnit;
import org.cxrlocalizer.localization.NoBoxReason;
import org.cxrlocalizer.localization.ScoredBox;
import org.cxrlocalizer.reports.comparison.BoxAgreement;
import org.cxrlocalizer.reports.comparison.ReportedLabel;
import org.jspecify.annotations.Nullable;

@Schema(name = "Finding", description = "The finding of one label.")
record FindingBody(
        String label,
        @Schema(minimum = "0", maximum = "1") double probability,
        double logit,

        @Schema(
                description = "How often validation images of such an output had the label; null where the model has no"
                        + " calibration of it.",
                types = {"number", "null"},
                minimum = "0",
                maximum = "1")
        @Nullable
        Double calibratedProbability,

        @Schema(
                description = "The probability from which the label is positive; null without one.",
                types = {"number", "null"},
                minimum = "0",
                maximum = "1")
        @Nullable
        Double cutoff,

        @Schema(
                description = "How many times the cut-off the probability is; null without one, or where it is 0.",
                types = {"number", "null"},
                minimum = "0")
        @Nullable
        Double cutoffRatio,

        @Schema(
                description =
                        "Whether the probability reaches the label's cut-off; null without one, false on a blank image.",
                types = {"boolean", "null"})
        @Nullable
        Boolean positive,

        MapBody map,
        @Schema(description = "Highest score first.") List<ScoredBoxBody> boxes,

        @Schema(
                description = "Why there are no boxes; null where there are some.",
                types = {"string", "null"})
        @Nullable
        NoBoxReason noBoxReason,

        @Schema(description = "Every box against every ground-truth box of the label; empty without ground truth.")
        List<ComparisonBody> comparisons,

        @Schema(
                description = "What the report states of the label; 'unread' without a report, or where the label"
                        + " is none that reports are read for.",
                allowableValues = {"present", "uncertain", "absent", "not-mentioned", "unread"})
        String reported,

        @Schema(description = "Where the report names the label; empty without a report.")
        List<ReportAnswer.MentionBody> mentions) {

    static FindingBody of(ComparedFinding compared, @Nullable ReportedLabel reported, boolean includeMaps) {
        Finding finding = compared.finding();
        return new FindingBody(
                finding.label(),
                finding.probability(),
                finding.logit(),
                finding.calibratedProbability(),
                finding.cutoff(),
                finding.cutoffRatio(),
                finding.positive(),
                MapBody.of(finding.map(), finding.sumResidual(), includeMaps),
                IntStream.range(0, finding.boxes().size())
                        .mapToObj(i -> ScoredBoxBody.of(
                                finding.boxes().get(i),
                                reported == null
                                        ? BoxAgreement.UNSTATED
                                        : reported.boxes().get(i)))
                        .toList(),
                finding.noBoxReason(),
                compared.comparisons().stream().map(ComparisonBody::of).toList(),
                reported == null || reported.state() == null ? "unread" : ReportAnswer.word(reported.state()),
                reported == null
                        ? List.of()
                        : reported.mentions().stream()
                                .map(ReportAnswer.MentionBody::of)
                                .toList());
    }

    @Schema(name = "ClassActivationMap", description = "The grid that the boxes were cut from.")
    record MapBody(
            int width,
            int height,
            float minimum,
            float maximum,

            @Schema(
                    description = "What the values are: 'logit', parts of the logit; 'probability', of each cell the"
                            + " probability that it lies in the label's box.")
            MapUnit unit,

            @Schema(
                    description = "mean(map) + bias − logit, near 0 where the map adds up to the logit; null for"
                            + " methods that do not promise that.",
                    types = {"number", "null"})
            @Nullable
            Double sumResidual,

            @Schema(
                    description = "The grid row by row from the top left; null unless includeMaps is true.",
                    types = {"array", "null"})
            float @Nullable [] values) {

        static MapBody of(ClassActivationMap map, @Nullable Double sumResidual, boolean includeValues) {
            return new MapBody(
                    map.width(),
                    map.height(),
                    map.minimum(),
                    map.maximum(),
                    map.unit(),
                    sumResidual,
                    includeValues ? map.values() : null);
        }
    }

    @Schema(name = "ScoredBox", description = "A detected box in pixels of the original image.")
    record ScoredBoxBody(
            double x,
            double y,
            double width,
            double height,

            @Schema(
                    description = "Probability times the region's peak over the map's maximum; under the policy"
                            + " 'expected-iou' the expected IoU of the box.",
                    minimum = "0",
                    maximum = "1")
            double score,

            @Schema(
                    description = "Whether the box lies on the side and in the third of the lungs where the report"
                            + " names the finding. The image's left half is the patient's right side; the lungs take"
                            + " the rows from 0.1 to 0.8 of the height. 'unstated' where the report names no place.",
                    allowableValues = {"yes", "no", "unstated"})
            String agreesWithReport) {

        static ScoredBoxBody of(ScoredBox scored, BoxAgreement agreement) {
            Box box = scored.box();
            return new ScoredBoxBody(
                    box.x(), box.y(), box.width(), box.height(), scored.score(), ReportAnswer.word(agreement));
        }
    }
}
