// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cxrlocalizer.comparison.ComparedFinding;
import org.cxrlocalizer.comparison.ComparedLocalization;
import org.cxrlocalizer.comparison.Comparison;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.Finding;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.MapUnit;
import org.cxrlocalizer.localization.ModelAgreement;
import org.cxrlocalizer.localization.NoBoxReason;
import org.cxrlocalizer.localization.ScoredBox;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.OperatingPoint;
import org.cxrlocalizer.model.Supervision;
import org.cxrlocalizer.radiograph.PixelSpacing;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.reports.LabelPolicy;
import org.cxrlocalizer.reports.comparison.BoxAgreement;
import org.cxrlocalizer.reports.comparison.ReportComparison;
import org.cxrlocalizer.reports.comparison.ReportedLabel;
import org.cxrlocalizer.reports.documents.ReadReport;
import org.jspecify.annotations.Nullable;

@Schema(name = "Localization", description = "What a model found on one image, and where.")
public record LocalizationAnswer(
        Image image,
        Geometry geometry,
        MapExtent mapExtent,
        Model model,

        @Schema(description = "The class activation method used.")
        String method,

        @Schema(
                description = "What the method learnt places from: 'imageLabels', the labels of whole images only;"
                        + " 'boxes', boxes of a calibration set as well.")
        Supervision supervision,

        @Schema(description = "The box policy used.") BoxPolicy policy,

        @Schema(
                description =
                        "The operating point whose cut-offs decided which findings are positive; null where the model's"
                                + " plain cut-offs did.",
                types = {"string", "null"})
        @Nullable
        OperatingPoint operatingPoint,

        @Schema(description = "In order of falling probability.")
        List<FindingBody> findings,

        @Schema(description = "At most one; none without a report.")
        List<ReportComparisonBody> reports,

        @Schema(
                description =
                        "What the other models of the parameter 'model' found, in its order; none without further ones.")
        List<OtherModel> otherModels,

        List<String> warnings) {

    /** @param includeMaps whether it holds the grids of the class activation maps */
    public static LocalizationAnswer of(
            Radiograph radiograph,
            ModelManifest model,
            Localization localization,
            ComparedLocalization compared,
            @Nullable ReadReport report,
            boolean includeMaps) {
        ReportComparison reported = report == null ? null : ReportComparison.of(localization, report.labels());
        return new LocalizationAnswer(
                new Image(radiograph.width(), radiograph.height(), radiograph.mediaType(), radiograph.sha256()),
                Geometry.of(radiograph.spacing()),
                MapExtent.of(localization.frame()),
                new Model(model.name(), model.version(), model.packageSha256()),
                localization.method(),
                model.method(localization.method()).supervision(),
                localization.policy(),
                localization.operatingPoint() == null ? null : OperatingPoint.of(localization.operatingPoint()),
                compared.findings().stream()
                        .map(finding -> FindingBody.of(
                                finding,
                                reported == null
                                        ? null
                                        : reported.labels()
                                                .get(finding.finding().label()),
                                includeMaps))
                        .toList(),
                report == null || reported == null ? List.of() : List.of(ReportComparisonBody.of(report, reported)),
                List.of(),
                Stream.concat(radiograph.warnings().stream(), compared.warnings().stream())
                        .toList());
    }

    /** Returns the same with what other models found. */
    LocalizationAnswer withOthers(List<OtherModel> others) {
        return new LocalizationAnswer(
                image,
                geometry,
                mapExtent,
                model,
                method,
                supervision,
                policy,
                operatingPoint,
                findings,
                reports,
                others,
                warnings);
    }

    /** Returns what stands of it beside the answer of another model. */
    OtherModel beside(List<ModelAgreement> agreements) {
        return new OtherModel(
                model,
                mapExtent,
                method,
                supervision,
                policy,
                operatingPoint,
                findings,
                agreements.stream().map(AgreementBody::of).toList(),
                warnings);
    }

    @Schema(
            name = "OtherModel",
            description = "What a further model found on the image, and how that lies to the answer.")
    record OtherModel(
            Model model,
            MapExtent mapExtent,
            String method,
            Supervision supervision,
            BoxPolicy policy,

            @Schema(types = {"string", "null"}) @Nullable OperatingPoint operatingPoint,

            @Schema(description = "In order of falling probability.")
            List<FindingBody> findings,

            @Schema(description = "By label that both models have.")
            List<AgreementBody> agreements,

            List<String> warnings) {}

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

    @Schema(name = "Image", description = "The image as it was read, upright.")
    record Image(
            int width,
            int height,
            String mediaType,

            @Schema(description = "SHA-256 of the bytes received.")
            String sha256) {}

    @Schema(
            name = "Geometry",
            description =
                    "How large a pixel is, so that boxes can be given in millimetres; null where it is not known.")
    record Geometry(
            @Schema(
                    description = "Millimetres from column to column.",
                    types = {"number", "null"})
            @Nullable
            Double pixelWidth,

            @Schema(
                    description = "Millimetres from row to row.",
                    types = {"number", "null"})
            @Nullable
            Double pixelHeight,

            @Schema(
                    description = "Where the millimetres hold. 'detector': at the detector (Imager Pixel Spacing); a"
                            + " radiograph is a shadow, so that things in the patient are smaller, by a magnification that"
                            + " is not known. 'calibrated': in the patient, as far as the file's calibration is right."
                            + " 'unstated': the file does not state which.",
                    types = {"string", "null"})
            PixelSpacing.@Nullable Plane plane) {

        static Geometry of(@Nullable PixelSpacing spacing) {
            return spacing == null
                    ? new Geometry(null, null, null)
                    : new Geometry(spacing.x(), spacing.y(), spacing.plane());
        }
    }

    @Schema(
            name = "MapExtent",
            description =
                    "Where the grids of the class activation maps lie: each covers this rectangle, in pixels of the"
                            + " image. It reaches beyond the image where the model saw padding.")
    record MapExtent(double x, double y, double width, double height) {

        static MapExtent of(ImageFrame frame) {
            return new MapExtent(frame.offsetX(), frame.offsetY(), frame.scaleX(), frame.scaleY());
        }
    }

    @Schema(name = "ModelReference", description = "The model that answered.")
    record Model(
            String name,
            String version,

            @Schema(description = "SHA-256 of its TorchScript file.")
            String sha256) {}

    @Schema(name = "Finding", description = "The finding of one label.")
    record FindingBody(
            String label,
            @Schema(minimum = "0", maximum = "1") double probability,
            double logit,

            @Schema(
                    description =
                            "How often validation images of such an output had the label; null where the model has no"
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

    @Schema(
            name = "ReportComparison",
            description = "A report, and the labels of the findings by whether it agrees with the model.")
    record ReportComparisonBody(
            ReportAnswer report,

            @Schema(description = "Positive and stated as present, or negative and not stated.")
            List<String> agreements,

            @Schema(description = "Positive and not stated, or negative and stated as present.")
            List<String> disagreements,

            @Schema(
                    description =
                            "Stated as uncertain, without a cut-off, or none of the labels that reports are read for.")
            List<String> undecided) {

        static ReportComparisonBody of(ReadReport report, ReportComparison comparison) {
            return new ReportComparisonBody(
                    ReportAnswer.of(report, LabelPolicy.CERTAIN),
                    comparison.agreements(),
                    comparison.disagreements(),
                    comparison.undecided());
        }
    }

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
}
