// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.BitSet;
import java.util.List;

/** A figure of the boxes of a label in the order of their scores, as average precision. */
final class RankedMetric implements Metric {

    /** What is read off the curve. */
    @FunctionalInterface
    interface Reading {

        /** @param correct which boxes of the ranking are, by rank */
        double of(Ranking ranking, BitSet correct, int[] weights, double truths, double images);
    }

    private static final BitSet NONE = new BitSet();

    private final String name;
    private final TruthSet set;
    private final List<Ranking> rankings;
    private final List<BitSet> correct;
    private final Reading reading;

    /** @param correct by ranking */
    RankedMetric(String name, TruthSet set, RankedBoxes boxes, List<BitSet> correct, Reading reading) {
        this.name = name;
        this.set = set;
        this.reading = reading;
        this.correct = correct;
        rankings = boxes.rankings();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public double[] of(int[] weights) {
        int labels = set.labels().size();
        double[] truths = new double[labels + 1];
        for (TruthSet.Truth truth : set.truths()) {
            truths[truth.label()] += weights[truth.patient()];
            truths[labels] += weights[truth.patient()];
        }
        double weighed = 0;
        for (int image = 0; image < set.images().size(); image++) {
            weighed += weights[set.patientOf(image)];
        }
        double images = weighed;
        return Metric.ofEach(
                labels,
                label -> truths[label] == 0
                        ? Double.NaN
                        : reading.of(rankings.get(label), correct.get(label), weights, truths[label], images));
    }

    /**
     * The area under the precision envelope, over all points (Pascal VOC since 2010). Precision falls from one correct box to
     * the next, so that the points with a correct box make the envelope, and recall rises only there.
     */
    static double averagePrecision(Ranking ranking, BitSet correct, int[] weights, double truths, double images) {
        return averagePrecision(ranking, correct, NONE, weights, truths);
    }

    /**
     * The same without some of the boxes.
     *
     * @param absent the boxes that do not count, by rank
     */
    static double averagePrecision(Ranking ranking, BitSet correct, BitSet absent, int[] weights, double truths) {
        int most = correct.cardinality();
        double[] right = new double[most];
        double[] found = new double[most];
        int points = 0;
        long rightSoFar = 0;
        long foundSoFar = 0;
        boolean isPoint = false;
        for (int rank = 0; rank < ranking.patients().length && points < most; rank++) {
            int weight = absent.get(rank) ? 0 : weights[ranking.patients()[rank]];
            foundSoFar += weight;
            if (correct.get(rank)) {
                rightSoFar += weight;
                isPoint = true;
            }
            if (isPoint && ranking.lastOfScore().get(rank)) {
                right[points] = rightSoFar;
                found[points++] = foundSoFar;
                isPoint = false;
            }
        }
        double area = 0;
        double envelope = 0;
        for (int i = points - 1; i >= 0; i--) {
            envelope = found[i] == 0 ? envelope : Math.max(envelope, right[i] / found[i]);
            area += envelope * (right[i] - (i == 0 ? 0 : right[i - 1])) / truths;
        }
        return area;
    }

    /** The largest share of true boxes found with at most {@code rate} wrong boxes per image. */
    static Reading sensitivityAt(double rate) {
        return (ranking, correct, weights, truths, images) -> {
            double most = 0;
            long right = 0;
            long wrong = 0;
            for (int rank = 0; rank < ranking.patients().length && wrong <= rate * images; rank++) {
                int weight = weights[ranking.patients()[rank]];
                if (correct.get(rank)) {
                    right += weight;
                } else {
                    wrong += weight;
                }
                if (ranking.lastOfScore().get(rank) && wrong <= rate * images) {
                    most = right;
                }
            }
            return most / truths;
        };
    }
}
