// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.Finding;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.ScoredBox;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of one image, a line of {@code predictions.jsonl}; everything that is scored comes from these lines. Numbers
 * are written in the shortest form that reads back as the same bits.
 *
 * @param image the image index, as {@code 00000032_037.png}
 * @param sha256 of the image file; null where it could not be read
 * @param failure why the image could not be used; null where it could, and then the others are not null
 * @param probabilities by label
 * @param positive by label, whether the probability reaches the cut-off; labels without a cut-off are absent
 * @param maps by method and label, of the labels that have a true box on the image
 * @param boxes by system and label
 */
public record ImagePrediction(
        String image,
        @Nullable String sha256,
        @Nullable String failure,
        @Nullable ImageFrame frame,
        Map<String, Double> probabilities,
        Map<String, Boolean> positive,
        Map<String, Map<String, ClassActivationMap>> maps,
        Map<String, Map<String, List<ScoredBox>>> boxes) {

    /** Returns whether all required parts are present. */
    public boolean hasAllParts() {
        Object[] parts = {image, probabilities, positive, maps, boxes};
        return Arrays.stream(parts).allMatch(Objects::nonNull)
                && (failure != null || (sha256 != null && frame != null));
    }

    /** Returns whether any system has a box. */
    boolean hasBoxes() {
        return boxes.values().stream()
                .flatMap(byLabel -> byLabel.values().stream())
                .anyMatch(found -> !found.isEmpty());
    }

    public static ImagePrediction failed(String image, @Nullable String sha256, String failure) {
        return new ImagePrediction(image, sha256, failure, null, Map.of(), Map.of(), Map.of(), Map.of());
    }

    public static ImagePrediction of(
            String image,
            String sha256,
            List<BoxSystem> systems,
            List<Localization> localizations,
            Predicate<String> isTrue) {
        Map<String, Double> probabilities = new TreeMap<>();
        Map<String, Boolean> positive = new TreeMap<>();
        Map<String, Map<String, ClassActivationMap>> maps = new TreeMap<>();
        Map<String, Map<String, List<ScoredBox>>> boxes = new TreeMap<>();
        for (int i = 0; i < systems.size(); i++) {
            Map<String, ClassActivationMap> mapsOfMethod =
                    maps.computeIfAbsent(systems.get(i).mapsOf(), method -> new TreeMap<>());
            Map<String, List<ScoredBox>> boxesOfSystem = new TreeMap<>();
            boxes.put(systems.get(i).name(), boxesOfSystem);
            for (Finding finding : localizations.get(i).findings()) {
                probabilities.put(finding.label(), finding.probability());
                if (finding.positive() != null) {
                    positive.put(finding.label(), finding.positive());
                }
                boxesOfSystem.put(finding.label(), finding.boxes());
                if (isTrue.test(finding.label())) {
                    mapsOfMethod.put(finding.label(), finding.map());
                }
            }
        }
        return new ImagePrediction(
                image, sha256, null, localizations.get(0).frame(), probabilities, positive, maps, boxes);
    }
}
