// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cxrlocalizer.comparison.Comparison;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.drawing.ComparisonOutlines;
import org.cxrlocalizer.evaluation.metrics.ClassMaps;
import org.cxrlocalizer.evaluation.metrics.TruthSet;
import org.cxrlocalizer.evaluation.scoring.BoxSystem;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.cxrlocalizer.evaluation.scoring.PredictedBoxes;
import org.cxrlocalizer.localization.ScoredBox;

/** The best, the median and the worst case of each label. */
public final class Gallery {

    /** The IoU from which on a box is drawn as correct. */
    static final double CORRECT = 0.3;

    private record Case(TruthSet.Truth truth, double iou) {}

    private final TruthSet set;
    private final PredictedBoxes boxes;
    private final BoxSystem system;

    private Gallery(TruthSet set, PredictedBoxes boxes, BoxSystem system) {
        this.set = set;
        this.boxes = boxes;
        this.system = system;
    }

    /**
     * Returns the gallery of a system.
     *
     * @param predictions of all images, failed ones included
     */
    public static Gallery choose(List<ImagePrediction> predictions, GroundTruth truth, BoxSystem system) {
        List<ImagePrediction> used = predictions.stream()
                .filter(prediction -> prediction.failure() == null)
                .toList();
        return new Gallery(PredictedBoxes.truths(used, truth), new PredictedBoxes(used), system);
    }

    /** The IoU of the best box with each true box, by label. */
    Map<String, double[]> overlaps() {
        Map<String, double[]> overlaps = new LinkedHashMap<>();
        for (int k = 0; k < set.labels().size(); k++) {
            overlaps.put(
                    set.labels().get(k),
                    cases(k).stream().mapToDouble(Case::iou).toArray());
        }
        return overlaps;
    }

    /** Returns the best, the median and the worst case of each label. */
    public Map<String, List<GalleryCase>> cases() {
        Map<String, List<GalleryCase>> gallery = new LinkedHashMap<>();
        for (int k = 0; k < set.labels().size(); k++) {
            List<Case> cases = cases(k);
            gallery.put(
                    set.labels().get(k),
                    Stream.of(cases.get(0), cases.get(cases.size() / 2), cases.get(cases.size() - 1))
                            .distinct()
                            .map(this::drawn)
                            .toList());
        }
        return gallery;
    }

    /** Best first. */
    private List<Case> cases(int label) {
        return set.truths().stream()
                .filter(truth -> truth.label() == label)
                .map(truth -> new Case(
                        truth,
                        found(truth).stream()
                                .mapToDouble(box -> box.box().iou(truth.box()))
                                .max()
                                .orElse(0)))
                .sorted(Comparator.comparingDouble(Case::iou).reversed())
                .toList();
    }

    private List<ScoredBox> found(TruthSet.Truth truth) {
        return boxes.of(set, system.name(), false).of(truth.image(), truth.label());
    }

    private GalleryCase drawn(Case one) {
        TruthSet.Truth truth = one.truth();
        String image = set.images().get(truth.image()).name();
        ClassMaps maps = boxes.maps(set, system.mapsOf());
        List<ScoredBox> found = found(truth);
        return new GalleryCase(
                image,
                boxes.sha256(image),
                maps.of(truth.image(), truth.label()),
                maps.frame(truth.image()),
                set.labels().get(truth.label()),
                one.iou(),
                ComparisonOutlines.of(
                        found,
                        Comparison.all(
                                found.stream().map(ScoredBox::box).toList(), set.boxes(truth.image(), truth.label())),
                        CORRECT));
    }
}
