package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ScoredBox;

/**
 * The one-to-one matching of all boxes of a set at one threshold.
 *
 * @param iou for each true box the IoU of the box that took it; 0 where none did
 * @param boxes every detected box, highest score first
 */
record Matching(double[] iou, List<Ranked> boxes) {

    /** A detected box; {@code correct} where it took a true box. */
    record Ranked(int label, int patient, double score, boolean correct) {}

    static Matching of(TruthSet set, Detections detections, double threshold) {
        double[] iou = new double[set.truths().size()];
        List<Ranked> boxes = new ArrayList<>();
        int firstTruth = 0;
        for (int image = 0; image < set.images().size(); image++) {
            for (int label = 0; label < set.labels().size(); label++) {
                List<Box> truths = set.boxes(image, label);
                for (ScoredBox found : detections.of(image, label)) {
                    int taken = best(found.box(), truths, iou, firstTruth, threshold);
                    if (taken >= 0) {
                        iou[firstTruth + taken] = found.box().iou(truths.get(taken));
                    }
                    boxes.add(new Ranked(label, set.patientOf(image), found.score(), taken >= 0));
                }
                firstTruth += truths.size();
            }
        }
        boxes.sort(Comparator.comparingDouble(Ranked::score).reversed());
        return new Matching(iou, boxes);
    }

    /** The free true box with the largest IoU above the threshold; −1 if there is none. */
    private static int best(Box found, List<Box> truths, double[] iou, int firstTruth, double threshold) {
        int best = -1;
        double largest = threshold;
        for (int i = 0; i < truths.size(); i++) {
            double overlap = found.iou(truths.get(i));
            if (iou[firstTruth + i] == 0 && overlap > largest) {
                best = i;
                largest = overlap;
            }
        }
        return best;
    }
}
