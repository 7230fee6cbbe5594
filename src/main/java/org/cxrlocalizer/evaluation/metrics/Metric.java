// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.function.IntToDoubleFunction;

/** A figure by label that can be computed again with each patient counted several times or never. */
public interface Metric {

    /** Returns the name of the figure in reports, which a {@link Figure} gives. */
    String name();

    /**
     * Returns the values for a draw.
     *
     * @param draw of the patients of the {@link TruthSet}
     * @return one value for each of its labels, then the macro mean of the defined ones, then the micro value over all
     *     labels together; NaN where nothing was counted
     */
    double[] of(Draw draw);

    /** @param weights how often each patient of the {@link TruthSet} counts */
    default double[] of(int[] weights) {
        return of(new Draw(weights));
    }

    /** Whether a label's value is a share of cases that each count or do not, for which Wilson's interval holds. */
    default boolean isShare() {
        return false;
    }

    /**
     * Returns how many cases each label has.
     *
     * @param truths how many true boxes, which are the cases of most figures
     */
    default long[] counts(long[] truths) {
        return truths;
    }

    /**
     * Returns the values of the labels, then their macro mean, then the value of all labels together.
     *
     * @param value of a label's index, or of {@code labels} for all of them together
     */
    static double[] ofEach(int labels, IntToDoubleFunction value) {
        double[] result = new double[labels + 2];
        for (int label = 0; label <= labels; label++) {
            result[label == labels ? labels + 1 : label] = value.applyAsDouble(label);
        }
        setMacro(result, labels);
        return result;
    }

    /** Sets the macro value, {@code values[labels]}, to the mean of the defined values of the labels. */
    static void setMacro(double[] values, int labels) {
        double sum = 0;
        int defined = 0;
        for (int k = 0; k < labels; k++) {
            if (!Double.isNaN(values[k])) {
                sum += values[k];
                defined++;
            }
        }
        values[labels] = defined == 0 ? Double.NaN : sum / defined;
    }
}
