// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.cxrlocalizer.evaluation.metrics.Estimate;
import org.cxrlocalizer.evaluation.metrics.Feature;
import org.cxrlocalizer.evaluation.metrics.Figure;
import org.cxrlocalizer.evaluation.metrics.FigureTable;
import org.cxrlocalizer.evaluation.metrics.OneToOne;
import org.cxrlocalizer.evaluation.metrics.ReliabilityBin;
import org.cxrlocalizer.evaluation.metrics.WangProtocol;
import org.cxrlocalizer.evaluation.scoring.EvaluationReport;
import org.cxrlocalizer.evaluation.scoring.Scoring;

/** The charts of a report. */
final class Charts {

    /**
     * Charts under one heading.
     *
     * @param figures each with the name of its file
     */
    record Section(String heading, List<Named> figures) {}

    /** @param file name of the file that holds the chart alone */
    record Named(String file, Chart chart) {

        String caption() {
            return chart.caption();
        }

        String svg() {
            return chart.svg();
        }
    }

    private static final int BINS = 10;

    /** Between points of one third, in widths of the third. */
    private static final double SIDE_BY_SIDE = 0.06;

    private final EvaluationReport report;
    private final List<FigureTable> ungated;

    private Charts(EvaluationReport report) {
        this.report = report;
        ungated = report.localization().stream()
                .filter(table -> table.condition().equals(Scoring.ALL_BOXES))
                .toList();
    }

    /** @param overlaps the IoU of the best box with each true box, by label */
    static List<Section> draw(EvaluationReport report, Map<String, double[]> overlaps) {
        Charts charts = new Charts(report);
        List<Section> sections = new ArrayList<>();
        if (!charts.ungated.isEmpty()) {
            sections.add(new Section("Acc by T(IoU), beside the baselines", List.of(charts.accuracy())));
            sections.add(new Section("FROC", charts.froc()));
        }
        if (!overlaps.isEmpty()) {
            sections.add(new Section("IoU of the best box with each true box", overlaps(overlaps)));
        }
        List<Named> thirds = Feature.NAMES.stream()
                .filter(feature -> !SummaryTables.thirds(report, feature).isEmpty())
                .map(charts::thirds)
                .toList();
        if (!thirds.isEmpty()) {
            sections.add(new Section("Hits by features of the true boxes", thirds));
        }
        if (report.classification().stream().anyMatch(label -> !label.roc().isEmpty())) {
            sections.add(new Section("ROC", charts.perLabel("roc", Charts::roc)));
            sections.add(new Section("Precision and recall", charts.perLabel("precision", Charts::precision)));
            sections.add(new Section(
                    "Reliability: share by probability", charts.perLabel("reliability", Charts::reliability)));
            sections.add(new Section("Decision curves", charts.perLabel("decision", Charts::decision)));
        }
        return sections;
    }

    private Named accuracy() {
        Chart chart = new Chart(
                "Macro Acc by T(IoU); the band is the first system's 95 % interval",
                Chart.Axis.ofShares("T(IoU)"), Chart.Axis.ofShares("macro Acc"));
        List<FigureTable> tables = new ArrayList<>(ungated);
        tables.addAll(report.baselines());
        for (FigureTable table : tables) {
            chart.with(curve(
                    table.system(),
                    table,
                    WangProtocol.IOU_THRESHOLDS,
                    threshold -> Figure.ACCURACY.at(WangProtocol.Overlap.IOU, threshold),
                    WangProtocol.IOU_THRESHOLDS,
                    table.equals(ungated.get(0))));
        }
        return new Named("acc.svg", chart);
    }

    private List<Named> froc() {
        List<Double> rates = OneToOne.FROC_RATES;
        List<Double> steps = new ArrayList<>();
        List<Chart.Axis.Tick> ticks = new ArrayList<>();
        for (int i = 0; i < rates.size(); i++) {
            steps.add((double) i);
            ticks.add(new Chart.Axis.Tick(i, inWords(rates.get(i))));
        }
        List<Named> charts = new ArrayList<>();
        for (double threshold : OneToOne.FROC_THRESHOLDS) {
            Chart chart = new Chart(
                    "Macro sensitivity by false boxes per image at T(IoU) = " + threshold,
                    new Chart.Axis("false boxes per image (doubled at each step)", 0, rates.size() - 1.0, ticks),
                    Chart.Axis.ofShares("macro sensitivity"));
            for (FigureTable table : report.localization()) {
                chart.with(curve(
                        table.system() + ", " + table.condition(),
                        table,
                        rates,
                        rate -> Figure.froc(threshold, rate),
                        steps,
                        table.equals(report.localization().get(0))));
            }
            charts.add(new Named("froc-%s.svg".formatted(threshold), chart));
        }
        return charts;
    }

    private static String inWords(double rate) {
        return rate < 1 ? "1/" + Math.round(1 / rate) : String.valueOf(Math.round(rate));
    }

    /** @param places on the x axis of the values */
    private static Chart.Curve curve(
            String name,
            FigureTable table,
            List<Double> values,
            DoubleFunction<String> figure,
            List<Double> places,
            boolean banded) {
        List<double[]> points = new ArrayList<>();
        List<double[]> band = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Estimate macro = table.macro(figure.apply(values.get(i)));
            if (macro != null && macro.value() != null) {
                points.add(new double[] {places.get(i), macro.value()});
                if (banded && macro.low() != null && macro.high() != null) {
                    band.add(new double[] {places.get(i), macro.low(), macro.high()});
                }
            }
        }
        return new Chart.Curve(name, points, band);
    }

    private static List<Named> overlaps(Map<String, double[]> overlaps) {
        List<Named> charts = new ArrayList<>();
        overlaps.forEach((label, values) -> {
            int[] counts = new int[BINS];
            for (double value : values) {
                counts[(int) Math.min(BINS - 1, value * BINS)]++;
            }
            charts.add(new Named(
                    "iou-%s.svg".formatted(fileName(label)),
                    new Chart(
                                    "%s (n = %d)".formatted(label, values.length),
                                    Chart.Axis.ofShares("IoU of the best box"),
                                    Chart.Axis.ofCounts(
                                            "true boxes",
                                            Arrays.stream(counts).max().orElse(1)))
                            .withBars(counts)));
        });
        return charts;
    }

    /** The points of the figures stand side by side, so that their intervals are apart. */
    private Named thirds(String feature) {
        List<FigureTable> tables = SummaryTables.thirds(report, feature);
        List<Chart.Axis.Tick> ticks = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            ticks.add(new Chart.Axis.Tick(i, tables.get(i).condition().substring(feature.length() + 1)));
        }
        String counts = tables.stream()
                .map(table -> String.valueOf(SummaryTables.count(table)))
                .collect(Collectors.joining(", "));
        Chart chart = new Chart(
                "Hits by %s, over all labels; bars are 95 %% intervals".formatted(feature),
                new Chart.Axis(
                        "%s, in thirds of the true boxes (n = %s)".formatted(feature, counts),
                        -0.5,
                        tables.size() - 0.5,
                        ticks),
                Chart.Axis.ofShares("share of the true boxes"));
        for (int k = 0; k < SummaryTables.OF_THIRDS.size(); k++) {
            Chart.Curve curve = points(SummaryTables.OF_THIRDS.get(k), tables, (k - 1.5) * SIDE_BY_SIDE);
            if (!curve.points().isEmpty()) {
                chart.withPoints(curve);
            }
        }
        return new Named("thirds-%s.svg".formatted(fileName(feature)), chart);
    }

    private static Chart.Curve points(String figure, List<FigureTable> tables, double shift) {
        List<double[]> points = new ArrayList<>();
        List<double[]> intervals = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            Estimate micro = tables.get(i).micro(figure);
            if (micro != null && micro.value() != null) {
                points.add(new double[] {i + shift, micro.value()});
                if (micro.low() != null && micro.high() != null) {
                    intervals.add(new double[] {i + shift, micro.low(), micro.high()});
                }
            }
        }
        return new Chart.Curve(figure, points, intervals);
    }

    private interface OfLabel {
        Chart chart(EvaluationReport.LabelClassification label);
    }

    private List<Named> perLabel(String kind, OfLabel drawn) {
        return report.classification().stream()
                .filter(label -> !label.roc().isEmpty())
                .map(label -> new Named("%s-%s.svg".formatted(kind, fileName(label.label())), drawn.chart(label)))
                .toList();
    }

    private static String fileName(String label) {
        return label.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    private static Chart roc(EvaluationReport.LabelClassification label) {
        Estimate auc = label.auc();
        String value = auc.value() == null
                ? ""
                : auc.low() == null || auc.high() == null
                        ? String.format(Locale.ROOT, "AUC %.3f, ", auc.value())
                        : String.format(Locale.ROOT, "AUC %.3f (%.3f … %.3f), ", auc.value(), auc.low(), auc.high());
        return new Chart(label.label(), Chart.Axis.ofShares("1 − specificity"), Chart.Axis.ofShares("sensitivity"))
                .withDiagonal()
                .with(new Chart.Curve(value + cases(label), label.roc(), List.of()));
    }

    /**
     * Returns the precision at the points of the ROC curve, by the share of positives. Without any image found there is no
     * precision.
     */
    private static Chart precision(EvaluationReport.LabelClassification label) {
        double positives = label.positives();
        double negatives = label.images() - positives;
        List<double[]> points = new ArrayList<>();
        for (double[] point : label.roc()) {
            double right = point[1] * positives;
            double found = right + point[0] * negatives;
            if (found > 0) {
                points.add(new double[] {point[1], right / found});
            }
        }
        double share = positives / label.images();
        return new Chart(label.label(), Chart.Axis.ofShares("recall"), Chart.Axis.ofShares("precision"))
                .with(new Chart.Curve(cases(label), points, List.of()))
                .with(new Chart.Curve(
                        String.format(Locale.ROOT, "by chance, %.3f", share),
                        List.of(new double[] {0, share}, new double[] {1, share}),
                        List.of()));
    }

    private static Chart reliability(EvaluationReport.LabelClassification label) {
        List<double[]> points = new ArrayList<>();
        List<double[]> band = new ArrayList<>();
        for (ReliabilityBin bin : label.reliability()) {
            Estimate share = bin.share();
            if (share.value() != null && share.low() != null && share.high() != null) {
                points.add(new double[] {bin.probability(), share.value()});
                band.add(new double[] {bin.probability(), share.low(), share.high()});
            }
        }
        return new Chart(
                        label.label(),
                        Chart.Axis.ofShares("mean probability"),
                        Chart.Axis.ofShares("share with the label"))
                .withDiagonal()
                .with(new Chart.Curve(cases(label) + ", in ten bins", points, band));
    }

    /** Down to a net benefit of minus the share of positives. */
    private static Chart decision(EvaluationReport.LabelClassification label) {
        double share = (double) label.positives() / label.images();
        List<double[]> all = new ArrayList<>();
        for (double[] point : label.netBenefit()) {
            double threshold = point[0];
            all.add(new double[] {threshold, share - (1 - share) * threshold / (1 - threshold)});
        }
        Chart.Axis benefit = new Chart.Axis(
                "net benefit",
                -share,
                share,
                DoubleStream.of(-share, -share / 2, 0, share / 2, share)
                        .mapToObj(at -> new Chart.Axis.Tick(at, String.format(Locale.ROOT, "%.2f", at)))
                        .toList());
        return new Chart(label.label(), Chart.Axis.ofShares("probability from which an image is positive"), benefit)
                .with(new Chart.Curve("by the model, " + cases(label), from(-share, label.netBenefit()), List.of()))
                .with(new Chart.Curve("every image positive", from(-share, all), List.of()))
                .with(new Chart.Curve("none positive", List.of(new double[] {0, 0}, new double[] {1, 0}), List.of()));
    }

    private static List<double[]> from(double lowest, List<double[]> points) {
        return points.stream().filter(point -> point[1] >= lowest).toList();
    }

    private static String cases(EvaluationReport.LabelClassification label) {
        return "%d of %d images".formatted(label.positives(), label.images());
    }
}
