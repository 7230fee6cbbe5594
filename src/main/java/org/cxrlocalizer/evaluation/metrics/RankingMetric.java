// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A figure of how the images rank by probability: by label, and over all pairs of image and label for the micro value.
 * The ranking is sorted once; equal probabilities make one step of the curve.
 */
final class RankingMetric implements Metric {

    /** A figure of the steps of the curve, from the highest probability down. */
    private interface Curve {
        void step(double positives, double negatives);

        double value();
    }

    private final String name;
    private final ScoreSet set;
    private final List<Ranking> rankings;
    private final List<BitSet> positive;
    private final Supplier<Curve> curve;

    private RankingMetric(String name, ScoreSet set, Supplier<Curve> curve) {
        this.name = name;
        this.set = set;
        this.curve = curve;
        int labels = set.labels().size();
        rankings = IntStream.rangeClosed(0, labels)
                .mapToObj(label -> Ranking.of(
                        IntStream.range(0, set.imageCount() * labels)
                                .filter(pair -> label == labels || pair % labels == label),
                        pair -> set.probability(pair / labels, pair % labels),
                        pair -> set.patientOf(pair / labels)))
                .toList();
        positive = rankings.stream()
                .map(ranking -> ranking.ranksOf(pair -> set.positive(pair / labels, pair % labels)))
                .toList();
    }

    /** The area under the ROC curve: how often a positive ranks above a negative; ties count one half. */
    static Metric auc(ScoreSet set) {
        return new RankingMetric(Figure.AUC.title(), set, () -> new Curve() {
            private double negativesAbove;
            private double positivesAbove;
            private double pairs;

            @Override
            public void step(double positives, double negatives) {
                pairs += negatives * (positivesAbove + positives / 2);
                positivesAbove += positives;
                negativesAbove += negatives;
            }

            @Override
            public double value() {
                return pairs / positivesAbove / negativesAbove;
            }
        });
    }

    /** Average precision: the mean, over positives, of the precision at their rank (no interpolation). */
    static Metric averagePrecision(ScoreSet set) {
        return new RankingMetric(Figure.AUPRC.title(), set, () -> new Curve() {
            private double found;
            private double right;
            private double sum;

            @Override
            public void step(double positives, double negatives) {
                found += positives + negatives;
                right += positives;
                sum += positives == 0 ? 0 : positives * right / found;
            }

            @Override
            public double value() {
                return sum / right;
            }
        });
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public double[] of(int[] weights) {
        return Metric.ofEach(set.labels().size(), label -> read(rankings.get(label), positive.get(label), weights));
    }

    private double read(Ranking ranking, BitSet positive, int[] weights) {
        Curve read = curve.get();
        double positives = 0;
        double negatives = 0;
        for (int i = 0; i < ranking.patients().length; i++) {
            int weight = weights[ranking.patients()[i]];
            if (positive.get(i)) {
                positives += weight;
            } else {
                negatives += weight;
            }
            if (ranking.lastOfScore().get(i)) {
                read.step(positives, negatives);
                positives = 0;
                negatives = 0;
            }
        }
        return read.value();
    }
}
