// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.dataset.ImageSize;
import org.cxrlocalizer.dataset.TruthBox;
import org.cxrlocalizer.evaluation.metrics.ClassMaps;
import org.cxrlocalizer.evaluation.metrics.Detections;
import org.cxrlocalizer.evaluation.metrics.Feature;
import org.cxrlocalizer.evaluation.metrics.TruthMasks;
import org.cxrlocalizer.evaluation.metrics.TruthSet;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.ScoredBox;
import org.jspecify.annotations.Nullable;

/** Predictions as the metrics take them. */
public final class PredictedBoxes {

    private final Map<String, ImagePrediction> byImage;

    public PredictedBoxes(List<ImagePrediction> predictions) {
        byImage = predictions.stream().collect(Collectors.toMap(ImagePrediction::image, Function.identity()));
    }

    /** The true boxes of the images of these predictions. */
    public static TruthSet truths(List<ImagePrediction> predictions, GroundTruth truth) {
        return new TruthSet(
                truth.labels(),
                predictions.stream()
                        .map(prediction -> new TruthSet.Image(
                                prediction.image(),
                                truth.patientOf(prediction.image()),
                                size(prediction, truth),
                                truth.of(prediction.image()).orElse(List.of()).stream()
                                        .collect(Collectors.groupingBy(
                                                TruthBox::label,
                                                Collectors.mapping(TruthBox::box, Collectors.toList())))))
                        .toList());
    }

    private static ImageSize size(ImagePrediction prediction, GroundTruth truth) {
        ImageFrame frame = prediction.frame();
        if (frame != null) {
            return new ImageSize(frame.imageWidth(), frame.imageHeight());
        }
        ImageSize listed = truth.size(prediction.image());
        return listed == null ? TruthSet.UNKNOWN : listed;
    }

    private ImagePrediction of(TruthSet set, int image) {
        ImagePrediction prediction = byImage.get(set.images().get(image).name());
        if (prediction == null) {
            throw new IllegalArgumentException(
                    "there is no prediction of " + set.images().get(image).name());
        }
        return prediction;
    }

    /** @param gated whether only boxes of labels that reach their cut-off count; a label without one always does */
    public Detections of(TruthSet set, String system, boolean gated) {
        return (image, label) -> {
            ImagePrediction prediction = of(set, image);
            String name = set.labels().get(label);
            return gated && Boolean.FALSE.equals(prediction.positive().get(name))
                    ? List.of()
                    : prediction.boxes().getOrDefault(system, Map.of()).getOrDefault(name, List.of());
        };
    }

    /** Returns the same, looked up once: figures read all boxes of all images again and again. */
    Detections listed(TruthSet set, String system, boolean gated) {
        Detections detections = of(set, system, gated);
        int labels = set.labels().size();
        List<List<ScoredBox>> found = new ArrayList<>(set.images().size() * labels);
        for (int image = 0; image < set.images().size(); image++) {
            for (int label = 0; label < labels; label++) {
                found.add(detections.of(image, label));
            }
        }
        return (image, label) -> found.get(image * labels + label);
    }

    /** The true masks of the images of a set. */
    static TruthMasks masks(TruthSet set, GroundTruth truth) {
        return (image, label) ->
                truth.mask(set.images().get(image).name(), set.labels().get(label));
    }

    /** The masks that the true boxes of a set were drawn around. */
    static Feature.Masks outlines(TruthSet set, GroundTruth truth) {
        return box -> truth.outline(
                set.images().get(box.image()).name(), new TruthBox(set.labels().get(box.label()), box.box()));
    }

    public ClassMaps maps(TruthSet set, String method) {
        return new ClassMaps() {
            @Override
            public @Nullable ClassActivationMap of(int image, int label) {
                return PredictedBoxes.this
                        .of(set, image)
                        .maps()
                        .getOrDefault(method, Map.of())
                        .get(set.labels().get(label));
            }

            @Override
            public ImageFrame frame(int image) {
                ImageFrame frame = PredictedBoxes.this.of(set, image).frame();
                ImageSize size = set.images().get(image).size();
                return frame == null ? ImageFrame.stretch(size.width(), size.height()) : frame;
            }
        };
    }

    /** The SHA-256 of the file that an image was scored from; null where there is none. */
    @Nullable
    public String sha256(String image) {
        ImagePrediction prediction = byImage.get(image);
        return prediction == null ? null : prediction.sha256();
    }

    /** The size of the grid of a method's maps; null where there is no map. */
    @Nullable
    ClassActivationMap anyMap(String method) {
        return byImage.values().stream()
                .flatMap(prediction -> prediction.maps().getOrDefault(method, Map.of()).values().stream())
                .findFirst()
                .orElse(null);
    }

    /** Returns the probability of a label on an image; NaN where its model does not have the label. */
    double probability(TruthSet set, TruthSet.Truth truth) {
        return of(set, truth.image()).probabilities().getOrDefault(set.labels().get(truth.label()), Double.NaN);
    }

    /** The images that pass a test, with the true boxes that pass another one. */
    static TruthSet part(TruthSet set, Predicate<TruthSet.Image> images, Predicate<TruthSet.Truth> wanted) {
        Map<Integer, Map<String, List<Box>>> boxes = set.truths().stream()
                .filter(wanted)
                .collect(Collectors.groupingBy(
                        TruthSet.Truth::image,
                        Collectors.groupingBy(
                                truth -> set.labels().get(truth.label()),
                                Collectors.mapping(TruthSet.Truth::box, Collectors.toList()))));
        List<TruthSet.Image> kept = new ArrayList<>();
        for (int i = 0; i < set.images().size(); i++) {
            TruthSet.Image image = set.images().get(i);
            if (images.test(image)) {
                kept.add(new TruthSet.Image(
                        image.name(), image.patient(), image.size(), boxes.getOrDefault(i, Map.of())));
            }
        }
        return new TruthSet(set.labels(), kept);
    }
}
