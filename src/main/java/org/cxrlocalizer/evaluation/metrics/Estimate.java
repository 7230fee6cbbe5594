// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import org.jspecify.annotations.Nullable;

/**
 * A figure with its 95 % interval.
 *
 * @param value null where it is not defined, as an AUC without a positive
 * @param n what it was computed over: true boxes or images of a label; labels for the macro value
 */
public record Estimate(
        @Nullable Double value,
        @Nullable Double low,
        @Nullable Double high,
        long n) {

    public static Estimate of(double value, Interval interval, long n) {
        return new Estimate(number(value), number(interval.low()), number(interval.high()), n);
    }

    private static @Nullable Double number(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
