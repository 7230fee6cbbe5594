// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

/** The Brier score (Brier, Monthly Weather Review 1950): the mean squared distance of the probability from 1 or 0. */
record BrierMetric(ScoreSet set) implements Metric {

    @Override
    public String name() {
        return Figure.BRIER.title();
    }

    @Override
    public double[] of(int[] weights) {
        int labels = set.labels().size();
        double[] sums = new double[labels + 2];
        double images = 0;
        for (int image = 0; image < set.imageCount(); image++) {
            int weight = weights[set.patientOf(image)];
            images += weight;
            for (int label = 0; label < labels; label++) {
                double gap = set.probability(image, label) - (set.positive(image, label) ? 1 : 0);
                sums[label] += weight * gap * gap;
                sums[labels + 1] += weight * gap * gap;
            }
        }
        for (int label = 0; label < labels; label++) {
            sums[label] /= images;
        }
        sums[labels + 1] /= images * labels;
        Metric.setMacro(sums, labels);
        return sums;
    }
}
