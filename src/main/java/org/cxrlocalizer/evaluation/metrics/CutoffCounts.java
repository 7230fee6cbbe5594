// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

/** How a label's cut-off decides: a probability of at least the cut-off is a positive answer. */
public record CutoffCounts(int truePositives, int falsePositives, int trueNegatives, int falseNegatives) {

    static CutoffCounts of(double[] scores, boolean[] positive, double cutoff) {
        int[] counts = new int[4];
        for (int i = 0; i < scores.length; i++) {
            counts[(positive[i] ? 0 : 2) + (scores[i] >= cutoff ? 0 : 1)]++;
        }
        return new CutoffCounts(counts[0], counts[2], counts[3], counts[1]);
    }

    /** NaN without a positive. */
    public double sensitivity() {
        return (double) truePositives / (truePositives + falseNegatives);
    }

    /** NaN without a negative. */
    public double specificity() {
        return (double) trueNegatives / (trueNegatives + falsePositives);
    }

    public Interval sensitivityInterval() {
        return Interval.wilson(truePositives, truePositives + falseNegatives);
    }

    public Interval specificityInterval() {
        return Interval.wilson(trueNegatives, trueNegatives + falsePositives);
    }
}
