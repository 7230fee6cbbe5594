// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/** The mean over true boxes of one value for each, as a share of hits. */
final class TruthMean implements Metric {

    private final String name;
    private final int labels;
    private final int[] labelOf;
    private final int[] patientOf;
    private final double[] values;

    /** @param values in the order of {@link TruthSet#truths()} */
    TruthMean(String name, TruthSet set, double[] values) {
        this.name = name;
        this.values = values;
        labels = set.labels().size();
        labelOf = set.truths().stream().mapToInt(TruthSet.Truth::label).toArray();
        patientOf = set.truths().stream().mapToInt(TruthSet.Truth::patient).toArray();
    }

    static TruthMean of(String name, TruthSet set, ToDoubleFunction<TruthSet.Truth> value) {
        return new TruthMean(
                name, set, set.truths().parallelStream().mapToDouble(value).toArray());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isShare() {
        return Arrays.stream(values).allMatch(value -> value == 0 || value == 1);
    }

    @Override
    public double[] of(Draw draw) {
        int[] weights = draw.weights();
        double[] result = new double[labels + 2];
        long[] counts = new long[labels + 2];
        for (int i = 0; i < values.length; i++) {
            int weight = weights[patientOf[i]];
            result[labelOf[i]] += weight * values[i];
            counts[labelOf[i]] += weight;
            result[labels + 1] += weight * values[i];
            counts[labels + 1] += weight;
        }
        for (int k = 0; k < result.length; k++) {
            result[k] /= counts[k];
        }
        Metric.setMacro(result, labels);
        return result;
    }
}
