// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.Arrays;
import java.util.List;

/**
 * The mean over cases of one value for each, a case being a label on an image.
 *
 * @param labels of the set that the cases are of
 */
record CaseMean(String name, int labels, List<Case> cases) implements Metric {

    record Case(int patient, int label, double value) {}

    @Override
    public boolean isShare() {
        return cases.stream().allMatch(one -> one.value == 0 || one.value == 1);
    }

    @Override
    public long[] counts(long[] truths) {
        long[] counts = new long[truths.length];
        cases.forEach(one -> counts[one.label]++);
        return counts;
    }

    @Override
    public double[] of(Draw draw) {
        int[] weights = draw.weights();
        double[] result = new double[labels + 2];
        double[] counts = new double[labels + 2];
        for (Case one : cases) {
            int weight = weights[one.patient];
            for (int place : new int[] {one.label, labels + 1}) {
                result[place] += weight * one.value;
                counts[place] += weight;
            }
        }
        Arrays.setAll(result, place -> result[place] / counts[place]);
        Metric.setMacro(result, labels);
        return result;
    }
}
