package org.cxrlocalizer.evaluation.metrics;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A figure of how the images rank by probability: by label, and over all pairs of image and label for the micro value.
 * The ranking is sorted once; equal probabilities make one step of the curve.
 */
final class RankingMetric implements Metric {

    /** Reads a figure off the steps of the curve, from the highest probability down. */
    private interface Reading {
        double of(double[] positives, double[] negatives, int steps);
    }

    private final String name;
    private final ScoreSet set;
    private final List<int[]> rankings;
    private final Reading reading;

    private RankingMetric(String name, ScoreSet set, Reading reading) {
        this.name = name;
        this.set = set;
        this.reading = reading;
        int labels = set.labels().size();
        rankings = IntStream.rangeClosed(0, labels)
                .mapToObj(label -> IntStream.range(0, set.imageCount() * labels)
                        .filter(pair -> label == labels || pair % labels == label)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer pair) -> probability(pair))
                                .reversed())
                        .mapToInt(Integer::intValue)
                        .toArray())
                .toList();
    }

    /** The area under the ROC curve: how often a positive ranks above a negative; ties count one half. */
    static Metric auc(ScoreSet set) {
        return new RankingMetric("AUC", set, (positives, negatives, steps) -> {
            double negativesAbove = 0;
            double positivesAbove = 0;
            double pairs = 0;
            for (int i = 0; i < steps; i++) {
                pairs += negatives[i] * (positivesAbove + positives[i] / 2);
                positivesAbove += positives[i];
                negativesAbove += negatives[i];
            }
            return pairs / positivesAbove / negativesAbove;
        });
    }

    /** Average precision: the mean, over positives, of the precision at their rank (no interpolation). */
    static Metric averagePrecision(ScoreSet set) {
        return new RankingMetric("AUPRC", set, (positives, negatives, steps) -> {
            double found = 0;
            double right = 0;
            double sum = 0;
            for (int i = 0; i < steps; i++) {
                found += positives[i] + negatives[i];
                right += positives[i];
                sum += positives[i] == 0 ? 0 : positives[i] * right / found;
            }
            return sum / right;
        });
    }

    @Override
    public String name() {
        return name;
    }

    private double probability(int pair) {
        return set.probability(pair / set.labels().size(), pair % set.labels().size());
    }

    @Override
    public double[] of(int[] weights) {
        int labels = set.labels().size();
        double[] result = new double[labels + 2];
        for (int label = 0; label <= labels; label++) {
            result[label == labels ? labels + 1 : label] = read(rankings.get(label), weights);
        }
        Metric.setMacro(result, labels);
        return result;
    }

    private double read(int[] ranking, int[] weights) {
        double[] positives = new double[ranking.length];
        double[] negatives = new double[ranking.length];
        int step = 0;
        for (int i = 0; i < ranking.length; i++) {
            int pair = ranking[i];
            int weight = weights[set.patientOf(pair / set.labels().size())];
            if (set.positive(pair / set.labels().size(), pair % set.labels().size())) {
                positives[step] += weight;
            } else {
                negatives[step] += weight;
            }
            if (i + 1 == ranking.length || probability(ranking[i + 1]) != probability(pair)) {
                step++;
            }
        }
        return reading.of(positives, negatives, step);
    }
}
