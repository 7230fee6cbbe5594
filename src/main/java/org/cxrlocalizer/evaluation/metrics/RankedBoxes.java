// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.List;
import java.util.stream.IntStream;
import org.cxrlocalizer.localization.ScoredBox;

/**
 * Every detected box of a set, numbered in the order of images, labels and detections, and ranked; it is the same at each threshold.
 *
 * @param rankings one for each label of the set, and the last for all together
 */
record RankedBoxes(List<Ranking> rankings) {

    static RankedBoxes of(TruthSet set, Detections detections) {
        int size = 0;
        for (int image = 0; image < set.images().size(); image++) {
            for (int label = 0; label < set.labels().size(); label++) {
                size += detections.of(image, label).size();
            }
        }
        int[] labels = new int[size];
        int[] patients = new int[size];
        double[] scores = new double[size];
        int number = 0;
        for (int image = 0; image < set.images().size(); image++) {
            for (int label = 0; label < set.labels().size(); label++) {
                for (ScoredBox found : detections.of(image, label)) {
                    labels[number] = label;
                    patients[number] = set.patientOf(image);
                    scores[number++] = found.score();
                }
            }
        }
        int all = set.labels().size();
        return new RankedBoxes(IntStream.rangeClosed(0, all)
                .mapToObj(label -> Ranking.of(
                        IntStream.range(0, labels.length).filter(box -> label == all || labels[box] == label),
                        box -> scores[box],
                        box -> patients[box]))
                .toList());
    }
}
