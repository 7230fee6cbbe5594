// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.Arrays;

/** Otsu's threshold ("A threshold selection method from gray-level histograms", 1979), on values instead of a histogram. */
final class OtsuThreshold {

    private OtsuThreshold() {}

    /** The middle between the two neighbouring values whose split has the largest between-class variance. */
    static double of(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        double total = 0;
        for (float value : sorted) {
            total += value;
        }
        double below = 0;
        double best = -1;
        double level = sorted[0];
        for (int i = 1; i < sorted.length; i++) {
            below += sorted[i - 1];
            if (sorted[i] > sorted[i - 1]) {
                double gap = below / i - (total - below) / (sorted.length - i);
                double variance = (double) i * (sorted.length - i) * gap * gap;
                if (variance > best) {
                    best = variance;
                    level = (sorted[i - 1] + (double) sorted[i]) / 2;
                }
            }
        }
        return level;
    }
}
