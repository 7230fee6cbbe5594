package org.cxrlocalizer.localization;

import java.util.ArrayList;
import java.util.Comparator;
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

    /** Cuts boxes; a map that is not finite, constant or nowhere positive gives none. */
    public static MapBoxes cut(
            ClassActivationMap map, ImageFrame frame, double probability, BoxPolicy.Threshold policy) {
        if (!map.isFinite()) {
            return none(NoBoxReason.MAP_NOT_FINITE);
        }
        float minimum = map.minimum();
        float maximum = map.maximum();
        if (minimum == maximum) {
            return none(NoBoxReason.MAP_CONSTANT);
        }
        if (maximum <= 0) {
            return none(NoBoxReason.MAP_NOT_POSITIVE);
        }
        double minimumArea = policy.selection().minimumArea() * frame.imageWidth() * frame.imageHeight();
        Surface surface = new Surface(map);
        NoBoxReason reason = NoBoxReason.REGIONS_TOO_SMALL;
        List<ScoredBox> found = new ArrayList<>();
        for (double level : policy.levels(map)) {
            if (level <= minimum) {
                reason = NoBoxReason.LEVEL_BELOW_MAP;
            } else if (level > maximum) {
                reason = NoBoxReason.LEVEL_ABOVE_MAP;
            } else {
                for (Region region : surface.regions(level)) {
                    region.toImage(map, frame)
                            .filter(box -> box.area() >= minimumArea)
                            .map(box -> new ScoredBox(box, score(region, maximum, probability)))
                            .ifPresent(found::add);
                }
            }
        }
        found.sort(Comparator.comparingDouble(ScoredBox::score).reversed());
        List<ScoredBox> merged = policy.selection().merge().apply(found);
        List<ScoredBox> kept = List.copyOf(
                merged.subList(0, Math.min(merged.size(), policy.selection().maximumBoxes())));
        return new MapBoxes(kept, kept.isEmpty() ? reason : null);
    }

    /** A region of a level at or below zero may have no positive peak; it scores 0. */
    private static double score(Region region, float maximum, double probability) {
        return probability * Math.max(0, region.peak()) / maximum;
    }
}
