// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

/** The Brier score (Brier, Monthly Weather Review 1950): the mean squared distance of the probability from 1 or 0. */
record BrierMetric(ProbabilityGaps gaps) implements Metric {

    @Override
    public String name() {
        return Figure.BRIER.title();
    }

    @Override
    public double[] of(Draw draw) {
        int[] weights = draw.weights();
        int[] patients = gaps.patients();
        double[] byPair = gaps.gaps();
        int labels = gaps.set().labels().size();
        double[] sums = new double[labels + 2];
        double all = 0;
        for (int image = 0; image < patients.length; image++) {
            int weight = weights[patients[image]];
            for (int label = 0; label < labels && weight > 0; label++) {
                double gap = byPair[image * labels + label];
                double square = weight * gap * gap;
                sums[label] += square;
                all += square;
            }
        }
        double images = gaps.set().images(draw);
        for (int label = 0; label < labels; label++) {
            sums[label] /= images;
        }
        sums[labels + 1] = all / (images * labels);
        Metric.setMacro(sums, labels);
        return sums;
    }
}
