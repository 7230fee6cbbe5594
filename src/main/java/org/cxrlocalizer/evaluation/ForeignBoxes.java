package org.cxrlocalizer.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.cxrlocalizer.dataset.PredictedBoxList.PredictedBox;
import org.cxrlocalizer.localization.ScoredBox;

/** Boxes that some other system found, as predictions. */
public final class ForeignBoxes {

    static final String SYSTEM = "predictions";

    private ForeignBoxes() {}

    /** One prediction for each image, without maps and probabilities; boxes of other images are left out. */
    public static List<ImagePrediction> of(List<PredictedBox> boxes, Set<String> images) {
        Map<String, Map<String, List<ScoredBox>>> byImage = new TreeMap<>();
        images.forEach(image -> byImage.put(image, new TreeMap<>()));
        for (PredictedBox box : boxes) {
            Map<String, List<ScoredBox>> ofImage = byImage.get(box.imageIndex());
            if (ofImage != null) {
                ofImage.computeIfAbsent(box.label(), label -> new ArrayList<>())
                        .add(new ScoredBox(box.box(), box.score()));
            }
        }
        byImage.values().forEach(labels -> labels.values()
                .forEach(list ->
                        list.sort(Comparator.comparingDouble(ScoredBox::score).reversed())));
        return byImage.entrySet().stream()
                .map(entry -> new ImagePrediction(
                        entry.getKey(),
                        null,
                        null,
                        null,
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(SYSTEM, entry.getValue())))
                .toList();
    }
}
