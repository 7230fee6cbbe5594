// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.batch;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A table with a line for each image of a directory: what became of it, and the probability of each label. */
final class SummaryTable {

    static final String NAME = "summary.csv";

    private static final List<String> COLUMNS =
            List.of("file", "state", "reason", "sha256", "width", "height", "positive", "warnings");

    private SummaryTable() {}

    /** @param labels of the model, in its order */
    static void write(OutputFolder folder, List<String> labels, Collection<ImageRecord> records) throws IOException {
        StringWriter text = new StringWriter();
        CsvWriter csv = CsvWriter.builder().bufferSize(0).build(text);
        List<String> header = new ArrayList<>(COLUMNS);
        header.addAll(labels);
        csv.writeRecord(header);
        records.forEach(record -> csv.writeRecord(row(record, labels)));
        folder.place(NAME, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> row(ImageRecord record, List<String> labels) {
        ImageRecord.Content content = record.content();
        List<String> row = new ArrayList<>(List.of(
                record.file(),
                record.failure() == null ? "localized" : "failed",
                ImageOutputs.text(record.failure()),
                ImageOutputs.text(record.sha256())));
        if (content == null) {
            row.addAll(List.of("", "", "", ""));
            labels.forEach(label -> row.add(""));
        } else {
            row.add(String.valueOf(content.width()));
            row.add(String.valueOf(content.height()));
            row.add(content.labels().stream()
                    .filter(label -> Boolean.TRUE.equals(label.positive()))
                    .map(ImageRecord.Label::name)
                    .collect(Collectors.joining("|")));
            row.add(String.join(" ", content.warnings()));
            labels.forEach(name -> row.add(content.labels().stream()
                    .filter(label -> label.name().equals(name))
                    .map(label -> String.valueOf(label.probability()))
                    .findFirst()
                    .orElse("")));
        }
        return row;
    }
}
