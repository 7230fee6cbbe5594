// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.cxrlocalizer.api.web.ImageUpload;
import org.cxrlocalizer.api.web.ReportUpload;
import org.cxrlocalizer.api.web.UploadReader;
import org.cxrlocalizer.comparison.ComparedFinding;
import org.cxrlocalizer.drawing.ComparisonOutlines;
import org.cxrlocalizer.drawing.Overlay;
import org.cxrlocalizer.drawing.OverlayPng;
import org.cxrlocalizer.drawing.Rendering;
import org.cxrlocalizer.localization.Finding;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.ReadOptions;
import org.cxrlocalizer.reports.documents.ReadReport;
import org.cxrlocalizer.reports.documents.ReportReader;
import org.cxrlocalizer.serving.ServedModels;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

@ImageController
@Tag(name = "localization", description = "Where a model sees findings on a chest X-ray.")
class LocalizationController {

    private final UploadReader reader;
    private final ReportReader reports;
    private final DatasetComparison dataset;
    private final ServedModels models;
    private final ImageAnswers answers;

    LocalizationController(
            UploadReader reader,
            ReportReader reports,
            DatasetComparison dataset,
            ServedModels models,
            ImageAnswers answers) {
        this.reader = reader;
        this.reports = reports;
        this.dataset = dataset;
        this.models = models;
        this.answers = answers;
    }

    @PostMapping(path = "/v1/localizations", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "localize",
            summary = "Find and box findings on an image",
            description = "Answers with every finding of the model, its probability, its boxes and, for an image of the"
                    + " dataset, how they compare with the ground truth; with a report, how they compare with that.")
    @ApiResponse(responseCode = "200", description = "The findings.")
    @ReportedImageOperation
    LocalizationAnswer localize(
            @Parameter(hidden = true) ImageUpload upload,
            @Parameter(hidden = true) @Nullable ReportUpload report,
            @ParameterObject LocalizationParameters parameters,
            @ParameterObject ReadParameters read,
            @Parameter(description = "Whether the answer holds the grids of the class activation maps.")
                    @RequestParam(defaultValue = "false")
                    boolean includeMaps,
            @Parameter(description = "Whether only labels that the report states as present get boxes.")
                    @RequestParam(defaultValue = "false")
                    boolean onlyReported)
            throws IOException {
        String imageIndex = ImageIndex.of(parameters.imageIndex(), upload);
        LocalizationRequest request = parameters.toRequest();
        ReadOptions options = read.toOptions(upload);
        ReadReport written = report == null ? null : read(report);
        if (onlyReported && written == null) {
            throw new ProblemException(
                    ProblemType.INVALID_PARAMETER, "'onlyReported' needs a report, as the part 'report' of a form.");
        }
        List<String> names = parameters.models();
        ImageAnswers.Choices choices = new ImageAnswers.Choices(
                request,
                imageIndex,
                parameters.imageIndex() != null,
                names.stream().skip(1).toList(),
                written,
                onlyReported,
                includeMaps);
        return models.admit(
                names.isEmpty() ? null : names.get(0),
                model -> answers.answer(model, reader.read(upload, options, model.manifest()), choices));
    }

    private ReadReport read(ReportUpload report) throws IOException {
        ReportMediaType type = ReportMediaType.of(report.contentType());
        return reports.read(new ByteArrayInputStream(report.bytes()), type.form(), type.charset());
    }

    @PostMapping(path = "/v1/overlays", produces = MediaType.IMAGE_PNG_VALUE)
    @Operation(
            operationId = "drawOverlay",
            summary = "Draw the heat map and boxes of one label on an image",
            description = "Answers with a PNG of the original size: heat map with legend, ground truth blue, correct"
                    + " boxes green, false ones red, boxes without ground truth yellow.")
    @AnswerDocs.Picture
    @ImageOperation
    byte[] overlay(
            @Parameter(hidden = true) ImageUpload upload,
            @ParameterObject OverlayParameters parameters,
            @ParameterObject ReadParameters read) {
        String imageIndex = ImageIndex.of(parameters.imageIndex(), upload);
        LocalizationRequest request = parameters.toRequest();
        double threshold = parameters.threshold();
        ReadOptions options = read.toOptions(upload);
        return models.admit(parameters.model(), model -> {
            Radiograph radiograph = reader.read(upload, options, model.manifest());
            upload.takeForDrawing(radiograph);
            Localization localization = model.localizer().localize(radiograph, request);
            ComparedFinding shown = dataset.compare(model, localization, imageIndex, false)
                    .findings()
                    .get(0);
            return png(radiograph, localization, shown, threshold);
        });
    }

    @PostMapping(path = "/v1/renderings", produces = MediaType.IMAGE_PNG_VALUE)
    @Operation(
            operationId = "render",
            summary = "Show an image as it was read",
            description =
                    "Answers with an 8-bit grey PNG of the original size: DICOM's grey levels as the model saw them. No"
                            + " model runs.")
    @AnswerDocs.Picture
    @ImageOperation
    byte[] render(@Parameter(hidden = true) ImageUpload upload, @ParameterObject ReadParameters read) {
        ReadOptions options = read.toOptions(upload);
        return models.admit(null, model -> {
            Radiograph radiograph = reader.read(upload, options, model.manifest());
            upload.takeForDrawing(radiograph);
            return Rendering.png(radiograph);
        });
    }

    private static byte[] png(
            Radiograph radiograph, Localization localization, ComparedFinding shown, double threshold) {
        Finding finding = shown.finding();
        String title = String.format(
                Locale.ROOT, "%s %.3f, %s", finding.label(), finding.probability(), localization.method());
        BufferedImage picture = Overlay.draw(
                radiograph, finding.map(), localization.frame(), title, ComparisonOutlines.of(shown, threshold));
        return OverlayPng.encode(picture);
    }
}
