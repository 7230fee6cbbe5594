// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.evaluation.metrics.FigureTable;
import org.cxrlocalizer.evaluation.scoring.BoxFiles;
import org.cxrlocalizer.evaluation.scoring.BoxSystem;
import org.cxrlocalizer.evaluation.scoring.EvaluationReport;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ScoredBox;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a report: {@code report.html}, {@code report.json}, {@code figures.csv}, {@code manifest.json}, each chart in
 * {@code charts}, and the tables {@code summary}, {@code errors}, {@code thirds} and {@code dependence} as {@code .md},
 * {@code .tex} and {@code .csv}. Each system
 * has its boxes as {@code boxes-1.csv} (the columns of BBox_List_2017.csv and a score). {@code truth-coco.json} and
 * {@code results-coco.json} have the true boxes and those of the first system as pycocotools reads them; further systems have
 * {@code results-coco-2.json} and so on. Those that a report names as compressed have the ending {@code .gz}. Each file is complete or
 * absent.
 */
public final class ReportFiles {

    private static final ObjectWriter JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build()
            .writer();

    private ReportFiles() {}

    /**
     * Writes all files.
     *
     * @param cases the pictures of the gallery; empty without images
     * @param reported the cases whose report was given; their texts are in {@code report.html} alone
     */
    public static void write(
            Path directory,
            EvaluationReport report,
            List<ImagePrediction> predictions,
            GroundTruth truth,
            Gallery gallery,
            List<LabelCases> cases,
            List<ReportedCase> reported)
            throws IOException {
        Files.createDirectories(directory);
        List<Charts.Section> drawn = Charts.draw(report, gallery.overlaps());
        place(directory.resolve("report.html"), out -> HtmlReport.write(report, drawn, cases, reported, out));
        place(directory.resolve("manifest.json"), out -> json(report.manifest(), out));
        place(directory.resolve("figures.csv"), out -> figures(report, out));
        place(directory, "summary", SummaryTables.summary(report));
        place(directory, "errors", SummaryTables.errors(report));
        place(directory, "thirds", SummaryTables.thirds(report));
        place(directory, "dependence", SummaryTables.dependence(report));
        Path charts = Files.createDirectories(directory.resolve("charts"));
        for (Charts.Section section : drawn) {
            for (Charts.Named named : section.figures()) {
                place(
                        charts.resolve(named.file()),
                        out -> out.write(named.chart().file()));
            }
        }
        lists(directory, report, new CocoFiles(predictions, truth), predictions);
    }

    /** A large file, and what it is called. */
    private record Listed(String file, Content content) {}

    /** Writes the lists of boxes and all figures, several at a time: they are most of a report. */
    private static void lists(
            Path directory, EvaluationReport report, CocoFiles coco, List<ImagePrediction> predictions)
            throws IOException {
        List<Listed> lists = new ArrayList<>();
        lists.add(new Listed("truth-coco.json", coco::writeTruth));
        List<BoxSystem> systems = report.manifest().systems();
        for (int i = 0; i < systems.size(); i++) {
            String system = systems.get(i).name();
            lists.add(new Listed(BoxFiles.list(i), out -> boxes(system, predictions, out)));
            lists.add(new Listed(BoxFiles.results(i), out -> coco.writeResults(system, out)));
        }
        lists.add(new Listed("report.json", out -> json(report, out)));
        try {
            lists.parallelStream().forEach(list -> {
                try {
                    list(directory, list, report.compressed());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Writes a list in one of its forms, and removes the other one, which an earlier version may have left. */
    private static void list(Path directory, Listed list, List<String> compressed) throws IOException {
        Path plain = directory.resolve(list.file);
        Path packed = directory.resolve(list.file + BoxFiles.GZIP);
        boolean isCompressed = compressed.contains(list.file + BoxFiles.GZIP);
        if (isCompressed) {
            place(packed, CompressedFile::writer, list.content);
        } else {
            place(plain, list.content);
        }
        Files.deleteIfExists(isCompressed ? plain : packed);
    }

    private static void json(Object content, Writer out) throws IOException {
        JSON.writeValue(out, content);
        out.write('\n');
    }

    /** Files may be hundreds of megabytes: they are written as they come. */
    @FunctionalInterface
    private interface Content {
        void to(Writer out) throws IOException;
    }

    /** Opens a file to write its text. */
    @FunctionalInterface
    private interface Opening {
        Writer open(Path file) throws IOException;
    }

    private static void place(Path file, Content content) throws IOException {
        place(file, Files::newBufferedWriter, content);
    }

    private static void place(Path file, Opening opening, Content content) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (Writer out = opening.open(part)) {
            content.to(out);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void place(Path directory, String name, PaperTable table) throws IOException {
        place(directory.resolve(name + ".md"), table::markdown);
        place(directory.resolve(name + ".tex"), table::latex);
        place(directory.resolve(name + ".csv"), table::csv);
    }

    private static void figures(EvaluationReport report, Writer out) {
        CsvWriter csv = CsvWriter.builder().bufferSize(0).build(out);
        csv.writeRecord("table", "system", "condition", "figure", "label", "value", "low", "high", "n");
        Map<String, List<FigureTable>> tables = new LinkedHashMap<>();
        tables.put("localization", report.localization());
        tables.put("baselines", report.baselines());
        tables.put("differences", report.differences());
        tables.put("classification", report.classificationFigures());
        tables.put("subgroups", report.subgroups());
        tables.forEach((kind, list) -> list.forEach(table -> table.figures()
                .forEach((figure, row) -> row.forEach((label, estimate) -> csv.writeRecord(
                        kind,
                        table.system(),
                        table.condition(),
                        figure,
                        label,
                        text(estimate.value()),
                        text(estimate.low()),
                        text(estimate.high()),
                        String.valueOf(estimate.n()))))));
    }

    private static String text(@Nullable Double value) {
        return value == null ? "" : value.toString();
    }

    /** Infiltration is written as the released list writes it. */
    private static void boxes(String system, List<ImagePrediction> predictions, Writer out) {
        CsvWriter csv = CsvWriter.builder().bufferSize(0).build(out);
        csv.writeRecord("Image Index", "Finding Label", "Bbox [x", "y", "w", "h]", "Score");
        for (ImagePrediction prediction : predictions) {
            prediction.boxes().getOrDefault(system, Map.of()).forEach((label, found) -> {
                for (ScoredBox scored : found) {
                    Box box = scored.box();
                    csv.writeRecord(
                            prediction.image(),
                            label.equals("Infiltration") ? "Infiltrate" : label,
                            String.valueOf(box.x()),
                            String.valueOf(box.y()),
                            String.valueOf(box.width()),
                            String.valueOf(box.height()),
                            String.valueOf(scored.score()));
                }
            });
        }
    }
}
