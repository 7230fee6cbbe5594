// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.cxrlocalizer.model.LabelOperatingPoints;
import org.cxrlocalizer.model.LabelOperatingPoints.CrossFittedFigures;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.OperatingPoints;
import org.cxrlocalizer.model.ProbabilityCalibration;
import org.jspecify.annotations.Nullable;

/** The figures that a package states of its decisions: means over its labels, on patients that no cut-off was chosen on. */
@Schema(
        name = "ModelFigures",
        description =
                "Figures that the package states, each the mean over labels, on images of validation patients that"
                        + " nothing was fitted on. Those of boxes are in the card.")
record ModelFigures(
        @Schema(description = "How many labels have operating points; the means of these are over them.", minimum = "0")
        int labels,

        @Schema(description = "Number of validation images, of the label that has most.", minimum = "0")
        int images,

        @Schema(
                description = "Mean sensitivity at the operating point 'balanced'; null without any.",
                types = {"number", "null"},
                minimum = "0",
                maximum = "1")
        @Nullable
        Double sensitivity,

        @Schema(
                description = "Mean specificity at the operating point 'balanced'; null without any.",
                types = {"number", "null"},
                minimum = "0",
                maximum = "1")
        @Nullable
        Double specificity,

        @Schema(
                description = "Expected calibration error of the calibrated probabilities; null without any.",
                types = {"number", "null"},
                minimum = "0",
                maximum = "1")
        @Nullable
        Double calibrationError) {

    static ModelFigures of(ModelManifest manifest) {
        OperatingPoints points = manifest.operatingPoints();
        Collection<LabelOperatingPoints> labels =
                points == null ? List.of() : points.labels().values();
        return new ModelFigures(
                labels.size(),
                labels.stream()
                        .mapToInt(label -> label.positives() + label.negatives())
                        .max()
                        .orElse(0),
                mean(labels, CrossFittedFigures::sensitivity),
                mean(labels, CrossFittedFigures::specificity),
                calibrationError(manifest.calibration()));
    }

    static @Nullable Double calibrationError(@Nullable ProbabilityCalibration calibration) {
        return calibration == null ? null : calibration.ece().after().value();
    }

    private static @Nullable Double mean(
            Collection<LabelOperatingPoints> labels, ToDoubleFunction<CrossFittedFigures> figure) {
        return labels.isEmpty()
                ? null
                : labels.stream()
                        .map(label -> Objects.requireNonNull(label.balanced().crossFitted()))
                        .mapToDouble(figure)
                        .average()
                        .orElseThrow();
    }
}
