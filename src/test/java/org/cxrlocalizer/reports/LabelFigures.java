// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.cxrlocalizer.evaluation.metrics.Interval;

/**
 * How far labels agree with annotations: F1 with a bootstrap over reports, precision and recall with Wilson's interval.
 *
 * @param cases for each report, by label: 1 where it is annotated, and 2 more where it was found
 */
record LabelFigures(List<byte[]> cases) {

    private static final int DRAWS = 1000;
    private static final long SEED = 28;

    /** Reports with a label found and annotated, found alone, annotated alone. */
    record Counts(int both, int found, int annotated) {

        double f1() {
            return both == 0 ? 0 : 2.0 * both / (2 * both + found + annotated);
        }

        Counts plus(Counts other) {
            return new Counts(both + other.both, found + other.found, annotated + other.annotated);
        }
    }

    Counts counts(int label) {
        int[] counts = new int[4];
        cases.forEach(it -> counts[it[label]]++);
        return new Counts(counts[3], counts[2], counts[1]);
    }

    /** The labels that are annotated in at least one report: the others have no F1. */
    private List<Integer> scored() {
        return IntStream.range(0, ReportLabels.LABELS.size())
                .filter(label -> counts(label).both + counts(label).annotated > 0)
                .boxed()
                .toList();
    }

    double micro() {
        return scored().stream()
                .map(this::counts)
                .reduce(new Counts(0, 0, 0), Counts::plus)
                .f1();
    }

    /** Of all 14, those without annotations included: what is found of these is wrong. */
    double microOfAll() {
        return IntStream.range(0, ReportLabels.LABELS.size())
                .mapToObj(this::counts)
                .reduce(new Counts(0, 0, 0), Counts::plus)
                .f1();
    }

    double macro() {
        return scored().stream()
                .mapToDouble(label -> counts(label).f1())
                .average()
                .orElse(0);
    }

    private Interval bootstrap(ToDoubleFunction<LabelFigures> figure) {
        Random random = new Random(SEED);
        double[] drawn = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            byte[][] sample = new byte[cases.size()][];
            Arrays.setAll(sample, k -> cases.get(random.nextInt(cases.size())));
            drawn[i] = figure.applyAsDouble(new LabelFigures(List.of(sample)));
        }
        Arrays.sort(drawn);
        return new Interval(drawn[(int) (.025 * DRAWS)], drawn[(int) (.975 * DRAWS) - 1]);
    }

    /** Returns the table in Markdown. */
    String table() {
        StringBuilder table = new StringBuilder("""
                | label | annotated | found | F1 | precision | recall |
                |---|---|---|---|---|---|
                """);
        for (int i = 0; i < ReportLabels.LABELS.size(); i++) {
            int label = i;
            Counts counts = counts(label);
            int found = counts.both + counts.found;
            int annotated = counts.both + counts.annotated;
            table.append("| %s | %d | %d | %s | %s | %s |%n"
                    .formatted(
                            ReportLabels.LABELS.get(label),
                            annotated,
                            found,
                            annotated == 0
                                    ? "–"
                                    : shown(counts.f1(), bootstrap(it -> it.counts(label)
                                            .f1())),
                            share(counts.both, found),
                            share(counts.both, annotated)));
        }
        table.append("| micro | | | %s | | |%n".formatted(shown(micro(), bootstrap(LabelFigures::micro))));
        table.append("| macro | | | %s | | |%n".formatted(shown(macro(), bootstrap(LabelFigures::macro))));
        return table.toString();
    }

    private static String share(int hits, int of) {
        return of == 0 ? "–" : shown((double) hits / of, Interval.wilson(hits, of));
    }

    private static String shown(double value, Interval interval) {
        return String.format(Locale.ROOT, "%.3f (%.3f … %.3f)", value, interval.low(), interval.high());
    }
}
