// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.tables;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.cxrlocalizer.reports.LabelPolicy;
import org.cxrlocalizer.reports.LabelState;
import org.cxrlocalizer.reports.ReportLabeller;
import org.cxrlocalizer.reports.ReportLabels;

/** Labels a table of reports line by line, so that memory does not grow with it. */
public final class ReportTable {

    private final ReportLabeller labeller;
    private final LabelPolicy policy;

    /** @param policy which labels an image has */
    public ReportTable(ReportLabeller labeller, LabelPolicy policy) {
        this.labeller = labeller;
        this.policy = policy;
    }

    /**
     * Labels a table.
     *
     * @param input a CSV file in UTF-8, plain or gzip, with a header: the image's name, and the report as a whole or by sections
     * @param output the columns {@code Image Index} and {@code Finding Labels} of {@code Data_Entry_2017.csv}, and
     *     {@code Uncertain Labels}; it is there only once it is whole
     * @return how many reports there were
     * @throws InvalidReportTableException if the table cannot be read; a report is never left out
     */
    public long label(Path input, Path output) throws IOException {
        Path part = output.resolveSibling(output.getFileName() + ".part");
        try {
            long reports;
            try (CsvWriter writer = CsvWriter.builder().build(part)) {
                writer.writeRecord("Image Index", "Finding Labels", "Uncertain Labels");
                reports = ReportRows.read(
                        input, labeller, (image, report) -> write(writer, image, labeller.read(report.get())));
            } catch (UncheckedIOException e) {
                throw Objects.requireNonNull(e.getCause());
            }
            Files.move(part, output, StandardCopyOption.REPLACE_EXISTING);
            return reports;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void write(CsvWriter writer, String image, ReportLabels labels) {
        List<String> accepted = labels.accepted(policy);
        Set<String> positive = Set.copyOf(accepted);
        List<String> uncertain = ReportLabels.LABELS.stream()
                .filter(label -> labels.states().get(label) == LabelState.UNCERTAIN && !positive.contains(label))
                .toList();
        writer.writeRecord(
                image,
                accepted.isEmpty() ? ReportLabels.NO_FINDING : String.join("|", accepted),
                String.join("|", uncertain));
    }
}
