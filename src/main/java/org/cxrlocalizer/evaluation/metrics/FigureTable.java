// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one system.
 *
 * @param system what was scored
 * @param condition under which: which of its boxes or images, or what it is compared with
 * @param figures by name of the {@link Figure}, then by label, {@link #MACRO} and {@link #MICRO}
 */
public record FigureTable(String system, String condition, Map<String, Map<String, Estimate>> figures) {

    /** The column of the mean over labels. */
    public static final String MACRO = "macro";

    /** The column over all labels together. */
    public static final String MICRO = "micro";

    /** Figures that are still to be computed. */
    public record Requested(String system, String condition, List<Metric> metrics) {}

    /** Computes tables; those of one bootstrap are on the same draws, however they are divided among calls. */
    public static List<FigureTable> compute(
            List<Requested> requested, List<String> labels, long[] counts, int patients, Bootstrap bootstrap) {
        List<Metric> metrics =
                requested.stream().flatMap(table -> table.metrics().stream()).toList();
        int[] weights = new int[patients];
        Arrays.fill(weights, 1);
        Draw once = new Draw(weights);
        List<List<Interval>> intervals = bootstrap.intervals(patients, metrics);
        List<FigureTable> tables = new ArrayList<>();
        int next = 0;
        for (Requested table : requested) {
            Map<String, Map<String, Estimate>> figures = new LinkedHashMap<>();
            for (Metric metric : table.metrics()) {
                figures.put(metric.name(), row(metric, once.values(metric), intervals.get(next++), labels, counts));
            }
            tables.add(new FigureTable(table.system(), table.condition(), figures));
        }
        return tables;
    }

    /**
     * Returns the macro value of a figure; null if the table lacks the figure.
     *
     * @param figure its name, which a {@link Figure} gives
     */
    public @Nullable Estimate macro(String figure) {
        return figures.getOrDefault(figure, Map.of()).get(MACRO);
    }

    /**
     * Returns the value of a figure over all labels together; null if the table lacks the figure.
     *
     * @param figure its name, which a {@link Figure} gives
     */
    public @Nullable Estimate micro(String figure) {
        return figures.getOrDefault(figure, Map.of()).get(MICRO);
    }

    /**
     * Returns the value of a figure that a summary shows; null if the table lacks the figure. It is the macro value, but for
     * figures that are published over all labels together, as RoDeO, or add up over labels, as false boxes on an image.
     *
     * @param figure its name, which a {@link Figure} gives
     */
    public @Nullable Estimate summary(String figure) {
        return figures.getOrDefault(figure, Map.of()).get(Figure.isOfAllLabels(figure) ? MICRO : MACRO);
    }

    private static Map<String, Estimate> row(
            Metric metric, double[] values, List<Interval> intervals, List<String> labels, long[] truths) {
        long[] counts = metric.counts(truths);
        Map<String, Estimate> row = new LinkedHashMap<>();
        long all = 0;
        for (int k = 0; k < labels.size(); k++) {
            all += counts[k];
            Interval interval = metric.isShare() && counts[k] > 0
                    ? Interval.wilson(values[k] * counts[k], (double) counts[k])
                    : intervals.get(k);
            row.put(labels.get(k), Estimate.of(values[k], interval, counts[k]));
        }
        int macro = labels.size();
        row.put(MACRO, Estimate.of(values[macro], intervals.get(macro), labels.size()));
        row.put(MICRO, Estimate.of(values[macro + 1], intervals.get(macro + 1), all));
        return row;
    }
}
