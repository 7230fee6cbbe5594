// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ScoredBox;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    private static final Box BOX = new Box(0, 0, 10, 10);

    /** Of 100 patients with one image each, 30 are found. */
    private static TruthSet hundred(int imagesOfAPatient) {
        return new TruthSet(
                List.of("Mass"),
                IntStream.range(0, 100 * imagesOfAPatient)
                        .mapToObj(i ->
                                new TruthSet.Image("image " + i, "patient " + i % 100, Map.of("Mass", List.of(BOX))))
                        .toList());
    }

    private static final Detections THIRTY =
            (image, label) -> image % 100 < 30 ? List.of(new ScoredBox(BOX, 1)) : List.of();

    private static Interval interval(TruthSet set) {
        List<Metric> figures = List.of(OneToOne.meanIou(set, THIRTY));
        return new Bootstrap(5, 4000)
                .intervals(set.patientCount(), figures)
                .get(0)
                .get(0);
    }

    @Test
    void aShareHasNearlyTheIntervalOfTheBinomial() {
        // Of 100 independent cases with p = 0.3: 0.3 ± 1.96 · sqrt(0.3 · 0.7 / 100) = 0.210 … 0.390.
        assertThat(interval(hundred(1)).low()).isCloseTo(0.21, within(0.011));
        assertThat(interval(hundred(1)).high()).isCloseTo(0.39, within(0.011));
    }

    @Test
    void moreImagesOfTheSamePatientsDoNotNarrowIt() {
        assertThat(interval(hundred(5))).isEqualTo(interval(hundred(1)));
    }

    @Test
    void theSameSeedGivesTheSameIntervalHoweverManyThreads() throws Exception {
        RandomCases cases = new RandomCases(3);
        List<Metric> figures = WangProtocol.metrics(cases.set, cases.detections());
        Bootstrap bootstrap = new Bootstrap(9, 200);
        List<List<Interval>> expected = bootstrap.intervals(cases.set.patientCount(), figures);
        ForkJoinPool single = new ForkJoinPool(1);
        try {
            assertThat(single.submit(() -> bootstrap.intervals(cases.set.patientCount(), figures))
                            .get())
                    .isEqualTo(expected);
        } finally {
            single.shutdown();
        }
        assertThat(new Bootstrap(10, 200).intervals(cases.set.patientCount(), figures))
                .isNotEqualTo(expected);
    }

    /** All draws of all figures at once, as they were before there were blocks. */
    private static List<List<Interval>> inOneBlock(Bootstrap bootstrap, int patients, List<Metric> figures) {
        SplittableRandom root = new SplittableRandom(bootstrap.seed());
        double[][][] drawn = new double[bootstrap.draws()][][];
        for (int draw = 0; draw < drawn.length; draw++) {
            SplittableRandom random = root.split();
            int[] weights = new int[patients];
            for (int i = 0; i < patients; i++) {
                weights[random.nextInt(patients)]++;
            }
            drawn[draw] = figures.stream().map(figure -> figure.of(weights)).toArray(double[][]::new);
        }
        return IntStream.range(0, figures.size())
                .mapToObj(figure -> IntStream.range(0, drawn[0][figure].length)
                        .mapToObj(value -> percentiles(Arrays.stream(drawn)
                                .mapToDouble(draw -> draw[figure][value])
                                .filter(number -> !Double.isNaN(number))
                                .sorted()
                                .toArray()))
                        .toList())
                .toList();
    }

    private static Interval percentiles(double[] sorted) {
        double[] ends = DoubleStream.of(0.025, 0.975)
                .map(share -> {
                    double rank = share * (sorted.length - 1);
                    int lower = (int) Math.floor(rank);
                    int upper = (int) Math.min(lower + 1.0, sorted.length - 1.0);
                    return sorted[lower] + (rank - lower) * (sorted[upper] - sorted[lower]);
                })
                .toArray();
        return new Interval(ends[0], ends[1]);
    }

    @Test
    void blocksOfFiguresChangeNoInterval() {
        RandomCases cases = new RandomCases(3);
        List<Metric> figures = WangProtocol.accuracies(cases.set, cases.detections(), WangProtocol.Overlap.IOU);
        // 4 million drawn values are a block: these are 7 million.
        Bootstrap bootstrap = new Bootstrap(9, 200_000);

        assertThat(bootstrap.intervals(cases.set.patientCount(), figures))
                .isEqualTo(inOneBlock(bootstrap, cases.set.patientCount(), figures));
    }

    @Test
    void aBlockIsAsLargeAsStated() {
        assertThat(new Bootstrap(1, 4).blockBytes(16, 1000)).isEqualTo(32_000);
        assertThat(new Bootstrap(1, 10_000).blockBytes(16, 1000)).isEqualTo(32 << 20);
        assertThat(new Bootstrap(1, 1_000_000).blockBytes(16, 1000)).isEqualTo(128_000_000);
    }

    @Test
    void aFigureDiffersFromItselfByNothing() {
        TruthSet set = hundred(1);
        Metric figure = OneToOne.meanIou(set, THIRTY);
        Metric nothing = OneToOne.meanIou(set, (image, label) -> List.of());

        assertThat(new Bootstrap(1, 100)
                        .intervals(100, List.of(new Difference(figure, figure)))
                        .get(0))
                .containsOnly(new Interval(0, 0));
        assertThat(new Difference(figure, nothing).of(set.once())[0]).isCloseTo(0.3, within(1e-12));
    }

    @Test
    void noDrawsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Bootstrap(1, 0));
    }
}
