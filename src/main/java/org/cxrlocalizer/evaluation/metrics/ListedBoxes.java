// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import org.cxrlocalizer.localization.ScoredBox;

/**
 * Every detected box of a set, numbered in the order of images, labels and detections.
 *
 * @param labels by number, as patients and scores
 */
record ListedBoxes(int[] labels, int[] patients, double[] scores) {

    static ListedBoxes of(TruthSet set, Detections detections) {
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
        return new ListedBoxes(labels, patients, scores);
    }
}
