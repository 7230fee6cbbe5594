// SPDX-License-Identifier: Apache-2.0
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
import org.cxrlocalizer.evaluation.metrics.FigureTable;
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

    static void write(
            EvaluationReport report,
            List<Charts.Section> charts,
            List<LabelCases> gallery,
            List<ReportedCase> reported,
            Writer out)
            throws IOException {
        try (Reader template = new InputStreamReader(
                new ClassPathResource("report/report.mustache").getInputStream(), StandardCharsets.UTF_8)) {
            Mustache.compiler()
                    .defaultValue("")
                    .compile(template)
                    .execute(new HtmlReport(report).view(charts, gallery, reported), out);
        }
    }

    private Map<String, Object> view(
            List<Charts.Section> charts, List<LabelCases> gallery, List<ReportedCase> reported) {
        EvaluationManifest.Model model = report.manifest().model();
        Map<String, Object> view = new HashMap<>();
        view.put("title", "Evaluation of " + (model == null ? "predicted boxes" : model.title()));
        view.put("scored", report.images().scored());
        view.put("patients", report.images().patients());
        view.put("withBoxes", report.images().withBoxes());
        view.put("boxes", report.images().boxes());
        view.put("unpredicted", report.images().unpredicted());
        view.put("failedCount", report.images().failed().size());
        view.put("failed", report.images().failed().entrySet());
        view.put("hasFailed", !report.images().failed().isEmpty());
        view.put("compressed", String.join(", ", report.compressed()));
        view.put("hasCompressed", !report.compressed().isEmpty());
        view.put("version", report.manifest().version());
        view.put("inputs", report.manifest().inputs().entrySet());
        view.put("draws", report.manifest().draws());
        view.put("seed", report.manifest().seed());
        List<String> figures = SummaryTables.figures(report);
        view.put("summaryColumns", figures);
        List<Row> summary = new ArrayList<>();
        report.localization().forEach(table -> summary.add(macroRow(table, figures)));
        report.baselines().forEach(table -> summary.add(macroRow(table, figures)));
        view.put("summary", summary);
        view.put("hasDifferences", !report.differences().isEmpty());
        view.put(
                "differences",
                report.differences().stream()
                        .map(table -> macroRow(table, figures))
                        .toList());
        PaperTable errors = SummaryTables.errors(report);
        view.put("hasErrors", !errors.rows().isEmpty());
        view.put("errorColumns", errors.columns());
        view.put("errors", errors.rows().stream().map(HtmlReport::row).toList());
        PaperTable thirds = SummaryTables.thirds(report);
        view.put("hasThirds", !thirds.rows().isEmpty());
        view.put("thirdColumns", thirds.columns());
        view.put("thirds", thirds.rows().stream().map(HtmlReport::row).toList());
        PaperTable dependence = SummaryTables.dependence(report);
        view.put("dependenceColumns", dependence.columns());
        view.put("dependence", dependence.rows().stream().map(HtmlReport::row).toList());
        view.put("plots", charts);
        view.put("hasClassification", !report.classification().isEmpty());
        view.put(
                "classification",
                report.classification().stream().map(HtmlReport::label).toList());
        view.put("hasGallery", !gallery.isEmpty());
        view.put("gallery", gallery);
        view.put("hasReported", !reported.isEmpty());
        view.put("reported", ReportedTable.rows(reported));
        view.put("tables", tables());
        view.put("paperColumns", PrintedFigures.LABELS);
        List<Row> paper = hasPrintedLabel() ? paper() : List.of();
        view.put("hasPaper", !paper.isEmpty());
        view.put("paper", paper);
        view.put("hasProblems", !report.problems().isEmpty());
        view.put("problems", report.problems());
        view.put("manifest", JSON.writeValueAsString(report.manifest()));
        return view;
    }

    private static Row macroRow(FigureTable table, List<String> figures) {
        return new Row(
                table.system() + ", " + table.condition(),
                table.condition().equals(Scoring.ALL_BOXES),
                figures.stream().map(figure -> Cell.of(table.summary(figure))).toList());
    }

    private static Row row(PaperTable.Row row) {
        return new Row(row.name(), false, row.cells().stream().map(Cell::of).toList());
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

    /** Figures of other labels have nothing beside them in the paper. */
    private boolean hasPrintedLabel() {
        return report.localization().stream()
                .flatMap(table -> table.figures().values().stream())
                .anyMatch(row -> row.keySet().stream().anyMatch(PrintedFigures.LABELS::contains));
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
