// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import java.util.List;
import java.util.Locale;
import org.cxrlocalizer.evaluation.metrics.Estimate;
import org.cxrlocalizer.evaluation.metrics.Figure;
import org.cxrlocalizer.evaluation.metrics.FigureTable;
import org.cxrlocalizer.evaluation.scoring.EvaluationReport;
import org.cxrlocalizer.evaluation.scoring.Scoring;
import org.jspecify.annotations.Nullable;

/** A report in a few lines for the terminal. */
public final class ReportSummary {

    /** Columns that a value with its interval takes. */
    private static final int WIDTH = 22;

    private ReportSummary() {}

    /** Returns the lines. */
    public static String of(EvaluationReport report) {
        EvaluationReport.Images images = report.images();
        StringBuilder text = new StringBuilder("%d images of %d patients, %d with %d true boxes; %d failed%n%n"
                .formatted(
                        images.scored(),
                        images.patients(),
                        images.withBoxes(),
                        images.boxes(),
                        images.failed().size()));
        if (images.unpredicted() > 0) {
            text.append("Images without a predicted box: %d; each true box there is a miss%n"
                    .formatted(images.unpredicted()));
        }
        images.failed().entrySet().stream()
                .limit(10)
                .forEach(failed -> text.append("%s: %s%n".formatted(failed.getKey(), failed.getValue())));
        report.problems().stream().limit(10).forEach(problem -> text.append("%s%n".formatted(problem)));
        if (report.problems().size() > 10) {
            text.append("… and %d lines more that could not be used%n"
                    .formatted(report.problems().size() - 10));
        }
        List<String> shown = SummaryTables.MAIN_FIGURES;
        text.append("%-48s".formatted("macro, with 95 % interval"));
        shown.forEach(name -> text.append(" ").append(padded(name, name)));
        for (FigureTable table : SummaryTables.tables(report)) {
            boolean positive = table.condition().equals(Scoring.POSITIVE);
            String point = report.manifest().operatingPoint();
            if (!positive || point != null) {
                text.append("%n%-48s".formatted(positive ? "  if positive, " + point : table.system()));
                shown.forEach(name -> text.append(" ").append(padded(inWords(table.summary(name)), name)));
            }
        }
        for (FigureTable table : report.classificationFigures()) {
            text.append("%n%nMacro AUC %s".formatted(inWords(table.macro(Figure.AUC.title()))));
        }
        if (!report.compressed().isEmpty()) {
            text.append("%n%nThe lists of boxes are large, and compressed: %s"
                    .formatted(String.join(", ", report.compressed())));
        }
        return text.append("%n".formatted()).toString();
    }

    /** As wide as the column of a figure. */
    private static String padded(String text, String figure) {
        return text + " ".repeat(Math.max(0, Math.max(WIDTH, figure.length()) - text.length()));
    }

    private static String inWords(@Nullable Estimate estimate) {
        return estimate == null || estimate.value() == null
                ? "-"
                : String.format(Locale.ROOT, "%.3f (%.3f … %.3f)", estimate.value(), estimate.low(), estimate.high());
    }
}
