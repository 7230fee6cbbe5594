// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.tables;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.apache.commons.io.input.BOMInputStream;
import org.cxrlocalizer.reports.ReportLabeller;
import org.cxrlocalizer.reports.ReportText;

/** Reads a table of reports line by line: a CSV file in UTF-8, plain or gzip, with a header. */
final class ReportRows {

    private static final int LONGEST_REPORT = 1 << 20;
    private static final int MOST_COLUMNS = 1024;
    private static final int SHORTEST_GZIP = 2;

    private ReportRows() {}

    /** Takes one report after the other. */
    @FunctionalInterface
    interface Sink {
        /** @param report reads the columns of the line when it is called */
        void take(String image, Supplier<ReportText> report);
    }

    /**
     * Reads a table.
     *
     * @param labeller splits reports into sections
     * @return how many reports there were
     * @throws InvalidReportTableException if the table cannot be read; a report is never left out
     */
    static long read(Path input, ReportLabeller labeller, Sink sink) throws IOException {
        try (Reader text = open(input)) {
            return read(text, labeller, sink);
        } catch (CharacterCodingException e) {
            throw new InvalidReportTableException("The table of reports is not valid UTF-8.");
        }
    }

    private static Reader open(Path input) throws IOException {
        InputStream bytes = Files.newInputStream(input);
        try {
            PushbackInputStream raw = new PushbackInputStream(bytes, SHORTEST_GZIP);
            byte[] first = raw.readNBytes(SHORTEST_GZIP);
            raw.unread(first);
            boolean gzip = first.length == SHORTEST_GZIP && first[0] == (byte) 0x1f && first[1] == (byte) 0x8b;
            InputStream plain = BOMInputStream.builder()
                    .setInputStream(gzip ? new GZIPInputStream(raw) : raw)
                    .get();
            return new InputStreamReader(plain, StandardCharsets.UTF_8.newDecoder());
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    private static long read(Reader text, ReportLabeller labeller, Sink sink) throws IOException {
        CsvRecordHandler handler = CsvRecordHandler.builder()
                .maxFields(MOST_COLUMNS)
                .maxFieldSize(LONGEST_REPORT)
                .maxRecordSize(2 * LONGEST_REPORT)
                .build();
        long line = 1;
        try (CsvReader<CsvRecord> rows = CsvReader.builder()
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .maxBufferSize(2 * LONGEST_REPORT)
                .build(handler, text)) {
            ReportColumns columns = null;
            long reports = 0;
            for (CsvRecord row : rows) {
                line = row.getStartingLineNumber();
                if (columns == null) {
                    columns = ReportColumns.of(row.getFields());
                } else {
                    ReportColumns known = columns;
                    sink.take(known.image(row), () -> known.report(row, labeller));
                    reports++;
                }
            }
            if (columns == null) {
                throw new InvalidReportTableException("The table of reports is empty.");
            }
            return reports;
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        } catch (CsvParseException e) {
            if (e.getCause() instanceof IOException unreadable) {
                throw unreadable;
            }
            throw new InvalidReportTableException(
                    "The table of reports is not CSV with reports of less than %d characters, after line %d."
                            .formatted(LONGEST_REPORT, line));
        }
    }
}
