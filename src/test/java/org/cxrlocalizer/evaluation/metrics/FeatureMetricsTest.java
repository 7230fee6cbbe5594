// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cxrlocalizer.dataset.ImageSize;
import org.cxrlocalizer.dataset.PixelMask;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.ScoredBox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slopes and rank correlations by hand, and against lists in which a pair stands as often as it counts. */
class FeatureMetricsTest {

    private static final List<String> MASS = List.of("Mass");

    /** Areas and elongations are as 1 : 2 : 3 : 5; scaled they are 0, 1/4, 1/2 and 1. */
    private static final TruthSet FOUR =
            new TruthSet(MASS, List.of(image("a", 100), image("b", 200), image("c", 300), image("d", 500)));

    private static TruthSet.Image image(String name, double width) {
        return new TruthSet.Image(name, name, Map.of("Mass", List.of(new Box(200, 200, width, 100))));
    }

    /** The two larger boxes are found exactly, and have the peak of the map. */
    private static final Detections LARGER = (image, label) -> image < 2
            ? List.of()
            : FOUR.boxes(image, label).stream()
                    .map(box -> new ScoredBox(box, 1.0))
                    .toList();

    private static final ClassMaps PEAKS = new ClassMaps() {
        @Override
        public ClassActivationMap of(int image, int label) {
            return new ClassActivationMap(2, 2, image < 2 ? new float[] {0, 0, 0, 1} : new float[] {1, 0, 0, 0});
        }

        @Override
        public ImageFrame frame(int image) {
            return ImageFrame.stretch(1024, 1024);
        }
    };

    private static Feature feature(TruthSet set, String name) {
        return Feature.ofTruth(set, truth -> null).stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static double value(List<Metric> metrics, String name, int[] weights, int place) {
        return metrics.stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow()
                .of(weights)[place];
    }

    @Test
    void theFeaturesOfABoxAreNumberSizeAndElongation() {
        assertThat(feature(FOUR, "number of boxes").values()).containsExactly(1, 1, 1, 1);
        assertThat(feature(FOUR, "size").values()[3]).isEqualTo(500 * 100 / (1024.0 * 1024));
        assertThat(feature(FOUR, "elongation").values()).containsExactly(1, 2, 3, 5);
        assertThat(feature(FOUR, "elongation").scaled()).containsExactly(0, 0.25, 0.5, 1);
    }

    @Test
    void theFeaturesOfMasksAreThoseOfTheirPixels() {
        ImageSize size = new ImageSize(20, 10);
        TruthSet set = new TruthSet(
                MASS, List.of(new TruthSet.Image("a", "a", size, Map.of("Mass", List.of(new Box(2, 3, 3, 4))))));
        PixelMask corner = new PixelMask(size, new int[] {23, 27, 36, 37, 46, 47});

        assertThat(Feature.ofTruth(set, truth -> corner))
                .extracting(Feature::name)
                .containsExactly("number of boxes", "size", "elongation", "irrectangularity");
        assertThat(Feature.ofTruth(set, truth -> corner))
                .extracting(it -> it.values()[0])
                .as("6 of 200 pixels, in a rectangle of 3 and 4")
                .containsExactly(1.0, 0.03, 4.0 / 3, 0.5);
    }

    /** Means 7/16 and 1/2; products 5/8 over squares 35/64 are 8/7. Ranks 1, 2, 3, 4 and 1.5, 1.5, 3.5, 3.5: 4 / √(5 · 4). */
    @Test
    void slopeAndRankCorrelationAreThoseByHand() {
        List<Metric> metrics = FeatureMetrics.metrics(
                FOUR, List.of(feature(FOUR, "size"), feature(FOUR, "elongation")), LARGER, PEAKS);

        for (String feature : List.of("size", "elongation")) {
            for (int place = 0; place < 3; place++) {
                for (String of : List.of("hits", "the IoU")) {
                    assertThat(value(metrics, "Slope of %s, %s".formatted(of, feature), FOUR.once(), place))
                            .isCloseTo(8.0 / 7, within(1e-12));
                    assertThat(value(metrics, "Rank correlation of %s, %s".formatted(of, feature), FOUR.once(), place))
                            .isCloseTo(4 / Math.sqrt(20), within(1e-12));
                }
            }
        }
    }

    @Test
    void aFeatureThatIsTheSameEverywhereHasNeither() {
        List<Metric> metrics = FeatureMetrics.metrics(FOUR, List.of(feature(FOUR, "number of boxes")), LARGER, PEAKS);

        assertThat(metrics).hasSize(4).allSatisfy(metric -> assertThat(metric.of(FOUR.once()))
                .as(metric.name())
                .containsOnly(Double.NaN));
        assertThat(value(
                        FeatureMetrics.metrics(FOUR, List.of(feature(FOUR, "size")), LARGER, PEAKS),
                        "Rank correlation of hits, size",
                        new int[] {1, 3, 0, 0},
                        0))
                .as("hits that are the same in a draw")
                .isNaN();
    }

    @Test
    void boxesWithoutAProbabilityDoNotCount() {
        double[] probabilities = {Double.NaN, 0.2, 0.4, 0.8};
        Feature probability = Feature.probability(FOUR, truth -> probabilities[truth.image()]);
        List<Metric> metrics = FeatureMetrics.metrics(FOUR, List.of(probability), LARGER, null);

        assertThat(metrics)
                .extracting(Metric::name)
                .as("a system without maps has no hits")
                .containsExactly("Slope of the IoU, probability", "Rank correlation of the IoU, probability");
        assertThat(metrics.get(0).of(FOUR.once())[0])
                .as("products 4/15 over squares 14/75, not scaled")
                .isCloseTo(4.0 / 15 / (14.0 / 75), within(1e-12));
        assertThat(metrics.get(0).counts(new long[] {4})).containsExactly(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void patientsCountAsOftenAsTheyAreDrawn(long seed) {
        RandomCases cases = new RandomCases(seed);
        Random random = new Random(seed);
        int[] weights = random.ints(cases.set.patientCount(), 0, 4).toArray();
        Feature size = feature(cases.set, "size");
        List<Metric> metrics = FeatureMetrics.metrics(cases.set, List.of(size), cases.detections(), cases.classMaps());
        double[] overlaps = WangProtocol.largest(cases.set, cases.detections(), WangProtocol.Overlap.IOU);
        double least = Arrays.stream(size.values()).min().orElseThrow();
        double range = Arrays.stream(size.values()).max().orElseThrow() - least;
        for (int label = 0; label <= RandomCases.LABELS.size(); label++) {
            List<double[]> pairs = new ArrayList<>();
            for (int i = 0; i < overlaps.length; i++) {
                TruthSet.Truth truth = cases.set.truths().get(i);
                for (int n = 0; n < weights[truth.patient()]; n++) {
                    if (label == RandomCases.LABELS.size() || truth.label() == label) {
                        pairs.add(new double[] {(size.values()[i] - least) / range, overlaps[i]});
                    }
                }
            }
            int place = label == RandomCases.LABELS.size() ? label + 1 : label;
            assertThat(value(metrics, "Slope of the IoU, size", weights, place))
                    .isCloseTo(correlation(pairs) * deviation(pairs, 1) / deviation(pairs, 0), within(1e-9));
            List<double[]> ranks = pairs.stream()
                    .map(pair -> new double[] {rank(pairs, pair, 0), rank(pairs, pair, 1)})
                    .toList();
            assertThat(value(metrics, "Rank correlation of the IoU, size", weights, place))
                    .isCloseTo(correlation(ranks), within(1e-9));
        }
    }

    /** The mean of the places that a value has among the sorted ones. */
    private static double rank(List<double[]> pairs, double[] pair, int axis) {
        long below = pairs.stream().filter(other -> other[axis] < pair[axis]).count();
        long equal = pairs.stream().filter(other -> other[axis] == pair[axis]).count();
        return below + (equal + 1) / 2.0;
    }

    private static double mean(List<double[]> pairs, int axis) {
        return pairs.stream().mapToDouble(pair -> pair[axis]).average().orElseThrow();
    }

    private static double deviation(List<double[]> pairs, int axis) {
        double mean = mean(pairs, axis);
        return Math.sqrt(pairs.stream()
                .mapToDouble(pair -> (pair[axis] - mean) * (pair[axis] - mean))
                .average()
                .orElseThrow());
    }

    private static double correlation(List<double[]> pairs) {
        double covariance =
                pairs.stream().mapToDouble(pair -> pair[0] * pair[1]).average().orElseThrow()
                        - mean(pairs, 0) * mean(pairs, 1);
        return covariance / deviation(pairs, 0) / deviation(pairs, 1);
    }
}
