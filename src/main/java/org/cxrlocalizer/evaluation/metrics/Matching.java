// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.BitSet;
import java.util.List;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ScoredBox;

/**
 * The one-to-one matching of all boxes of a set at one threshold.
 *
 * @param iou for each true box the IoU of the box that took it; 0 where none did
 * @param correct the boxes that took one, by their numbers in {@link ListedBoxes}
 */
record Matching(double[] iou, BitSet correct) {

    static Matching of(TruthSet set, Detections detections, double threshold) {
        double[] iou = new double[set.truths().size()];
        BitSet correct = new BitSet();
        int firstTruth = 0;
        int number = 0;
        for (int image = 0; image < set.images().size(); image++) {
            for (int label = 0; label < set.labels().size(); label++) {
                List<Box> truths = set.boxes(image, label);
                List<ScoredBox> boxes = detections.of(image, label);
                for (int i = 0; i < boxes.size() && !truths.isEmpty(); i++) {
                    Box found = boxes.get(i).box();
                    int taken = best(found, truths, iou, firstTruth, threshold);
                    if (taken >= 0) {
                        iou[firstTruth + taken] = found.iou(truths.get(taken));
                        correct.set(number + i);
                    }
                }
                number += boxes.size();
                firstTruth += truths.size();
            }
        }
        return new Matching(iou, correct);
    }

    /** Only the first part of it, for which boxes on images without true ones need not be known. */
    static double[] iou(TruthSet set, Detections detections, double threshold) {
        return of(
                        set,
                        (image, label) -> set.boxes(image, label).isEmpty() ? List.of() : detections.of(image, label),
                        threshold)
                .iou();
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
