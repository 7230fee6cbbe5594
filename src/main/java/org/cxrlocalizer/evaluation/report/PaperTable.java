// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.cxrlocalizer.evaluation.metrics.Estimate;
import org.jspecify.annotations.Nullable;

/** A table of figures for a paper: as Markdown, as LaTeX (with the package booktabs), and as CSV. */
record PaperTable(List<String> columns, List<Row> rows) {

    /** @param cells by column; null where the row lacks the figure */
    record Row(String name, List<@Nullable Estimate> cells) {}

    void markdown(Writer out) throws IOException {
        out.write("| | "
                + String.join(
                        " | ", columns.stream().map(PaperTable::inMarkdown).toList()) + " |\n");
        out.write("|---" + "|--:".repeat(columns.size()) + "|\n");
        for (Row row : rows) {
            out.write("| " + inMarkdown(row.name) + " | "
                    + row.cells.stream()
                            .map(cell -> text(cell, "%.3f (%.3f–%.3f)", "–"))
                            .collect(Collectors.joining(" | "))
                    + " |\n");
        }
    }

    private static String inMarkdown(String text) {
        return text.replace("|", "\\|");
    }

    void latex(Writer out) throws IOException {
        out.write("% \\usepackage{booktabs}\n\\begin{tabular}{l" + "r".repeat(columns.size()) + "}\n\\toprule\n");
        out.write(" & "
                + String.join(" & ", columns.stream().map(PaperTable::inLatex).toList()) + " \\\\\n\\midrule\n");
        for (Row row : rows) {
            out.write(inLatex(row.name) + " & "
                    + row.cells.stream()
                            .map(cell -> text(cell, "%.3f {\\scriptsize (%.3f--%.3f)}", "--"))
                            .collect(Collectors.joining(" & "))
                    + " \\\\\n");
        }
        out.write("\\bottomrule\n\\end{tabular}\n");
    }

    private static String inLatex(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            switch (character) {
                case '\\' -> escaped.append("\\textbackslash{}");
                case '~' -> escaped.append("\\textasciitilde{}");
                case '^' -> escaped.append("\\textasciicircum{}");
                case '&', '%', '$', '#', '_', '{', '}' -> escaped.append('\\').append(character);
                default -> escaped.append(character);
            }
        }
        return escaped.toString();
    }

    void csv(Writer out) {
        CsvWriter csv = CsvWriter.builder().bufferSize(0).build(out);
        List<String> header = new ArrayList<>(List.of("system"));
        columns.forEach(figure -> header.addAll(List.of(figure, figure + ", low", figure + ", high")));
        csv.writeRecord(header);
        for (Row row : rows) {
            List<String> fields = new ArrayList<>(List.of(row.name));
            for (Estimate cell : row.cells) {
                fields.add(number(cell == null ? null : cell.value()));
                fields.add(number(cell == null ? null : cell.low()));
                fields.add(number(cell == null ? null : cell.high()));
            }
            csv.writeRecord(fields);
        }
    }

    private static String number(@Nullable Double value) {
        return value == null ? "" : value.toString();
    }

    private static String text(@Nullable Estimate cell, String format, String none) {
        if (cell == null || cell.value() == null) {
            return none;
        }
        return cell.low() == null || cell.high() == null
                ? String.format(Locale.ROOT, "%.3f", cell.value())
                : String.format(Locale.ROOT, format, cell.value(), cell.low(), cell.high());
    }
}
