// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.List;

/**
 * A figure of the boxes of a label in the order of their scores, as average precision.
 *
 * @param correct of each label, and the last of all together
 */
record RankedMetric(String name, TruthSet set, List<CorrectBoxes> correct, Reading reading) implements Metric {

    /** What is read off the curve. */
    @FunctionalInterface
    interface Reading {

        /**
         * @param truths true boxes of the draw, at least one
         * @param images of the draw
         */
        double of(CorrectBoxes correct, Draw draw, double truths, double images);
    }

    /** The area under the precision envelope. */
    static final Reading AVERAGE_PRECISION = (correct, draw, truths, images) -> correct.averagePrecision(draw, truths);

    /** The largest share of true boxes found with at most {@code rate} wrong boxes per image. */
    static Reading sensitivityAt(double rate) {
        return (correct, draw, truths, images) -> correct.sensitivity(draw, truths, rate * images);
    }

    @Override
    public double[] of(Draw draw) {
        TruthSet.Counts counts = set.counts(draw);
        return Metric.ofEach(
                set.labels().size(),
                label -> counts.truths()[label] == 0
                        ? Double.NaN
                        : reading.of(correct.get(label), draw, counts.truths()[label], counts.images()));
    }
}
