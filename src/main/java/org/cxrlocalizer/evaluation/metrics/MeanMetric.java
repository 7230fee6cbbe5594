// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.Arrays;
import java.util.List;

/** The mean of several figures. */
record MeanMetric(String name, List<Metric> parts) implements Metric {

    @Override
    public double[] of(Draw draw) {
        double[] sum = draw.values(parts.get(0)).clone();
        for (Metric part : parts.subList(1, parts.size())) {
            double[] values = draw.values(part);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += values[i];
            }
        }
        return Arrays.stream(sum).map(value -> value / parts.size()).toArray();
    }
}
