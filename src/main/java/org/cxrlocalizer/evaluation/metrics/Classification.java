package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** How well a model tells which labels an image has. */
public final class Classification {

    private Classification() {}

    /**
     * AUC, average precision, calibration error, and where there are cut-offs, sensitivity and specificity at them.
     *
     * @param cutoffs by label
     */
    public static List<Metric> metrics(ScoreSet set, Map<String, Double> cutoffs) {
        List<Metric> metrics = new ArrayList<>(
                List.of(RankingMetric.auc(set), RankingMetric.averagePrecision(set), new CalibrationMetric(set)));
        if (set.labels().stream().anyMatch(cutoffs::containsKey)) {
            metrics.add(CutoffMetric.sensitivity(set, cutoffs));
            metrics.add(CutoffMetric.specificity(set, cutoffs));
        }
        return metrics;
    }

    /** The AUC of one label with DeLong's variance. */
    public static DeLong deLong(ScoreSet set, int label) {
        return DeLong.of(scores(set, label), positive(set, label));
    }

    /** Sensitivity and specificity of one label at a cut-off. */
    public static CutoffCounts at(ScoreSet set, int label, double cutoff) {
        return CutoffCounts.of(scores(set, label), positive(set, label), cutoff);
    }

    /** How many images have the label. */
    public static int positives(ScoreSet set, int label) {
        return (int) IntStream.range(0, set.imageCount())
                .filter(image -> set.positive(image, label))
                .count();
    }

    /**
     * The ROC curve of one label.
     *
     * @return (1 − specificity, sensitivity) from (0, 0) to (1, 1), one point for each distinct probability; empty without
     *     a positive or a negative
     */
    public static List<double[]> roc(ScoreSet set, int label) {
        double[] scores = scores(set, label);
        boolean[] positive = positive(set, label);
        double positives = positives(set, label);
        double negatives = set.imageCount() - positives;
        if (positives == 0 || negatives == 0) {
            return List.of();
        }
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> Double.compare(scores[b], scores[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        List<double[]> points = new ArrayList<>();
        points.add(new double[] {0, 0});
        double hits = 0;
        double alarms = 0;
        for (int i = 0; i < order.length; i++) {
            if (positive[order[i]]) {
                hits++;
            } else {
                alarms++;
            }
            if (i + 1 == order.length || scores[order[i + 1]] != scores[order[i]]) {
                points.add(new double[] {alarms / negatives, hits / positives});
            }
        }
        return points;
    }

    private static double[] scores(ScoreSet set, int label) {
        return IntStream.range(0, set.imageCount())
                .mapToDouble(image -> set.probability(image, label))
                .toArray();
    }

    private static boolean[] positive(ScoreSet set, int label) {
        boolean[] positive = new boolean[set.imageCount()];
        for (int image = 0; image < positive.length; image++) {
            positive[image] = set.positive(image, label);
        }
        return positive;
    }
}
