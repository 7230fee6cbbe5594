// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.Arrays;

/** How much one figure is above another on the same patients; its interval is that of a paired comparison. */
public record Difference(Metric first, Metric second) implements Metric {

    @Override
    public String name() {
        return first.name();
    }

    @Override
    public long[] counts(long[] truths) {
        return first.counts(truths);
    }

    @Override
    public double[] of(int[] weights) {
        double[] values = first.of(weights);
        double[] others = second.of(weights);
        Arrays.setAll(values, i -> values[i] - others[i]);
        return values;
    }
}
