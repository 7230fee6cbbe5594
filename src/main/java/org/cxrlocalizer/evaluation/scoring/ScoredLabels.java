// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.ScoredBox;

/**
 * Predictions under the labels that they are scored as. Where several labels of a model are scored as one, the highest probability
 * counts, and the label is positive if any is. Its boxes are those of all, and its map is the maximum of theirs at each cell.
 */
public final class ScoredLabels {

    private static final Comparator<ScoredBox> HIGHEST_FIRST =
            Comparator.comparingDouble(ScoredBox::score).reversed();

    private final GroundTruth truth;

    public ScoredLabels(GroundTruth truth) {
        this.truth = truth;
    }

    /** Returns the labels of a model by the label that they are scored as. */
    public Map<String, List<String>> of(List<String> modelLabels) {
        Map<String, List<String>> byScored = new LinkedHashMap<>();
        modelLabels.forEach(label -> byScored.computeIfAbsent(truth.scored(label), key -> new ArrayList<>())
                .add(label));
        return byScored;
    }

    /** Returns predictions under the labels that they are scored as. */
    public List<ImagePrediction> of(List<ImagePrediction> predictions, List<String> modelLabels) {
        return modelLabels.stream().allMatch(label -> truth.scored(label).equals(label))
                ? predictions
                : predictions.stream().map(this::renamed).toList();
    }

    private ImagePrediction renamed(ImagePrediction prediction) {
        Map<String, Map<String, ClassActivationMap>> maps = new TreeMap<>();
        prediction.maps().forEach((method, byLabel) -> maps.put(method, merged(byLabel, ScoredLabels::maximum)));
        Map<String, Map<String, List<ScoredBox>>> boxes = new TreeMap<>();
        prediction.boxes().forEach((system, byLabel) -> boxes.put(system, merged(byLabel, ScoredLabels::together)));
        return new ImagePrediction(
                prediction.image(),
                prediction.sha256(),
                prediction.failure(),
                prediction.frame(),
                merged(prediction.probabilities(), Math::max),
                merged(prediction.positive(), Boolean::logicalOr),
                maps,
                boxes);
    }

    private <T> Map<String, T> merged(Map<String, T> byLabel, BinaryOperator<T> merge) {
        Map<String, T> merged = new TreeMap<>();
        byLabel.forEach((label, value) -> merged.merge(truth.scored(label), value, merge));
        return merged;
    }

    private static List<ScoredBox> together(List<ScoredBox> some, List<ScoredBox> others) {
        List<ScoredBox> all = new ArrayList<>(some);
        all.addAll(others);
        all.sort(HIGHEST_FIRST);
        return all;
    }

    private static ClassActivationMap maximum(ClassActivationMap one, ClassActivationMap other) {
        float[] values = one.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(values[i], other.values()[i]);
        }
        return new ClassActivationMap(one.width(), one.height(), values, one.unit());
    }
}
