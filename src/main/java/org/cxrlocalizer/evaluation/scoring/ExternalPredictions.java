// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.cxrlocalizer.dataset.ListedBox;
import org.cxrlocalizer.localization.ScoredBox;

/** Boxes that other systems found, as predictions without maps and probabilities. Boxes of other images are left out. */
public final class ExternalPredictions {

    public static final String SYSTEM = "predictions";

    private static final Comparator<ScoredBox> HIGHEST_FIRST =
            Comparator.comparingDouble(ScoredBox::score).reversed();

    private final Map<String, Map<String, Map<String, List<ScoredBox>>>> byImage = new TreeMap<>();

    public ExternalPredictions(Collection<String> systems, Set<String> images) {
        images.forEach(image -> {
            Map<String, Map<String, List<ScoredBox>>> bySystem = new TreeMap<>();
            systems.forEach(system -> bySystem.put(system, new TreeMap<>()));
            byImage.put(image, bySystem);
        });
    }

    /** @return false if its image is not scored */
    public boolean add(String system, ListedBox box) {
        Map<String, Map<String, List<ScoredBox>>> bySystem = byImage.get(box.imageIndex());
        if (bySystem == null) {
            return false;
        }
        Objects.requireNonNull(bySystem.get(system))
                .computeIfAbsent(box.label(), label -> new ArrayList<>())
                .add(new ScoredBox(box.box(), box.score()));
        return true;
    }

    /** Returns one prediction for each image. */
    public List<ImagePrediction> predictions() {
        byImage.values().forEach(bySystem -> bySystem.values()
                .forEach(byLabel -> byLabel.values().forEach(boxes -> boxes.sort(HIGHEST_FIRST))));
        return byImage.entrySet().stream()
                .map(entry -> new ImagePrediction(
                        entry.getKey(), null, null, null, Map.of(), Map.of(), Map.of(), entry.getValue()))
                .toList();
    }
}
