// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each figure against its definition on random data with ties, and against published values. */
class ClassificationTest {

    private static final List<String> LABELS = List.of("Mass", "Nodule");

    private static final Map<String, Double> CUTOFFS = Map.of("Mass", 0.5);

    private static ScoreSet random(long seed) {
        Random random = new Random(seed);
        return new ScoreSet(
                LABELS,
                IntStream.range(0, 60)
                        .mapToObj(i -> new ScoreSet.Image(
                                "patient " + random.nextInt(20),
                                new double[] {random.nextInt(9) / 8.0, random.nextInt(30) / 30.0},
                                new boolean[] {random.nextInt(3) == 0, random.nextBoolean()}))
                        .toList());
    }

    private static ScoreSet one(double[] scores, boolean[] positive) {
        return new ScoreSet(
                List.of("Mass"),
                IntStream.range(0, scores.length)
                        .mapToObj(
                                i -> new ScoreSet.Image("" + i, new double[] {scores[i]}, new boolean[] {positive[i]}))
                        .toList());
    }

    private static Metric metric(ScoreSet set, String name) {
        return Classification.metrics(set, CUTOFFS).stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void sensitivityAndSpecificityAreThoseOfTheCounts(long seed) {
        ScoreSet set = random(seed);
        CutoffCounts counts = Classification.at(set, 0, 0.5);

        double[] sensitivity = metric(set, "Sensitivity at the cut-off").of(set.once());
        double[] missed = metric(set, "False-negative rate at the cut-off").of(set.once());
        assertThat(missed[0]).isCloseTo(1 - sensitivity[0], within(1e-12));
        assertThat(missed[3]).isCloseTo(1 - sensitivity[3], within(1e-12));
        double[] specificity = metric(set, "Specificity at the cut-off").of(set.once());

        assertThat(sensitivity[0]).isEqualTo(counts.sensitivity());
        assertThat(specificity[0]).isEqualTo(counts.specificity());
        assertThat(sensitivity[1]).isNaN();
        assertThat(sensitivity[2]).isEqualTo(sensitivity[0]);
        assertThat(specificity[3]).isEqualTo(specificity[0]);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aucIsTheShareOfPairsInOrderAndDeLongItsVariance(long seed) {
        ScoreSet set = random(seed);
        double[] auc = metric(set, "AUC").of(set.once());
        for (int k = 0; k < 2; k++) {
            List<Double> positives = new ArrayList<>();
            List<Double> negatives = new ArrayList<>();
            for (int i = 0; i < set.imageCount(); i++) {
                (set.positive(i, k) ? positives : negatives).add(set.probability(i, k));
            }
            double[] ofPositives = positives.stream()
                    .mapToDouble(p -> negatives.stream()
                            .mapToDouble(n -> order(p, n))
                            .average()
                            .orElseThrow())
                    .toArray();
            double[] ofNegatives = negatives.stream()
                    .mapToDouble(n -> positives.stream()
                            .mapToDouble(p -> order(p, n))
                            .average()
                            .orElseThrow())
                    .toArray();
            DeLong deLong = Classification.deLong(set, k);

            assertThat(auc[k]).isCloseTo(Arrays.stream(ofPositives).average().orElseThrow(), within(1e-12));
            assertThat(deLong.auc()).isCloseTo(auc[k], within(1e-12));
            assertThat(deLong.variance())
                    .isCloseTo(
                            variance(ofPositives) / ofPositives.length + variance(ofNegatives) / ofNegatives.length,
                            within(1e-12));
        }
        assertThat(auc[2]).isCloseTo((auc[0] + auc[1]) / 2, within(1e-12));
    }

    private static double order(double positive, double negative) {
        return positive > negative ? 1 : positive == negative ? 0.5 : 0;
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(v -> Math.pow(v - mean, 2)).sum() / (values.length - 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6, 7})
    void averagePrecisionIsTheSumOverEveryThreshold(long seed) {
        ScoreSet set = random(seed);
        double[] precision = metric(set, "AUPRC").of(set.once());
        for (int k = 0; k < 2; k++) {
            int label = k;
            double before = 0;
            double sum = 0;
            TreeSet<Double> thresholds = new TreeSet<>();
            IntStream.range(0, set.imageCount()).forEach(i -> thresholds.add(set.probability(i, label)));
            for (double threshold : thresholds.descendingSet()) {
                CutoffCounts counts = Classification.at(set, k, threshold);
                double found = counts.truePositives() + counts.falsePositives();
                sum += (counts.sensitivity() - before) * counts.truePositives() / found;
                before = counts.sensitivity();
            }
            assertThat(precision[k]).isCloseTo(sum, within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 9})
    void theCalibrationErrorIsThatOfItsBins(long seed) {
        ScoreSet set = random(seed);
        double[] error = metric(set, "Expected calibration error").of(set.once());
        for (int k = 0; k < 2; k++) {
            int label = k;
            double sum = 0;
            for (int bin = 0; bin < 15; bin++) {
                double low = bin / 15.0;
                double high = bin == 14 ? 2 : (bin + 1) / 15.0;
                int[] inBin = IntStream.range(0, set.imageCount())
                        .filter(i -> set.probability(i, label) >= low && set.probability(i, label) < high)
                        .toArray();
                double mean = Arrays.stream(inBin)
                        .mapToDouble(i -> set.probability(i, label))
                        .average()
                        .orElse(0);
                double share = Arrays.stream(inBin)
                        .mapToDouble(i -> set.positive(i, label) ? 1 : 0)
                        .average()
                        .orElse(0);
                sum += Math.abs(mean - share) * inBin.length / set.imageCount();
            }
            assertThat(error[k]).isCloseTo(sum, within(1e-12));
        }
    }

    /** The example of scikit-learn's brier_score_loss: 0.0375. */
    @Test
    void theBrierScoreIsTheMeanSquaredError() {
        ScoreSet set = one(new double[] {0.1, 0.9, 0.8, 0.3}, new boolean[] {false, true, true, false});

        assertThat(metric(set, "Brier score").of(set.once()))
                .containsExactly(new double[] {0.0375, 0.0375, 0.0375}, within(1e-12));
    }

    @Test
    void reliabilityAndNetBenefitAreThoseOfTheCounts() {
        ScoreSet set = one(new double[] {0.05, 0.07, 0.93, 0.99}, new boolean[] {false, true, true, true});

        assertThat(Classification.reliability(set, 0))
                .extracting(
                        bin -> Math.round(bin.probability() * 100),
                        bin -> bin.share().value(),
                        bin -> bin.share().n())
                .containsExactly(tuple(6L, 0.5, 2L), tuple(96L, 1.0, 2L));
        assertThat(Classification.netBenefit(set, 0)).hasSize(99);
        assertThat(Classification.netBenefit(set, 0).get(4)[1])
                .as("three right and one wrong at 0.05")
                .isCloseTo((3 - 0.05 / 0.95) / 4, within(1e-12));
        assertThat(Classification.netBenefit(set, 0).get(49)[1])
                .as("two right at 0.5")
                .isEqualTo(0.5);
    }

    @Test
    void aRocCurveOfManyImagesHasFewerPointsAndTheSameEnds() {
        int images = 60_000;
        Random random = new Random(4);
        double[] scores = random.doubles(images).toArray();
        boolean[] positive = new boolean[images];
        for (int i = 0; i < images; i++) {
            positive[i] = random.nextDouble() < scores[i];
        }
        ScoreSet set = one(scores, positive);

        List<double[]> points = Classification.roc(set, 0);

        assertThat(points).hasSizeBetween(5000, 20_000);
        assertThat(points.get(0)).containsExactly(0, 0);
        assertThat(points.get(points.size() - 1)).containsExactly(1, 1);
        double area = 0;
        for (int i = 1; i < points.size(); i++) {
            double[] from = points.get(i - 1);
            double[] to = points.get(i);
            assertThat(to[0]).isGreaterThanOrEqualTo(from[0]);
            assertThat(to[1]).isGreaterThanOrEqualTo(from[1]);
            area += (to[0] - from[0]) * (from[1] + to[1]) / 2;
        }
        assertThat(area).isCloseTo(Classification.deLong(set, 0).auc(), within(1e-6));
    }

    @Test
    void aRocCurveOfFewImagesHasAPointForEach() {
        int images = 5000;
        double[] scores =
                IntStream.range(0, images).mapToDouble(i -> i / 5000.0).toArray();
        boolean[] positive = new boolean[images];
        for (int i = 0; i < images; i += 3) {
            positive[i] = true;
        }

        assertThat(Classification.roc(one(scores, positive), 0)).hasSize(images + 1);
    }

    @Test
    void aWeightIsARepetition() {
        ScoreSet set = random(10);
        int[] weights = new Random(3).ints(set.patientCount(), 0, 4).toArray();
        List<ScoreSet.Image> repeated = new ArrayList<>();
        for (int i = 0; i < set.imageCount(); i++) {
            for (int copy = 0; copy < weights[set.patientOf(i)]; copy++) {
                repeated.add(new ScoreSet.Image(
                        "" + set.patientOf(i),
                        new double[] {set.probability(i, 0), set.probability(i, 1)},
                        new boolean[] {set.positive(i, 0), set.positive(i, 1)}));
            }
        }
        ScoreSet expected = new ScoreSet(LABELS, repeated);
        for (Metric metric : Classification.metrics(set, CUTOFFS)) {
            assertThat(metric.of(weights))
                    .as(metric.name())
                    .containsExactly(metric(expected, metric.name()).of(expected.once()), within(1e-12));
        }
    }

    /** The example of scikit-learn's roc_auc_score and average_precision_score: 0.75 and 0.83. */
    @Test
    void scikitLearnsExample() {
        ScoreSet set = one(new double[] {0.1, 0.4, 0.35, 0.8}, new boolean[] {false, false, true, true});

        assertThat(metric(set, "AUC").of(set.once())[0]).isEqualTo(0.75);
        assertThat(metric(set, "AUPRC").of(set.once())[0]).isCloseTo(0.8333333333, within(1e-9));
        assertThat(Classification.roc(set, 0))
                .containsExactly(
                        new double[] {0, 0},
                        new double[] {0, 0.5},
                        new double[] {0.5, 0.5},
                        new double[] {0.5, 1},
                        new double[] {1, 1});
    }

    /** Table I of Newcombe, Statistics in Medicine 1998, method 3. */
    @ParameterizedTest
    @CsvSource({"81, 263, .2553, .3662", "15, 148, .0624, .1605", "0, 20, .0000, .1611", "1, 29, .0061, .1718"})
    void wilsonsIntervalIsThatOfNewcombesTable(int hits, int n, double low, double high) {
        assertThat(Interval.wilson(hits, n).low()).isCloseTo(low, within(0.00005));
        assertThat(Interval.wilson(hits, n).high()).isCloseTo(high, within(0.00005));
    }

    @Test
    void whatIsNotDefinedIsNotANumber() {
        ScoreSet set = one(new double[] {0.1, 0.4}, new boolean[] {false, false});

        assertThat(metric(set, "AUC").of(set.once())).containsOnly(Double.NaN);
        assertThat(metric(set, "AUPRC").of(set.once())[0]).isNaN();
        assertThat(Classification.deLong(set, 0).interval()).isEqualTo(Interval.NONE);
        assertThat(Classification.at(set, 0, 0.5).sensitivity()).isNaN();
        assertThat(Classification.at(set, 0, 0.5).sensitivityInterval()).isEqualTo(Interval.NONE);
        assertThat(Classification.roc(set, 0)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> one(new double[] {Double.NaN}, new boolean[] {true}));
    }
}
