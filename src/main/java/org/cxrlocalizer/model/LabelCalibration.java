// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Positive;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What makes the calibrated probability of one label: a line of the logit, or a table.
 *
 * @param slope of the line; positive, because a calibrated probability rises with the model's own
 * @param intercept of the line, in logit units
 * @param probabilities the knots of the table, ascending; two of one probability are a step
 * @param calibrated the calibrated probability at each knot, ascending
 */
public record LabelCalibration(
        @Nullable @Finite @Positive(message = "must be positive")
        Double slope,

        @Nullable @Finite Double intercept,

        @Nullable @Ascending List<@Fraction Double> probabilities,

        @Nullable @Ascending List<@Fraction Double> calibrated) {

    public LabelCalibration {
        probabilities = probabilities == null ? null : List.copyOf(probabilities);
        calibrated = calibrated == null ? null : List.copyOf(calibrated);
    }

    @AssertTrue(message = "'calibration.labels.calibrated' must have one number for each of 'probabilities'")
    boolean isTableComplete() {
        return probabilities == null
                || calibrated == null
                || (!probabilities.isEmpty() && probabilities.size() == calibrated.size());
    }

    boolean isOf(ProbabilityCalibration.Method method) {
        boolean ofLine = slope != null && intercept != null;
        boolean ofTable = probabilities != null && calibrated != null;
        return switch (method) {
            case PLATT -> ofLine && probabilities == null && calibrated == null;
            case ISOTONIC -> ofTable && slope == null && intercept == null;
        };
    }

    /** Returns the calibrated probability of a logit and its probability. */
    double of(double logit, double probability) {
        return slope == null
                ? interpolated(Objects.requireNonNull(probabilities), Objects.requireNonNull(calibrated), probability)
                : 1 / (1 + Math.exp(-(slope * logit + Objects.requireNonNull(intercept))));
    }

    /** Returns the value on the line between two knots, and beyond the ends the end's; at a step the upper one. */
    private static double interpolated(List<Double> knots, List<Double> values, double at) {
        int upper = 0; // the first knot beyond
        while (upper < knots.size() && knots.get(upper) <= at) {
            upper++;
        }
        if (upper == 0 || upper == knots.size()) {
            return values.get(upper == 0 ? 0 : upper - 1);
        }
        double left = knots.get(upper - 1);
        double part = (at - left) / (knots.get(upper) - left);
        return values.get(upper - 1) + part * (values.get(upper) - values.get(upper - 1));
    }
}
