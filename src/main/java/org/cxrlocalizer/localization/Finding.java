package org.cxrlocalizer.localization;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model says of one label on one image, and where.
 *
 * @param logit the network's output before the activation
 * @param probability after the activation, in [0, 1]
 * @param positive whether the probability reaches the label's cut-off, on an image that is not blank; null where the model has no
 *     cut-off
 * @param map the class activation map that the boxes were cut from
 * @param sumResidual {@code mean(map) + bias − logit}, near 0 where the map adds up to the logit; null where the method
 *     does not promise that
 * @param boxes in original pixels, highest score first
 * @param noBoxReason why there are no boxes; null exactly where there are some
 */
public record Finding(
        String label,
        double logit,
        double probability,
        @Nullable Boolean positive,
        ClassActivationMap map,
        @Nullable Double sumResidual,
        List<ScoredBox> boxes,
        @Nullable NoBoxReason noBoxReason) {

    /** On a blank image, no policy finds a box. */
    Finding withBoxes(MapBoxes other) {
        MapBoxes cut = noBoxReason == NoBoxReason.IMAGE_BLANK ? MapBoxes.none(NoBoxReason.IMAGE_BLANK) : other;
        return new Finding(label, logit, probability, positive, map, sumResidual, cut.boxes(), cut.noBoxReason());
    }
}
