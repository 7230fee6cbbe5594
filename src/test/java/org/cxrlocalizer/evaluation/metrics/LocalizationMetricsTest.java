// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.ScoredBox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each figure against a slow version that follows its definition word by word, on random data with ties. */
class LocalizationMetricsTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void wangsFiguresAreThoseOfTheDefinition(long seed) {
        RandomCases cases = new RandomCases(seed);
        List<Metric> metrics = WangProtocol.metrics(cases.set, cases.detections());
        for (double threshold : WangProtocol.IOU_THRESHOLDS) {
            double[] accuracy = values(cases, named(metrics, "Acc at T(IoU) = " + threshold));
            double[] falseBoxes = values(cases, named(metrics, "AFP at T(IoU) = " + threshold));
            for (int k = 0; k < RandomCases.LABELS.size(); k++) {
                int label = k;
                List<TruthSet.Truth> truths = cases.set.truths().stream()
                        .filter(truth -> truth.label() == label)
                        .toList();
                long hit = truths.stream()
                        .filter(truth -> cases.detections().of(truth.image(), label).stream()
                                .anyMatch(found -> found.box().iou(truth.box()) > threshold))
                        .count();
                assertThat(accuracy[k]).isEqualTo((double) hit / truths.size());
                long wrong = IntStream.range(0, cases.set.images().size())
                        .mapToLong(image -> cases.detections().of(image, label).stream()
                                .filter(found -> cases.set.boxes(image, label).stream()
                                        .noneMatch(truth -> found.box().iou(truth) > threshold))
                                .count())
                        .sum();
                assertThat(falseBoxes[k])
                        .isCloseTo((double) wrong / cases.set.truths().size(), within(1e-12));
            }
            if (WangProtocol.COUNT_THRESHOLDS.contains(threshold)) {
                double[] perImage = values(
                        cases,
                        named(
                                WangProtocol.counts(cases.set, cases.detections()),
                                "False boxes per image at T(IoU) = " + threshold));
                for (int k = 0; k < perImage.length; k++) {
                    assertThat(perImage[k])
                            .isCloseTo(
                                    falseBoxes[k]
                                            * cases.set.truths().size()
                                            / cases.set.images().size(),
                                    within(1e-12));
                }
            }
            assertThat(accuracy[3]).isCloseTo((accuracy[0] + accuracy[1] + accuracy[2]) / 3, within(1e-12));
            assertThat(falseBoxes[4]).isCloseTo(falseBoxes[0] + falseBoxes[1] + falseBoxes[2], within(1e-12));
        }
    }

    @Test
    void boxesPerMapAreThoseOfAllImages() {
        RandomCases cases = new RandomCases(6);
        int images = cases.set.images().size();

        double[] boxes = values(cases, named(WangProtocol.counts(cases.set, cases.detections()), "Boxes per map"));

        int all = 0;
        for (int label = 0; label < 3; label++) {
            int found = 0;
            for (int image = 0; image < images; image++) {
                found += cases.detections().of(image, label).size();
            }
            assertThat(boxes[label]).isCloseTo((double) found / images, within(1e-12));
            all += found;
        }
        assertThat(boxes[3]).isCloseTo(all / 3.0 / images, within(1e-12));
        assertThat(boxes[4]).isEqualTo(boxes[3]);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15})
    void averagePrecisionAndFrocAreThoseOfEveryCutOfTheScores(long seed) {
        RandomCases cases = new RandomCases(seed);
        List<Metric> metrics = OneToOne.metrics(cases.set, cases.detections());
        for (double threshold : List.of(0.1, 0.3, 0.5)) {
            double[] precision = values(cases, named(metrics, "AP at T(IoU) = " + threshold));
            double[] recall = values(cases, named(metrics, "Recall at T(IoU) = " + threshold));
            double[] froc = values(
                    cases, named(metrics, "FROC at T(IoU) = %s, 0.5 false boxes per image".formatted(threshold)));
            for (int k = 0; k < RandomCases.LABELS.size(); k++) {
                List<double[]> points = curve(cases, k, threshold);
                assertThat(precision[k]).isCloseTo(slowAveragePrecision(points), within(1e-12));
                assertThat(recall[k])
                        .isCloseTo(points.stream().mapToDouble(p -> p[0]).max().orElse(0), within(1e-12));
                assertThat(froc[k])
                        .isCloseTo(
                                points.stream()
                                        .filter(p -> p[2] <= 0.5)
                                        .mapToDouble(p -> p[0])
                                        .max()
                                        .orElse(0),
                                within(1e-12));
            }
        }
        double[] mean = values(cases, named(metrics, "mAP over T(IoU) = 0.1 to 0.7"));
        double sum = 0;
        for (double threshold : WangProtocol.IOU_THRESHOLDS) {
            sum += values(cases, named(metrics, "AP at T(IoU) = " + threshold))[3];
        }
        assertThat(mean[3]).isCloseTo(sum / 7, within(1e-12));
    }

    /**
     * Cases 4 and 5 of MONAI's test_compute_froc.py: two images, four targets, found with scores 1, 1, .8, .8, and two false
     * ones of .8 and .6; the mean over the six rates is .95833333, and .75 at a rate of .25. MONAI draws a straight line
     * between the points (0, .5) and (.5, 1); ours is what the boxes down to some score reach, .5.
     */
    @Test
    void frocIsThatOfMonaiAtItsPoints() {
        List<Box> targets = List.of(new Box(0, 0, 10, 10), new Box(50, 50, 10, 10));
        TruthSet set = new TruthSet(
                List.of("Mass"),
                List.of(
                        new TruthSet.Image("a", "a", Map.of("Mass", targets)),
                        new TruthSet.Image("b", "b", Map.of("Mass", targets))));
        Box elsewhere = new Box(90, 90, 5, 5);
        List<List<ScoredBox>> found = List.of(
                List.of(
                        new ScoredBox(targets.get(0), 1),
                        new ScoredBox(targets.get(1), 1),
                        new ScoredBox(elsewhere, 0.8)),
                List.of(
                        new ScoredBox(targets.get(0), 0.8),
                        new ScoredBox(targets.get(1), 0.8),
                        new ScoredBox(elsewhere, 0.6)));
        List<Metric> metrics = OneToOne.metrics(set, (image, label) -> found.get(image));
        double[] at = Stream.of(0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
                .mapToDouble(rate -> named(metrics, "FROC at T(IoU) = 0.5, %s false boxes per image".formatted(rate))
                        .of(set.once())[0])
                .toArray();

        assertThat(at).containsExactly(0.5, 1, 1, 1, 1, 1);
        double drawn = (at[0] + at[1]) / 2;
        assertThat(drawn).isEqualTo(0.75);
        assertThat((drawn + at[1] + at[2] + at[3] + at[4] + at[5]) / 6).isCloseTo(0.95833333, within(1e-8));
    }

    /** Recall, precision and false boxes per image when only boxes of at least each score are shown. */
    private static List<double[]> curve(RandomCases cases, int label, double threshold) {
        Set<Double> scores = new TreeSet<>(Comparator.reverseOrder());
        cases.found.values().forEach(boxes -> boxes.forEach(box -> scores.add(box.score())));
        List<double[]> points = new ArrayList<>();
        long truths = cases.set.truths().stream()
                .filter(truth -> truth.label() == label)
                .count();
        for (double score : scores) {
            int correct = 0;
            int wrong = 0;
            for (int image = 0; image < cases.set.images().size(); image++) {
                List<Box> free = new ArrayList<>(cases.set.boxes(image, label));
                for (ScoredBox found : cases.detections().of(image, label)) {
                    if (found.score() >= score) {
                        Box best = free.stream()
                                .filter(truth -> found.box().iou(truth) > threshold)
                                .max(Comparator.comparingDouble(
                                        truth -> found.box().iou(truth)))
                                .orElse(null);
                        if (best == null) {
                            wrong++;
                        } else {
                            free.remove(best);
                            correct++;
                        }
                    }
                }
            }
            if (correct + wrong > 0) {
                points.add(new double[] {
                    (double) correct / truths,
                    (double) correct / (correct + wrong),
                    (double) wrong / cases.set.images().size()
                });
            }
        }
        return points;
    }

    /** For each step of recall, the largest precision at that recall or above. */
    private static double slowAveragePrecision(List<double[]> points) {
        double area = 0;
        double before = 0;
        for (double recall :
                new TreeSet<>(points.stream().map(point -> point[0]).toList())) {
            double precision = points.stream()
                    .filter(point -> point[0] >= recall)
                    .mapToDouble(point -> point[1])
                    .max()
                    .orElseThrow();
            area += (recall - before) * precision;
            before = recall;
        }
        return area;
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void theBestLevelIsTheBestOfAllCuts(long seed) {
        RandomCases cases = new RandomCases(seed);
        List<Metric> metrics = LevelMetrics.metrics(cases.set, cases.classMaps());
        double[] first = values(cases, named(metrics, "MaxBoxAcc"));
        double[] second = values(cases, named(metrics, "MaxBoxAccV2"));
        for (int k = 0; k < RandomCases.LABELS.size(); k++) {
            int label = k;
            List<TruthSet.Truth> truths = cases.set.truths().stream()
                    .filter(truth -> truth.label() == label)
                    .toList();
            double[] most = new double[4];
            double[] thresholds = {0.5, 0.3, 0.5, 0.7};
            for (int level = 0; level < 100; level++) {
                double[] hits = new double[4];
                for (TruthSet.Truth truth : truths) {
                    ClassActivationMap map =
                            Objects.requireNonNull(cases.classMaps().of(truth.image(), label));
                    double cut = map.minimum() + ((double) map.maximum() - map.minimum()) * level / 100;
                    List<Box> boxes = map.boxesAbove(new double[] {cut}, ImageFrame.stretch(1024, 1024))
                            .get(0);
                    double largest = boxes.stream()
                            .max(Comparator.comparingDouble(Box::area))
                            .map(box -> box.iou(truth.box()))
                            .orElse(0.0);
                    double best = boxes.stream()
                            .mapToDouble(box -> box.iou(truth.box()))
                            .max()
                            .orElse(0);
                    hits[0] += largest > thresholds[0] ? 1 : 0;
                    for (int i = 1; i < 4; i++) {
                        hits[i] += best > thresholds[i] ? 1 : 0;
                    }
                }
                for (int i = 0; i < 4; i++) {
                    most[i] = Math.max(most[i], hits[i] / truths.size());
                }
            }
            assertThat(first[k]).isCloseTo(most[0], within(1e-12));
            assertThat(second[k]).isCloseTo((most[1] + most[2] + most[3]) / 3, within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32})
    void pixelFiguresAreThoseOfThePixels(long seed) {
        RandomCases cases = new RandomCases(seed);
        List<Metric> metrics = PixelMetrics.metrics(cases.set, cases.classMaps());
        double[] precision = values(cases, named(metrics, "PxAP"));
        double[] pointing = values(cases, named(metrics, "Pointing game"));
        double[] energy = values(cases, named(metrics, "Energy-based pointing game"));
        for (int k = 0; k < RandomCases.LABELS.size(); k++) {
            int label = k;
            List<TruthSet.Truth> truths = cases.set.truths().stream()
                    .filter(truth -> truth.label() == label)
                    .toList();
            double[][] pixels = new double[256][2];
            double pointed = 0;
            double shares = 0;
            for (TruthSet.Truth truth : truths) {
                ClassActivationMap map =
                        Objects.requireNonNull(cases.classMaps().of(truth.image(), label));
                List<Box> boxes = cases.set.boxes(truth.image(), label);
                double inside = 0;
                double all = 0;
                for (int i = 0; i < 256 * 256; i++) {
                    int column = i % 256;
                    int row = i / 256;
                    double value = map.at((column + 0.5) / 256, (row + 0.5) / 256);
                    boolean isIn = holds(boxes, column * 4 + 2, row * 4 + 2);
                    int bin = (int) Math.floor((value - map.minimum()) / (map.maximum() - map.minimum()) * 256);
                    pixels[Math.min(bin, 255)][isIn ? 0 : 1]++;
                    all += Math.max(0, value);
                    inside += isIn ? Math.max(0, value) : 0;
                }
                shares += inside / all;
                int peak = IntStream.range(0, 12)
                        .boxed()
                        .max(Comparator.<Integer>comparingDouble(i -> map.values()[i])
                                .thenComparing(Comparator.reverseOrder()))
                        .orElseThrow();
                int row = peak / 4;
                pointed += holds(boxes, (peak % 4 + 0.5) * 256, (row + 0.5) * 1024 / 3) ? 1 : 0;
            }
            assertThat(pointing[k]).isCloseTo(pointed / truths.size(), within(1e-12));
            assertThat(energy[k]).isCloseTo(shares / truths.size(), within(1e-9));
            assertThat(precision[k]).isCloseTo(slowPixelPrecision(pixels), within(1e-9));
        }
    }

    private static boolean holds(List<Box> boxes, double x, double y) {
        for (Box box : boxes) { // a stream for each of some million pixels takes seconds
            if (x >= box.x() && x < box.right() && y >= box.y() && y < box.bottom()) {
                return true;
            }
        }
        return false;
    }

    /**
     * At each level: precision of the pixels at or above it, times the recall that the level adds.
     *
     * @param pixels by level, the number inside and outside of the boxes
     */
    private static double slowPixelPrecision(double[][] pixels) {
        double[] in = Arrays.stream(pixels).mapToDouble(level -> level[0]).toArray();
        double[] all =
                Arrays.stream(pixels).mapToDouble(level -> level[0] + level[1]).toArray();
        double area = 0;
        for (int level = 255; level >= 0; level--) {
            double right = Arrays.stream(in, level, 256).sum();
            double found = Arrays.stream(all, level, 256).sum();
            area += found == 0 ? 0 : in[level] / Arrays.stream(in).sum() * right / found;
        }
        return area;
    }

    /** What makes the bootstrap right: counting a patient twice is the same as scoring its images twice. */
    @ParameterizedTest
    @ValueSource(longs = {41, 42})
    void aWeightIsARepetition(long seed) {
        RandomCases cases = new RandomCases(seed);
        int[] weights = new Random(seed).ints(cases.set.patientCount(), 0, 4).toArray();
        RandomCases repeated = cases.repeated(weights);

        List<Metric> weighted = all(cases);
        List<Metric> plain = all(repeated);
        for (int i = 0; i < weighted.size(); i++) {
            double[] expected = plain.get(i).of(repeated.set.once());
            assertThat(weighted.get(i).of(weights)).as(weighted.get(i).name()).containsExactly(expected, within(1e-12));
        }
        assertThat(new HashSet<>(weighted.stream().map(Metric::name).toList())).hasSameSizeAs(weighted);
    }

    private static List<Metric> all(RandomCases cases) {
        List<Metric> metrics = new ArrayList<>(WangProtocol.metrics(cases.set, cases.detections()));
        metrics.addAll(WangProtocol.counts(cases.set, cases.detections()));
        metrics.addAll(OneToOne.metrics(cases.set, cases.detections()));
        metrics.addAll(LevelMetrics.metrics(cases.set, cases.classMaps()));
        metrics.addAll(PixelMetrics.metrics(cases.set, cases.classMaps()));
        return metrics;
    }

    private static Metric named(List<Metric> metrics, String name) {
        return metrics.stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not among "
                        + Arrays.toString(metrics.stream().map(Metric::name).toArray())));
    }

    private static double[] values(RandomCases cases, Metric metric) {
        return metric.of(cases.set.once());
    }
}
