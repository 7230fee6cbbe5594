// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.cxrlocalizer.evaluation.metrics.Estimate;
import org.cxrlocalizer.evaluation.metrics.Figure;
import org.cxrlocalizer.evaluation.metrics.FigureTable;
import org.cxrlocalizer.evaluation.metrics.OneToOne;
import org.cxrlocalizer.evaluation.metrics.WangProtocol;
import org.cxrlocalizer.evaluation.scoring.EvaluationReport;
import org.jspecify.annotations.Nullable;

/** What a report has for a paper: the summary, systems and baselines by figures, and the error types of the systems. */
final class SummaryTables {

    private static final List<String> FIGURES = List.of(
            Figure.ACCURACY.at(WangProtocol.Overlap.IOU, 0.1),
            Figure.ACCURACY.at(WangProtocol.Overlap.IOU, 0.3),
            Figure.ACCURACY.at(WangProtocol.Overlap.IOU, 0.5),
            Figure.BOXES_PER_MAP.title(),
            Figure.FALSE_BOXES_PER_IMAGE.at(WangProtocol.Overlap.IOU, 0.3),
            Figure.RODEO.title(),
            Figure.MEAN_IOU.title(),
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

    private static PaperTable.Row row(String name, FigureTable table, List<String> figures) {
        List<@Nullable Estimate> cells = new ArrayList<>();
        figures.forEach(figure -> cells.add(table.summary(figure)));
        return new PaperTable.Row(name, cells);
    }

    private static List<FigureTable> tables(EvaluationReport report) {
        return Stream.concat(report.localization().stream(), report.baselines().stream())
                .toList();
    }

    /** Returns the names of the figures of a summary, without those that no system has, as those of maps without a model. */
    static List<String> figures(EvaluationReport report) {
        return FIGURES.stream()
                .filter(figure -> tables(report).stream().anyMatch(table -> table.summary(figure) != null))
                .toList();
    }
}
