// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The correct ones among boxes of a label, or of all labels together, and how many boxes there are at their steps.
 *
 * @param ranked the boxes that count; null if none but those that are added
 * @param label the number of labels for all together
 * @param added boxes that count beside those
 * @param removed boxes that do not count
 */
record CorrectBoxes(
        SteppedBoxes correct, @Nullable RankedBoxes ranked, int label, SteppedBoxes added, SteppedBoxes removed) {

    /** A curve in one draw: how many boxes are correct, and how many there are, at each step with a correct box. */
    private static final class Points {

        private final double[] right;
        private final double[] found;
        private int size;

        Points(CorrectBoxes of, Draw draw) {
            right = new double[of.correct.steps().length];
            found = new double[right.length];
            long[] all = of.ranked == null ? null : of.ranked.found(draw, of.label);
            SteppedBoxes.Sum correct = new SteppedBoxes.Sum(of.correct, draw);
            SteppedBoxes.Sum added = new SteppedBoxes.Sum(of.added, draw);
            SteppedBoxes.Sum removed = new SteppedBoxes.Sum(of.removed, draw);
            while (correct.hasNext()) {
                int step = correct.nextStep();
                right[size] = correct.to(step);
                found[size++] = (all == null ? 0 : all[step]) + added.to(step) - removed.to(step);
            }
        }
    }

    /**
     * Returns the area under the precision envelope of a draw, over all points (Pascal VOC since 2010). Precision falls from one
     * correct box to the next, so that the points with a correct box make the envelope, and recall rises only there.
     *
     * @param truths how many true boxes the draw has
     */
    double averagePrecision(Draw draw, double truths) {
        Points points = new Points(this, draw);
        double area = 0;
        double envelope = 0;
        for (int i = points.size - 1; i >= 0; i--) {
            double right = points.right[i];
            envelope = points.found[i] == 0 ? envelope : Math.max(envelope, right / points.found[i]);
            area += envelope * (right - (i == 0 ? 0 : points.right[i - 1])) / truths;
        }
        return area;
    }

    /** Returns the largest share of the true boxes that is found with at most so many wrong boxes. */
    double sensitivity(Draw draw, double truths, double mostWrong) {
        Points points = new Points(this, draw);
        double most = 0;
        for (int i = 0; i < points.size && points.found[i] - points.right[i] <= mostWrong; i++) {
            most = points.right[i];
        }
        return most / truths;
    }
}
