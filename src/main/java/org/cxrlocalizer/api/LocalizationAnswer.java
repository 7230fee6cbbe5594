// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.stream.Stream;
import org.cxrlocalizer.comparison.ComparedLocalization;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.OperatingPoint;
import org.cxrlocalizer.model.Supervision;
import org.cxrlocalizer.radiograph.PixelSpacing;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.reports.comparison.ReportComparison;
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
}
