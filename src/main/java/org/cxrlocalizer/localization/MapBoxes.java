// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.List;
import org.cxrlocalizer.geometry.ImageFrame;
import org.jspecify.annotations.Nullable;

/**
 * The boxes that a policy cuts from one class activation map.
 *
 * @param boxes in original pixels, highest score first
 * @param noBoxReason why there are none; null exactly where there are boxes
 */
public record MapBoxes(List<ScoredBox> boxes, @Nullable NoBoxReason noBoxReason) {

    public static MapBoxes none(NoBoxReason reason) {
        return new MapBoxes(List.of(), reason);
    }

    /**
     * Cuts boxes; a map that is not finite, constant or without a positive value gives none.
     *
     * @throws UnfitPolicyException if the policy cannot cut maps of this unit
     */
    public static MapBoxes cut(
            ClassActivationMap map, ImageFrame frame, double probability, BoxPolicy.MapPolicy policy) {
        policy.requireFit(map.unit());
        if (!map.isFinite()) {
            return none(NoBoxReason.MAP_NOT_FINITE);
        }
        if (map.minimum() == map.maximum()) {
            return none(NoBoxReason.MAP_CONSTANT);
        }
        if (map.maximum() <= 0) {
            return none(NoBoxReason.MAP_NOT_POSITIVE);
        }
        Candidates candidates = policy.candidates(map, frame);
        double imageArea = (double) frame.imageWidth() * frame.imageHeight();
        List<ScoredBox> kept = policy.selection().apply(candidates.boxes(), imageArea);
        return kept.isEmpty()
                ? none(reasonForNone(candidates, policy.selection(), imageArea))
                : new MapBoxes(
                        kept.stream()
                                .map(box -> new ScoredBox(box.box(), policy.score(box.score(), probability)))
                                .toList(),
                        null);
    }

    private static NoBoxReason reasonForNone(Candidates candidates, BoxPolicy.Selection selection, double imageArea) {
        return candidates.boxes().stream().anyMatch(box -> selection.isTooLarge(box.box(), imageArea))
                ? NoBoxReason.LEVEL_BELOW_MAP
                : candidates.reasonForNone();
    }
}
