package org.cxrlocalizer.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.cxrlocalizer.dataset.PredictedBoxList.PredictedBox;
import org.cxrlocalizer.localization.ScoredBox;

/** Boxes that some other system found, as predictions. */
public final class ForeignBoxes {

    static final String SYSTEM = "predictions";

    private ForeignBoxes() {}

    /**
     * One prediction for each image, without maps and probabilities; boxes of other images are left out.
     *
     * @param systems the boxes of each system
     */
    static List<ImagePrediction> of(Map<String, List<PredictedBox>> systems, Set<String> images) {
        Map<String, Map<String, Map<String, List<ScoredBox>>>> byImage = new TreeMap<>();
        images.forEach(image -> {
            Map<String, Map<String, List<ScoredBox>>> bySystem = new TreeMap<>();
            systems.keySet().forEach(system -> bySystem.put(system, new TreeMap<>()));
            byImage.put(image, bySystem);
        });
        systems.forEach((system, boxes) -> boxes.stream()
                .filter(box -> images.contains(box.imageIndex()))
                .sorted(Comparator.comparingDouble(PredictedBox::score).reversed())
                .forEach(box -> Objects.requireNonNull(Objects.requireNonNull(byImage.get(box.imageIndex()))
                                .get(system))
                        .computeIfAbsent(box.label(), label -> new ArrayList<>())
                        .add(new ScoredBox(box.box(), box.score()))));
        return byImage.entrySet().stream()
                .map(entry -> new ImagePrediction(
                        entry.getKey(), null, null, null, Map.of(), Map.of(), Map.of(), entry.getValue()))
                .toList();
    }
}
