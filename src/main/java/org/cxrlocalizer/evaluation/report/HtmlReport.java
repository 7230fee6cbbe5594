package org.cxrlocalizer.evaluation.report;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.cxrlocalizer.evaluation.metrics.Estimate;
import org.cxrlocalizer.evaluation.metrics.Figure;
import org.cxrlocalizer.evaluation.metrics.FigureTable;
import org.cxrlocalizer.evaluation.metrics.OneToOne;
import org.cxrlocalizer.evaluation.metrics.WangProtocol;
import org.cxrlocalizer.evaluation.scoring.EvaluationManifest;
import org.cxrlocalizer.evaluation.scoring.EvaluationReport;
import org.cxrlocalizer.evaluation.scoring.Scoring;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A report as one HTML file that needs no network. */
final class HtmlReport {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final List<String> SUMMARY = List.of(
            Figure.ACCURACY.at(WangProtocol.Overlap.IOU, 0.1),
            Figure.ACCURACY.at(WangProtocol.Overlap.IOU, 0.3),
            Figure.ACCURACY.at(WangProtocol.Overlap.IOU, 0.5),
            Figure.MEAN_IOU.title(),
            Figure.MEAN_AVERAGE_PRECISION.title(),
            Figure.MAX_BOX_ACC_V2.title(),
            Figure.PIXEL_PRECISION.title(),
            Figure.POINTING_GAME.title());

    private final EvaluationReport report;

    private HtmlReport(EvaluationReport report) {
        this.report = report;
    }

    /** A figure in words. */
    record Cell(String value, String interval) {

        private static final Cell EMPTY = new Cell("", "");

        static Cell of(@Nullable Estimate estimate) {
            if (estimate == null || estimate.value() == null) {
                return EMPTY;
            }
            return new Cell(
                    number(estimate.value()),
                    estimate.low() == null || estimate.high() == null
                            ? ""
                            : "(%s … %s)".formatted(number(estimate.low()), number(estimate.high())));
        }

        private static String number(double value) {
            return String.format(Locale.ROOT, "%.3f", value);
        }
    }

    record Row(String name, boolean strong, List<Cell> cells) {}

    static void write(EvaluationReport report, Map<String, double[]> overlaps, List<LabelCases> gallery, Writer out)
            throws IOException {
        try (Reader template = new InputStreamReader(
                new ClassPathResource("report/report.mustache").getInputStream(), StandardCharsets.UTF_8)) {
            Mustache.compiler()
                    .defaultValue("")
                    .compile(template)
                    .execute(new HtmlReport(report).view(overlaps, gallery), out);
        }
    }

    private Map<String, Object> view(Map<String, double[]> overlaps, List<LabelCases> gallery) {
        EvaluationManifest.Model model = report.manifest().model();
        Map<String, Object> view = new HashMap<>();
        view.put("title", "Evaluation of " + (model == null ? "predicted boxes" : model.title()));
        view.put("scored", report.images().scored());
        view.put("patients", report.images().patients());
        view.put("withBoxes", report.images().withBoxes());
        view.put("boxes", report.images().boxes());
        view.put("failedCount", report.images().failed().size());
        view.put("failed", report.images().failed().entrySet());
        view.put("hasFailed", !report.images().failed().isEmpty());
        view.put("draws", report.manifest().draws());
        view.put("seed", report.manifest().seed());
        view.put("summaryColumns", SUMMARY);
        List<Row> summary = new ArrayList<>();
        report.localization().forEach(table -> summary.add(macroRow(table, SUMMARY)));
        report.baselines().forEach(table -> summary.add(macroRow(table, SUMMARY)));
        view.put("summary", summary);
        view.put("hasDifferences", !report.differences().isEmpty());
        view.put(
                "differences",
                report.differences().stream()
                        .map(table -> macroRow(table, SUMMARY))
                        .toList());
        view.put("plots", plots(overlaps));
        view.put("hasClassification", !report.classification().isEmpty());
        view.put(
                "classification",
                report.classification().stream().map(HtmlReport::label).toList());
        view.put("hasGallery", !gallery.isEmpty());
        view.put("gallery", gallery);
        view.put("tables", tables());
        view.put("paperColumns", PrintedFigures.LABELS);
        view.put("paper", paper());
        view.put("hasProblems", !report.problems().isEmpty());
        view.put("problems", report.problems());
        view.put("manifest", JSON.writeValueAsString(report.manifest()));
        return view;
    }

    private static Row macroRow(FigureTable table, List<String> figures) {
        return new Row(
                table.system() + ", " + table.condition(),
                table.condition().equals(Scoring.ALL_BOXES),
                figures.stream().map(figure -> Cell.of(table.macro(figure))).toList());
    }

    private static Map<String, Object> label(EvaluationReport.LabelClassification label) {
        return Map.of(
                "label", label.label(),
                "positives", label.positives(),
                "images", label.images(),
                "auc", Cell.of(label.auc()),
                "cutoff", label.cutoff() == null ? "" : Cell.number(label.cutoff()),
                "sensitivity", Cell.of(label.sensitivity()),
                "specificity", Cell.of(label.specificity()));
    }

    private List<Object> plots(Map<String, double[]> overlaps) {
        List<Object> plots = new ArrayList<>();
        List<Plot> froc = new ArrayList<>();
        report.localization().stream().limit(2).forEach(table -> {
            for (double threshold : OneToOne.FROC_THRESHOLDS) {
                froc.add(froc(table, threshold));
            }
        });
        if (!froc.isEmpty()) {
            plots.add(Map.of("heading", "FROC: macro sensitivity by false boxes per image", "figures", froc));
        }
        if (!overlaps.isEmpty()) {
            plots.add(Map.of(
                    "heading",
                    "IoU of the best box with each true box",
                    "figures",
                    overlaps.entrySet().stream()
                            .map(entry -> Plot.histogram(entry.getKey(), entry.getValue()))
                            .toList()));
        }
        if (!report.classification().isEmpty()) {
            plots.add(Map.of(
                    "heading",
                    "ROC: sensitivity by 1 − specificity",
                    "figures",
                    report.classification().stream()
                            .filter(label -> !label.roc().isEmpty())
                            .map(label -> Plot.curve(label.label(), label.roc(), "0", "1"))
                            .toList()));
        }
        return plots;
    }

    /** The rates double from 1/8 to 8, so that equal steps suit them. */
    private static Plot froc(FigureTable table, double threshold) {
        List<double[]> points = new ArrayList<>();
        List<Double> rates = OneToOne.FROC_RATES;
        for (int i = 0; i < rates.size(); i++) {
            Estimate macro = table.macro(Figure.froc(threshold, rates.get(i)));
            points.add(
                    new double[] {i / (rates.size() - 1.0), macro == null || macro.value() == null ? 0 : macro.value()
                    });
        }
        return Plot.curve(
                "%s, %s, T(IoU) = %s".formatted(table.system(), table.condition(), threshold), points, "1/8", "8");
    }

    private List<Object> tables() {
        List<FigureTable> all = new ArrayList<>(report.localization());
        all.addAll(report.baselines());
        all.addAll(report.differences());
        all.addAll(report.classificationFigures());
        all.addAll(report.subgroups());
        List<Object> tables = new ArrayList<>();
        for (FigureTable table : all) {
            Map<String, Estimate> first =
                    table.figures().values().stream().findFirst().orElse(new LinkedHashMap<>());
            tables.add(Map.of(
                    "name", table.system() + ", " + table.condition(),
                    "columns", List.copyOf(first.keySet()),
                    "rows",
                            table.figures().entrySet().stream()
                                    .map(entry -> new Row(
                                            entry.getKey(),
                                            false,
                                            entry.getValue().values().stream()
                                                    .map(Cell::of)
                                                    .toList()))
                                    .toList()));
        }
        return tables;
    }

    private List<Row> paper() {
        Map<String, Map<String, Estimate>> own = report.localization().isEmpty()
                ? Map.of()
                : report.localization().get(0).figures();
        List<Row> rows = new ArrayList<>();
        PrintedFigures.all().forEach((figure, printed) -> {
            rows.add(new Row(
                    figure + ", paper",
                    false,
                    PrintedFigures.LABELS.stream()
                            .map(label -> new Cell(Cell.number(Objects.requireNonNull(printed.get(label))), ""))
                            .toList()));
            rows.add(new Row(
                    figure + ", this report",
                    false,
                    PrintedFigures.LABELS.stream()
                            .map(label ->
                                    Cell.of(own.getOrDefault(figure, Map.of()).get(label)))
                            .toList()));
        });
        return rows;
    }
}
