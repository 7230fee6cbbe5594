// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.geometry.ImageFrame;

/**
 * The boxes that a policy finds in a map, before any selection.
 *
 * @param boxes in original pixels, each with its score among them
 * @param reasonForNone why there is no box, if there is none or the selection keeps none
 */
record Candidates(List<ScoredBox> boxes, NoBoxReason reasonForNone) {

    /**
     * Finds the regions of the map's surface at or above each level, exactly.
     *
     * @param map finite, and not constant
     */
    static Candidates above(double[] levels, ClassActivationMap map, ImageFrame frame) {
        float minimum = map.minimum();
        float maximum = map.maximum();
        Surface surface = new Surface(map);
        NoBoxReason reason = NoBoxReason.REGIONS_TOO_SMALL;
        List<ScoredBox> found = new ArrayList<>();
        for (double level : levels) {
            if (level <= minimum) {
                reason = NoBoxReason.LEVEL_BELOW_MAP;
            } else if (level > maximum) {
                reason = NoBoxReason.LEVEL_ABOVE_MAP;
            } else {
                for (Region region : surface.regions(level)) {
                    region.toImage(map, frame)
                            .map(box -> new ScoredBox(box, score(region, maximum)))
                            .ifPresent(found::add);
                }
            }
        }
        return new Candidates(found, reason);
    }

    /** A region of a level at or below zero may have no positive peak; it scores 0. */
    private static double score(Region region, float maximum) {
        return (double) Math.max(0, region.peak()) / maximum;
    }

    /**
     * Finds the rectangles of the greatest expected IoU. A map whose best one is the whole grid marks no place, and gives none.
     *
     * @param map of probabilities
     * @param most how many at the most
     */
    static Candidates ofProbabilities(ClassActivationMap map, ImageFrame frame, int most) {
        List<CellRectangle> rectangles = CellProbabilities.of(map).rectangles(most);
        if (rectangles.get(0).isWhole(map)) {
            return new Candidates(List.of(), NoBoxReason.LEVEL_BELOW_MAP);
        }
        return new Candidates(
                rectangles.stream()
                        .flatMap(rectangle ->
                                rectangle
                                        .toImage(map, frame)
                                        .map(box -> new ScoredBox(box, rectangle.expectedIou()))
                                        .stream())
                        .toList(),
                NoBoxReason.REGIONS_TOO_SMALL);
    }
}
