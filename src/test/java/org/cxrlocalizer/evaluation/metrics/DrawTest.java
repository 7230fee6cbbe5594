// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What figures of a draw have in common is computed once, and changes none of them. */
class DrawTest {

    /** A figure that counts how often it is computed. */
    private record Counted(AtomicInteger times) implements Metric {

        @Override
        public String name() {
            return "counted";
        }

        @Override
        public double[] of(Draw draw) {
            times.incrementAndGet();
            return new double[] {1, 1, 1};
        }
    }

    @Test
    void whatSeveralFiguresNeedIsComputedOnceInADraw() {
        Counted counted = new Counted(new AtomicInteger());
        List<Metric> figures = List.of(
                counted,
                new MeanMetric("mean", List.of(counted, counted)),
                new Difference(counted, counted),
                new Difference(new MeanMetric("another", List.of(counted)), counted));

        new Bootstrap(1, 10).intervals(3, figures);

        assertThat(counted.times())
                .as("once in each draw, and once for the number of values")
                .hasValue(11);
    }

    @Test
    void equalFiguresOfDifferentSetsAreNotMistakenForEachOther() {
        Draw draw = new Draw(new int[] {1, 2});
        Draw.Shared<List<String>> one = drawn -> new ArrayList<>(List.of("one"));
        Draw.Shared<List<String>> other = drawn -> new ArrayList<>(List.of("other"));

        assertThat(draw.get(one)).isSameAs(draw.get(one)).containsExactly("one");
        assertThat(draw.get(other)).containsExactly("other");
    }

    @Test
    void aPatientThatIsDrawnVeryOftenCountsAsOften() {
        int[] patients = {0, 1, 1, 2};

        assertThat(new Draw(new int[] {127, 2, 0}).weight(patients)).isEqualTo(131);
        assertThat(new Draw(new int[] {128, 2, 1_000_000}).weight(patients)).isEqualTo(1_000_132);
        assertThat(new Draw(new int[] {128, 2, 7}).weights(patients, new int[] {0, 1, 4}))
                .containsExactly(0, 128, 139);
    }

    @Test
    void sumsAreThoseOfTheirPatientsInEveryBlock() {
        Random random = new Random(6);
        for (int most : new int[] {3, 1000}) {
            for (int size : new int[] {0, 1, 2047, 2048, 2049, 5000}) {
                int[] patients = random.ints(size, 0, 9).toArray();
                int[] weights = random.ints(9, 0, most).toArray();
                int[] ends = random.ints(40, 0, size + 1).sorted().toArray();

                assertThat(new Draw(weights).weights(patients, ends))
                        .containsExactly(IntStream.of(ends)
                                .mapToLong(end -> Arrays.stream(patients, 0, end)
                                        .map(patient -> weights[patient])
                                        .sum())
                                .toArray());
            }
        }
    }

    @Test
    void noFigureChangesTheValuesOfAnother() {
        RandomCases cases = new RandomCases(5);
        List<Metric> figures = new ArrayList<>(WangProtocol.metrics(cases.set, cases.detections()));
        figures.addAll(WangProtocol.counts(cases.set, cases.detections()));
        figures.addAll(OneToOne.metricsAndErrorTypes(cases.set, cases.detections()));
        figures.addAll(OneToOne.robustDetection(cases.set, cases.detections()));
        figures.addAll(LevelMetrics.metrics(cases.set, cases.classMaps()));
        List<Metric> differences = figures.stream()
                .<Metric>map(figure -> new Difference(figure, figures.get(0)))
                .toList();
        int[] weights =
                IntStream.range(0, cases.set.patientCount()).map(i -> i % 3).toArray();

        Draw shared = new Draw(weights);
        figures.forEach(shared::values);
        differences.forEach(shared::values);

        figures.forEach(
                figure -> assertThat(shared.values(figure)).as(figure.name()).containsExactly(figure.of(weights)));
    }

    @Test
    void aRankingServesErrorTypesAsItsOwnDoes() {
        RandomCases cases = new RandomCases(8);
        List<Metric> alone = new ArrayList<>(OneToOne.metrics(cases.set, cases.detections()));
        alone.addAll(OneToOne.errorTypes(cases.set, cases.detections()));

        List<Metric> together = OneToOne.metricsAndErrorTypes(cases.set, cases.detections());

        assertThat(together)
                .extracting(Metric::name)
                .containsExactlyElementsOf(alone.stream().map(Metric::name).toList());
        for (int i = 0; i < alone.size(); i++) {
            assertThat(together.get(i).of(cases.set.once()))
                    .as(alone.get(i).name())
                    .containsExactly(alone.get(i).of(cases.set.once()));
        }
    }

    @Test
    void imagesWithoutATrueBoxCountWithTheirBoxes() {
        RandomCases cases = new RandomCases(9);
        List<TruthSet.Image> images = new ArrayList<>(cases.set.images());
        int truths = images.size();
        IntStream.range(0, 20)
                .forEach(i -> images.add(new TruthSet.Image("empty " + i, "patient " + i % 15, Map.of())));
        TruthSet set = new TruthSet(RandomCases.LABELS, images);
        Detections detections = (image, label) -> cases.detections().of(image % truths, label);

        double[] alone = OneToOne.metrics(cases.set, cases.detections()).get(0).of(cases.set.once());
        double[] withOthers = OneToOne.metrics(set, detections).get(0).of(set.once());

        assertThat(Arrays.stream(withOthers).limit(3)).allMatch(value -> value > 0);
        for (int label = 0; label < 3; label++) {
            assertThat(withOthers[label]).isLessThan(alone[label]);
        }
    }
}
