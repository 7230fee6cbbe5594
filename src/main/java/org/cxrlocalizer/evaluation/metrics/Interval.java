// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

/** A 95 % interval of a figure; both ends NaN where there is none. */
public record Interval(double low, double high) {

    public static final Interval NONE = new Interval(Double.NaN, Double.NaN);

    /** The 97.5 % quantile of the normal distribution. */
    static final double Z = 1.959963984540054;

    /** @throws IllegalArgumentException if it is upside down */
    public Interval {
        if (low > high) {
            throw new IllegalArgumentException("%s is above %s".formatted(low, high));
        }
    }

    /**
     * Wilson's score interval (1927) of {@code hits} of {@code n} independent cases: honest for small counts, where the
     * normal interval leaves [0, 1] or has no width.
     */
    public static Interval wilson(double hits, double n) {
        if (n == 0) {
            return NONE;
        }
        double share = hits / n;
        double middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n);
        double half = Z / (1 + Z * Z / n) * Math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
        return new Interval(Math.max(0, middle - half), Math.min(1, middle + half));
    }
}
