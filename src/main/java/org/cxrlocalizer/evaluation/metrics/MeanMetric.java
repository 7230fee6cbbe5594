// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.Arrays;
import java.util.List;

/** The mean of several figures. */
record MeanMetric(String name, List<Metric> parts) implements Metric {

    @Override
    public double[] of(int[] weights) {
        double[] sum = parts.get(0).of(weights);
        for (Metric part : parts.subList(1, parts.size())) {
            double[] values = part.of(weights);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += values[i];
            }
        }
        return Arrays.stream(sum).map(value -> value / parts.size()).toArray();
    }
}
