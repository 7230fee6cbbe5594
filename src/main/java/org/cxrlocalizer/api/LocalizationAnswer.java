package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
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
import org.cxrlocalizer.localization.NoBoxReason;
import org.cxrlocalizer.localization.ScoredBox;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.radiograph.PixelSpacing;
import org.cxrlocalizer.radiograph.Radiograph;
import org.jspecify.annotations.Nullable;

@Schema(name = "Localization", description = "What a model found on one image, and where.")
record LocalizationAnswer(
        Image image,
        Geometry geometry,
        MapExtent mapExtent,
        Model model,

        @Schema(description = "The class activation method used.")
        String method,

        @Schema(description = "The box policy used.") BoxPolicy policy,

        @Schema(description = "In order of falling probability.")
        List<FindingBody> findings,

        List<String> warnings) {

    static LocalizationAnswer of(
            Radiograph radiograph,
            ModelManifest model,
            Localization localization,
            ComparedLocalization compared,
            boolean includeMaps) {
        return new LocalizationAnswer(
                new Image(radiograph.width(), radiograph.height(), radiograph.mediaType(), radiograph.sha256()),
                Geometry.of(radiograph.spacing()),
                MapExtent.of(localization.frame()),
                new Model(model.name(), model.version(), model.sha256()),
                localization.method(),
                localization.policy(),
                compared.findings().stream()
                        .map(finding -> FindingBody.of(finding, includeMaps))
                        .toList(),
                Stream.concat(radiograph.warnings().stream(), compared.warnings().stream())
                        .toList());
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
                            + " 'unstated': the file does not say which.",
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

    @Schema(name = "Finding", description = "What the model says of one label.")
    record FindingBody(
            String label,
            @Schema(minimum = "0", maximum = "1") double probability,
            double logit,

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
            List<ComparisonBody> comparisons) {

        static FindingBody of(ComparedFinding compared, boolean includeMaps) {
            Finding finding = compared.finding();
            return new FindingBody(
                    finding.label(),
                    finding.probability(),
                    finding.logit(),
                    finding.positive(),
                    MapBody.of(finding.map(), finding.sumResidual(), includeMaps),
                    finding.boxes().stream().map(ScoredBoxBody::of).toList(),
                    finding.noBoxReason(),
                    compared.comparisons().stream().map(ComparisonBody::of).toList());
        }
    }

    @Schema(name = "ClassActivationMap", description = "The grid that the boxes were cut from, in logit units.")
    record MapBody(
            int width,
            int height,
            float minimum,
            float maximum,

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
                    description = "Probability times the region's peak over the map's maximum.",
                    minimum = "0",
                    maximum = "1")
            double score) {

        static ScoredBoxBody of(ScoredBox scored) {
            Box box = scored.box();
            return new ScoredBoxBody(box.x(), box.y(), box.width(), box.height(), scored.score());
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
