// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.model.LabelOperatingPoints;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ProbabilityCalibration;
import org.cxrlocalizer.model.Supervision;
import org.cxrlocalizer.serving.ServedModel;
import org.cxrlocalizer.serving.ServedModels;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "models", description = "The models that this service runs.")
class ModelController {

    private final ServedModels models;

    ModelController(ServedModels models) {
        this.models = models;
    }

    @GetMapping(path = "/v1/models", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listModels",
            summary = "The models that are loaded",
            description = "The first one is the default; its name is needed for the other addresses.")
    @ApiResponse(responseCode = "200", description = "The models.")
    @Problems({})
    ModelList list() {
        return new ModelList(models.names().stream()
                .map(name -> models.use(name, ModelSummary::of))
                .toList());
    }

    @GetMapping(path = "/v1/models/{name}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "getModel",
            summary = "A model's methods, policies, cut-offs and card",
            description = "Everything in the manifest and the card of the model package.")
    @ApiResponse(responseCode = "200", description = "The model.")
    @Problems(ProblemType.UNKNOWN_MODEL)
    ModelAnswer get(@Parameter(schema = @Schema(pattern = "^" + ModelManifest.NAME + "$")) @PathVariable String name) {
        return models.use(name, ModelController::answer);
    }

    private static ModelAnswer answer(ServedModel model) {
        ModelManifest manifest = model.manifest();
        ProbabilityCalibration calibration = manifest.calibration();
        return new ModelAnswer(
                manifest.name(),
                manifest.version(),
                manifest.packageSha256(),
                manifest.licence(),
                manifest.source(),
                manifest.labels(),
                manifest.input().size(),
                manifest.methods().defaultName(),
                manifest.methods().available().stream()
                        .map(ModelManifest.Method::name)
                        .toList(),
                supervision(manifest),
                model.localizer().policies().defaultPolicy(),
                Collections.unmodifiableMap(model.localizer().policies().calibrated()),
                manifest.cutoffs() == null ? null : manifest.cutoffs().probabilities(),
                manifest.operatingPoints() == null
                        ? null
                        : manifest.operatingPoints().labels(),
                calibration == null ? null : calibration.method(),
                ModelFigures.calibrationError(calibration),
                ExecutionAnswer.of(model.classifier().execution()),
                model.classifier().card().markdown());
    }

    private static Map<String, Supervision> supervision(ModelManifest manifest) {
        Map<String, Supervision> byMethod = new LinkedHashMap<>();
        manifest.methods().available().forEach(method -> byMethod.put(method.name(), method.supervision()));
        return byMethod;
    }

    @GetMapping(path = "/v1/models/{name}/card", produces = MediaType.TEXT_HTML_VALUE)
    @Operation(
            operationId = "getModelCard",
            summary = "A model's card as HTML",
            description =
                    "The `card` of the model in HTML instead of Markdown: headings, paragraphs and tables, to be put into a"
                            + " page. It holds no script and no markup of the card's own.")
    @ApiResponse(
            responseCode = "200",
            description = "The card.",
            content = @Content(mediaType = MediaType.TEXT_HTML_VALUE, schema = @Schema(type = "string")))
    @Problems(ProblemType.UNKNOWN_MODEL)
    ResponseEntity<String> card(
            @Parameter(schema = @Schema(pattern = "^" + ModelManifest.NAME + "$")) @PathVariable String name) {
        String card = models.use(name, model -> model.classifier().card().html());
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("text/html;charset=UTF-8"))
                .header("Content-Security-Policy", "default-src 'none'")
                .header("X-Content-Type-Options", "nosniff")
                .body(card);
    }

    @Schema(name = "ModelList")
    record ModelList(List<ModelSummary> models) {}

    @Schema(name = "ModelSummary")
    record ModelSummary(
            String name,
            String version,
            String sha256,
            String licence,
            List<String> labels,

            @Schema(
                    description = "'ready'; or 'deviceLost' where no device of it answers any more.",
                    allowableValues = {"ready", "deviceLost"})
            String state,

            @Schema(description = "What it runs on, as 'cpu()' or 'gpu(0)'.")
            List<String> devices,

            ModelFigures figures) {

        static ModelSummary of(ServedModel model) {
            ModelManifest manifest = model.manifest();
            return new ModelSummary(
                    manifest.name(),
                    manifest.version(),
                    manifest.packageSha256(),
                    manifest.licence(),
                    manifest.labels(),
                    model.classifier().isUsable() ? "ready" : "deviceLost",
                    model.classifier().execution().devices(),
                    ModelFigures.of(manifest));
        }
    }

    @Schema(name = "Model")
    record ModelAnswer(
            String name,
            String version,

            @Schema(description = "SHA-256 of the package's manifest, which states those of its files.")
            String sha256,

            String licence,
            String source,

            @Schema(description = "In the order of the network's outputs.")
            List<String> labels,

            @Schema(description = "Side of the network's input in pixels.")
            int inputSize,

            String defaultMethod,
            List<String> methods,

            @Schema(
                    description =
                            "By method, what it learnt places from: 'imageLabels', the labels of whole images only;"
                                    + " 'boxes', boxes of a calibration set as well. Its maps are in the unit 'probability' then.")
            Map<String, Supervision> supervision,

            BoxPolicy defaultPolicy,

            @Schema(description = "By label, used by the policy 'calibrated'.")
            Map<String, BoxPolicy> calibratedPolicies,

            @Schema(
                    description = "Probabilities from which a label is positive; null without any.",
                    types = {"object", "null"})
            @Nullable
            Map<String, Double> cutoffs,

            @Schema(
                    description =
                            "By label, the cut-offs of each operating point with the sensitivity and specificity that they"
                                    + " had on validation images, and how many of these had the label; null without any.",
                    types = {"object", "null"})
            @Nullable
            Map<String, LabelOperatingPoints> operatingPoints,

            @Schema(
                    description = "What makes calibrated probabilities; null without any.",
                    types = {"string", "null"})
            ProbabilityCalibration.@Nullable Method calibrationMethod,

            @Schema(
                    description =
                            "Expected calibration error of the calibrated probabilities, the mean over the labels, on"
                                    + " validation patients that they were not fitted on; null without any.",
                    types = {"number", "null"},
                    minimum = "0",
                    maximum = "1")
            @Nullable
            Double calibrationError,

            ExecutionAnswer execution,

            @Schema(description = "The model card, Markdown.")
            String card) {}
}
