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
    public double[] of(Draw draw) {
        double[] values = draw.values(first);
        double[] others = draw.values(second);
        double[] differences = new double[values.length];
        Arrays.setAll(differences, i -> values[i] - others[i]);
        return differences;
    }
}
