// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What makes calibrated probabilities of a model's own, as {@code models/tools/operating_points.py} writes it.
 *
 * @param fittedOn the images that it was fitted on
 * @param ece the expected calibration error before and after (Guo et al., ICML 2017), cross-fitted
 * @param logLoss the mean log loss before and after, cross-fitted
 * @param labels the map of each label; a label may have none
 */
public record ProbabilityCalibration(
        @NotBlank(message = Given.MESSAGE) String fittedOn,
        @Given Method method,
        @Given @Valid Errors ece,
        @Given @Valid LogLosses logLoss,

        @NotEmpty(message = "must not be empty") Map<String, @Valid LabelCalibration> labels) {

    /** Labels that are not given are empty. */
    public ProbabilityCalibration {
        labels = labels == null ? Map.of() : Map.copyOf(labels);
    }

    @AssertTrue(
            message = "'calibration.labels' must have slope and intercept for the method 'platt',"
                    + " and probabilities and calibrated for 'isotonic'")
    boolean isEachOfTheMethod() {
        return method == null || labels.values().stream().allMatch(label -> label.isOf(method));
    }

    /**
     * Returns the calibrated probability of a label; null where the label has no calibration.
     *
     * @param logit the network's output
     * @param probability after the activation, in [0, 1]
     */
    public @Nullable Double calibrated(String label, double logit, double probability) {
        LabelCalibration calibration = labels.get(label);
        return calibration == null ? null : calibration.of(logit, probability);
    }

    /** The form of the maps. */
    public enum Method {
        /** The sigmoid of slope × logit + intercept (Platt 1999). */
        @JsonProperty("platt")
        PLATT,
        /** A rising step function, with lines between its steps (Zadrozny and Elkan, KDD 2002). */
        @JsonProperty("isotonic")
        ISOTONIC
    }

    /** The expected calibration error before and after. */
    public record Errors(
            @Given @Valid CalibrationError before,
            @Given @Valid CalibrationError after) {}

    /**
     * An expected calibration error, the mean over the labels.
     *
     * @param byChance that of perfect probabilities on so many images
     * @param interval 95 %, from a bootstrap that draws patients
     */
    public record CalibrationError(
            @Given @Fraction Double value,

            @Given @Fraction Double byChance,

            @Size(min = 2, max = 2, message = INTERVAL) @Ascending(message = INTERVAL)
            List<@Fraction Double> interval) {

        private static final String INTERVAL = "must be an interval of two numbers, of which the second is not smaller";

        public CalibrationError {
            interval = interval == null ? List.of() : List.copyOf(interval);
        }
    }

    /** The mean log loss before and after. */
    public record LogLosses(
            @Given @DecimalMin(value = "0", message = "must not be negative") @Finite
            Double before,

            @Given @DecimalMin(value = "0", message = "must not be negative") @Finite
            Double after) {}
}
