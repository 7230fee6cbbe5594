// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.Arrays;

/**
 * The AUC of one label with its variance after DeLong et al. (Biometrics 1988), by midranks (Sun and Xu, IEEE Signal
 * Processing Letters 2014). The interval is the normal one, cut to [0, 1].
 *
 * <p>It takes images as independent. A patient may have several, so that the interval may be too narrow; the macro AUC has
 * the interval of a bootstrap of patients.
 *
 * @param auc NaN without a positive or a negative
 * @param variance NaN with fewer than two positives or negatives
 */
public record DeLong(double auc, double variance) {

    static DeLong of(double[] scores, boolean[] positive) {
        double[] positives = select(scores, positive, true);
        double[] negatives = select(scores, positive, false);
        double m = positives.length;
        double n = negatives.length;
        double[] all = Arrays.copyOf(positives, scores.length);
        System.arraycopy(negatives, 0, all, positives.length, negatives.length);
        double[] ranks = midranks(all);
        double[] amongPositives = midranks(positives);
        double[] amongNegatives = midranks(negatives);
        double[] ofPositives = new double[positives.length];
        for (int i = 0; i < ofPositives.length; i++) {
            ofPositives[i] = (ranks[i] - amongPositives[i]) / n;
        }
        double[] ofNegatives = new double[negatives.length];
        for (int i = 0; i < ofNegatives.length; i++) {
            ofNegatives[i] = 1 - (ranks[positives.length + i] - amongNegatives[i]) / m;
        }
        double auc = m == 0 || n == 0 ? Double.NaN : Arrays.stream(ofPositives).sum() / m;
        return new DeLong(auc, variance(ofPositives) / m + variance(ofNegatives) / n);
    }

    public Interval interval() {
        double half = Interval.Z * Math.sqrt(variance);
        return Double.isNaN(half) ? Interval.NONE : new Interval(Math.max(0, auc - half), Math.min(1, auc + half));
    }

    private static double[] select(double[] scores, boolean[] positive, boolean wanted) {
        double[] found = new double[scores.length];
        int size = 0;
        for (int i = 0; i < scores.length; i++) {
            if (positive[i] == wanted) {
                found[size++] = scores[i];
            }
        }
        return Arrays.copyOf(found, size);
    }

    /** The rank of each value from 1, equal ones at the mean of their ranks. */
    private static double[] midranks(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] ranks = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int first = firstAtLeast(sorted, values[i]);
            int past = firstAtLeast(sorted, Math.nextUp(values[i]));
            ranks[i] = (first + 1 + past) / 2.0;
        }
        return ranks;
    }

    private static int firstAtLeast(double[] sorted, double value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
    }
}
