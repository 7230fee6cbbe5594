// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.cxrlocalizer.evaluation.metrics.Estimate;
import org.cxrlocalizer.evaluation.metrics.Feature;
import org.cxrlocalizer.evaluation.metrics.Figure;
import org.cxrlocalizer.evaluation.metrics.FigureTable;
import org.cxrlocalizer.evaluation.metrics.OneToOne;
import org.cxrlocalizer.evaluation.metrics.WangProtocol;
import org.cxrlocalizer.evaluation.scoring.EvaluationReport;
import org.cxrlocalizer.evaluation.scoring.Scoring;
import org.jspecify.annotations.Nullable;

/**
 * What a report has for a paper: the summary, systems and baselines by figures, the error types of the systems, and how hits depend on
 * features of the true boxes.
 */
final class SummaryTables {

    /** What the terminal shows of them. */
    static final List<String> MAIN_FIGURES = List.of(
            Figure.ACCURACY.at(WangProtocol.Overlap.IOU, 0.1),
            Figure.ACCURACY.at(WangProtocol.Overlap.IOU, 0.3),
            Figure.ACCURACY.at(WangProtocol.Overlap.IOU, 0.5),
            Figure.BOXES_PER_MAP.title(),
            Figure.FALSE_BOXES_PER_IMAGE.at(WangProtocol.Overlap.IOU, 0.3),
            Figure.RODEO.title(),
            Figure.MEAN_IOU.title());

    private static final List<String> FURTHER_FIGURES = List.of(
            Figure.MEAN_AVERAGE_PRECISION.title(),
            Figure.MAX_BOX_ACC_V2.title(),
            Figure.PIXEL_PRECISION.title(),
            Figure.POINTING_GAME.title(),
            Figure.MASK_IOU_OF_BOXES.title(),
            Figure.MASK_IOU_OF_MAPS.title(),
            Figure.MASK_POINTING_GAME.title());

    /** The AP that the errors take from, then the six main errors and the two special ones. */
    private static final List<Figure> ERRORS = List.of(
            Figure.AVERAGE_PRECISION,
            Figure.ERROR_CLASSIFICATION,
            Figure.ERROR_LOCALIZATION,
            Figure.ERROR_BOTH,
            Figure.ERROR_DUPLICATE,
            Figure.ERROR_BACKGROUND,
            Figure.ERROR_MISSED,
            Figure.ERROR_FALSE_POSITIVE,
            Figure.ERROR_FALSE_NEGATIVE);

    private static final List<Figure> DEPENDENCE = List.of(
            Figure.SLOPE_OF_HITS, Figure.RANK_CORRELATION_OF_HITS, Figure.SLOPE_OF_IOU, Figure.RANK_CORRELATION_OF_IOU);

    private SummaryTables() {}

    static PaperTable summary(EvaluationReport report) {
        List<String> columns = figures(report);
        return new PaperTable(
                columns,
                tables(report).stream()
                        .map(table -> row(table.system() + ", " + table.condition(), table, columns))
                        .toList());
    }

    /** Returns one row for each system and threshold. */
    static PaperTable errors(EvaluationReport report) {
        return new PaperTable(
                ERRORS.stream().map(Figure::title).toList(),
                report.localization().stream()
                        .flatMap(table -> OneToOne.ERROR_THRESHOLDS.stream().map(threshold -> errors(table, threshold)))
                        .toList());
    }

    private static PaperTable.Row errors(FigureTable table, double threshold) {
        return row(
                "%s, %s, T(IoU) = %s".formatted(table.system(), table.condition(), threshold),
                table,
                ERRORS.stream()
                        .map(figure -> figure.at(WangProtocol.Overlap.IOU, threshold))
                        .toList());
    }

    /** What a third of the true boxes shows. */
    static final List<String> OF_THIRDS = List.of(
            Figure.POINTING_GAME.title(),
            Figure.ACCURACY.at(WangProtocol.Overlap.IOU, 0.1),
            Figure.ACCURACY.at(WangProtocol.Overlap.IOU, 0.3),
            Figure.ACCURACY.at(WangProtocol.Overlap.IOU, 0.5));

    /** Returns hits in thirds of the true boxes by their features, over all labels together. */
    static PaperTable thirds(EvaluationReport report) {
        List<FigureTable> thirds = Feature.NAMES.stream()
                .flatMap(feature -> thirds(report, feature).stream())
                .toList();
        List<String> columns = OF_THIRDS.stream()
                .filter(figure -> thirds.stream().anyMatch(table -> table.micro(figure) != null))
                .toList();
        return new PaperTable(
                columns,
                thirds.stream()
                        .map(table -> micro(
                                "%s (n = %d)".formatted(table.condition(), count(table)),
                                columns.stream().map(table::micro)))
                        .toList());
    }

    /** Returns the tables of the thirds of one feature, lowest first. */
    static List<FigureTable> thirds(EvaluationReport report, String feature) {
        return report.subgroups().stream()
                .filter(table -> table.condition().startsWith(feature + " "))
                .toList();
    }

    static long count(FigureTable third) {
        Estimate accuracy = third.micro(OF_THIRDS.get(1));
        return accuracy == null ? 0 : accuracy.n();
    }

    /** Returns how hits depend on each feature, over all labels together. */
    static PaperTable dependence(EvaluationReport report) {
        List<FigureTable> tables = report.subgroups().stream()
                .filter(table -> table.condition().equals(Scoring.DEPENDENCE))
                .toList();
        List<Figure> columns = DEPENDENCE.stream()
                .filter(figure -> tables.stream().anyMatch(table -> Feature.NAMES.stream()
                        .anyMatch(feature -> table.micro(figure.on(feature)) != null)))
                .toList();
        List<PaperTable.Row> rows = new ArrayList<>();
        for (FigureTable table : tables) {
            Feature.NAMES.stream()
                    .filter(feature -> columns.stream().anyMatch(figure -> table.micro(figure.on(feature)) != null))
                    .forEach(feature ->
                            rows.add(micro(feature, columns.stream().map(figure -> table.micro(figure.on(feature))))));
        }
        return new PaperTable(columns.stream().map(Figure::title).toList(), rows);
    }

    private static PaperTable.Row micro(String name, Stream<@Nullable Estimate> cells) {
        List<@Nullable Estimate> row = new ArrayList<>();
        cells.forEach(row::add);
        return new PaperTable.Row(name, row);
    }

    private static PaperTable.Row row(String name, FigureTable table, List<String> figures) {
        List<@Nullable Estimate> cells = new ArrayList<>();
        figures.forEach(figure -> cells.add(table.summary(figure)));
        return new PaperTable.Row(name, cells);
    }

    /** Returns the tables of the systems, then those of the baselines. */
    static List<FigureTable> tables(EvaluationReport report) {
        return Stream.concat(report.localization().stream(), report.baselines().stream())
                .toList();
    }

    /** Returns the names of the figures of a summary, without those that no system has, as those of maps without a model. */
    static List<String> figures(EvaluationReport report) {
        return Stream.concat(MAIN_FIGURES.stream(), FURTHER_FIGURES.stream())
                .filter(figure -> tables(report).stream().anyMatch(table -> table.summary(figure) != null))
                .toList();
    }
}
