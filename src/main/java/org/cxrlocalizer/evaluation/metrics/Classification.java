// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How well a model finds which labels an image has. */
public final class Classification {

    private static final Set<String> SUBGROUP_FIGURES = Stream.of(
                    Figure.AUC, Figure.BRIER, Figure.SENSITIVITY, Figure.SPECIFICITY, Figure.FALSE_NEGATIVE_RATE)
            .map(Figure::title)
            .collect(Collectors.toUnmodifiableSet());

    private static final int RELIABILITY_BINS = 10;

    /**
     * By how much the images found must grow from one point of a ROC curve to the next: 5000 images have all points, and the whole
     * dataset has 20,000 of 112,120.
     */
    private static final double FINEST = 1 / 5000.0;

    private Classification() {}

    /**
     * AUC, average precision, calibration error, Brier score, and where there are cut-offs, sensitivity, specificity and
     * false-negative rate at them.
     *
     * @param cutoffs by label
     */
    public static List<Metric> metrics(ScoreSet set, Map<String, Double> cutoffs) {
        List<Metric> metrics = new ArrayList<>(RankingMetric.metrics(set));
        ProbabilityGaps gaps = ProbabilityGaps.of(set);
        metrics.add(CalibrationMetric.of(gaps));
        metrics.add(new BrierMetric(gaps));
        if (set.labels().stream().anyMatch(cutoffs::containsKey)) {
            metrics.addAll(CutoffMetric.metrics(set, cutoffs));
        }
        return metrics;
    }

    /** Those that are compared between parts of the images. */
    public static List<Metric> subgroupMetrics(ScoreSet set, Map<String, Double> cutoffs) {
        return metrics(set, cutoffs).stream()
                .filter(metric -> SUBGROUP_FIGURES.contains(metric.name()))
                .toList();
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
     * @return (1 − specificity, sensitivity) from (0, 0) to (1, 1), one point for each distinct probability, but where many images are
     *     found only one for each 0.02 % more; empty without a positive or a negative
     */
    public static List<double[]> roc(ScoreSet set, int label) {
        double[] found = descending(set, label, true);
        double[] wrong = descending(set, label, false);
        if (found.length == 0 || wrong.length == 0) {
            return List.of();
        }
        List<double[]> points = new ArrayList<>();
        points.add(new double[] {0, 0});
        int hits = 0;
        int alarms = 0;
        int last = 0;
        while (hits < found.length || alarms < wrong.length) {
            double score = Math.max(
                    hits < found.length ? found[hits] : Double.NEGATIVE_INFINITY,
                    alarms < wrong.length ? wrong[alarms] : Double.NEGATIVE_INFINITY);
            while (hits < found.length && found[hits] == score) {
                hits++;
            }
            while (alarms < wrong.length && wrong[alarms] == score) {
                alarms++;
            }
            int images = hits + alarms;
            if (images - last >= last * FINEST || images == set.imageCount()) {
                points.add(new double[] {(double) alarms / wrong.length, (double) hits / found.length});
                last = images;
            }
        }
        return points;
    }

    /**
     * The reliability diagram of one label (DeGroot and Fienberg, The Statistician 1983): ten bins of equal width, those without an
     * image left out, each share with Wilson's interval.
     */
    public static List<ReliabilityBin> reliability(ScoreSet set, int label) {
        double[] sums = new double[RELIABILITY_BINS];
        int[] positives = new int[RELIABILITY_BINS];
        int[] images = new int[RELIABILITY_BINS];
        for (int image = 0; image < set.imageCount(); image++) {
            double probability = set.probability(image, label);
            int bin = Math.min(RELIABILITY_BINS - 1, (int) (probability * RELIABILITY_BINS));
            sums[bin] += probability;
            positives[bin] += set.positive(image, label) ? 1 : 0;
            images[bin]++;
        }
        List<ReliabilityBin> bins = new ArrayList<>();
        for (int bin = 0; bin < RELIABILITY_BINS; bin++) {
            if (images[bin] > 0) {
                bins.add(new ReliabilityBin(
                        sums[bin] / images[bin],
                        Estimate.of(
                                (double) positives[bin] / images[bin],
                                Interval.wilson(positives[bin], images[bin]),
                                images[bin])));
            }
        }
        return bins;
    }

    /**
     * The decision curve of one label (Vickers and Elkin, Medical Decision Making 2006).
     *
     * @return (t, net benefit) at probabilities t of 0.01 to 0.99: of all images, the share of true positives less that of false
     *     positives times t / (1 − t), where an image is positive from t on
     */
    public static List<double[]> netBenefit(ScoreSet set, int label) {
        double[] scores = scores(set, label);
        boolean[] positive = positive(set, label);
        List<double[]> points = new ArrayList<>();
        for (int percent = 1; percent < 100; percent++) {
            double threshold = percent / 100.0;
            CutoffCounts counts = CutoffCounts.of(scores, positive, threshold);
            points.add(new double[] {
                threshold,
                (counts.truePositives() - counts.falsePositives() * threshold / (1 - threshold)) / scores.length
            });
        }
        return points;
    }

    /** The probabilities of the images with a label, or of those without it. */
    private static double[] descending(ScoreSet set, int label, boolean positive) {
        double[] negated = IntStream.range(0, set.imageCount())
                .filter(image -> set.positive(image, label) == positive)
                .mapToDouble(image -> 0.0 - set.probability(image, label))
                .sorted()
                .toArray();
        return Arrays.stream(negated).map(score -> 0.0 - score).toArray();
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
