// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

/**
 * How far each probability of a set lies from 1 or 0, by image and then by label.
 *
 * @param patients of the images
 */
record ProbabilityGaps(ScoreSet set, int[] patients, double[] gaps) {

    static ProbabilityGaps of(ScoreSet set) {
        int labels = set.labels().size();
        int[] patients = new int[set.imageCount()];
        double[] gaps = new double[patients.length * labels];
        for (int image = 0; image < patients.length; image++) {
            patients[image] = set.patientOf(image);
            for (int label = 0; label < labels; label++) {
                gaps[image * labels + label] = set.probability(image, label) - (set.positive(image, label) ? 1 : 0);
            }
        }
        return new ProbabilityGaps(set, patients, gaps);
    }
}
