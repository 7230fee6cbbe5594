// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The finding of one label on one image: probability, map and boxes.
 *
 * @param logit the network's output before the activation
 * @param probability after the activation, in [0, 1]
 * @param calibratedProbability from validation patients, in [0, 1]; null where the model has no calibration of the label
 * @param cutoff the probability from which the label is positive; null where the model has none
 * @param positive whether the probability reaches the label's cut-off, on an image that is not blank; null where the model has no
 *     cut-off
 * @param map the class activation map that the boxes were cut from; zeros on a blank image
 * @param sumResidual {@code mean(map) + bias − logit}, near 0 where the map adds up to the logit; null where the method
 *     does not promise that, and on a blank image
 * @param boxes in original pixels, highest score first
 * @param noBoxReason why there are no boxes; null exactly where there are some
 */
public record Finding(
        String label,
        double logit,
        double probability,
        @Nullable Double calibratedProbability,
        @Nullable Double cutoff,
        @Nullable Boolean positive,
        ClassActivationMap map,
        @Nullable Double sumResidual,
        List<ScoredBox> boxes,
        @Nullable NoBoxReason noBoxReason) {

    Finding withBoxes(MapBoxes cut) {
        return new Finding(
                label,
                logit,
                probability,
                calibratedProbability,
                cutoff,
                positive,
                map,
                sumResidual,
                cut.boxes(),
                cut.noBoxReason());
    }

    /** Returns how many times the cut-off the probability is; null where there is no cut-off, or it is 0. */
    public @Nullable Double cutoffRatio() {
        return cutoff == null || cutoff == 0 ? null : (Double) (probability / cutoff);
    }
}
