// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/** A table in a text file, which is read line by line. Blank lines are ignored. */
final class Table {

    private static final int MOST_COLUMNS = 4096;
    private static final int LONGEST_LINE = 1 << 20;
    private static final Pattern SEPARATOR = Pattern.compile("\\ufeff?\"?sep=.\"?", Pattern.CASE_INSENSITIVE);

    private final String file;
    private final PushbackReader text;
    private long line = 1;

    /** @param text is not closed */
    Table(String file, Reader text) {
        this.file = file;
        this.text = new PushbackReader(new BufferedReader(text));
    }

    /**
     * A line.
     *
     * @param line its number, from 1, the header included
     */
    record Row(long line, List<String> fields) {

        /** Returns a field without the spaces around it. */
        String field(int place) {
            return fields.get(place).strip();
        }

        /** @throws IllegalArgumentException if there are fewer columns */
        void requireColumns(int columns) {
            if (fields.size() < columns) {
                throw new IllegalArgumentException("it has %d columns and not %d".formatted(fields.size(), columns));
            }
        }
    }

    /** Returns the first character that is no white space, without taking it; -1 in an empty file. */
    int first() throws IOException {
        int next = text.read();
        while (next >= 0 && Character.isWhitespace(next)) {
            line += next == '\n' ? 1 : 0;
            next = text.read();
        }
        if (next >= 0) {
            text.unread(next);
        }
        return next;
    }

    /** Returns what has not been read, for a file that is no table. */
    Reader rest() {
        return text;
    }

    /**
     * Reads the whole table.
     *
     * @param rows returns, of the header, what takes the lines
     * @throws InvalidDatasetException if the table is empty or breaks the rules of CSV
     */
    void read(Function<TableHeader, Consumer<Row>> rows) throws IOException {
        requireContent();
        String header = header();
        read(TableHeader.of(file, line, header), rows);
    }

    /**
     * Reads the whole table.
     *
     * @param title of a column that it must have, for messages
     * @param key the column's possible names
     * @param rows returns, of the header, what takes the lines
     * @throws InvalidDatasetException if the table is empty or breaks the rules of CSV
     */
    void read(String title, Set<String> key, Function<TableHeader, Consumer<Row>> rows) throws IOException {
        requireContent();
        String header = header();
        read(TableHeader.of(file, line, header, title, key), rows);
    }

    private void requireContent() throws IOException {
        if (first() < 0) {
            throw new InvalidDatasetException("%s is empty.".formatted(file));
        }
    }

    private void read(TableHeader header, Function<TableHeader, Consumer<Row>> rows) {
        Consumer<Row> taker = rows.apply(header);
        CsvReader.CsvReaderBuilder builder = CsvReader.builder()
                .fieldSeparator(header.separator())
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .trimWhitespacesAroundQuotes(true)
                .maxBufferSize(LONGEST_LINE);
        CsvRecordHandler handler = CsvRecordHandler.builder()
                .maxFields(MOST_COLUMNS)
                .maxFieldSize(LONGEST_LINE)
                .maxRecordSize(LONGEST_LINE)
                .build();
        try {
            for (CsvRecord row : builder.build(handler, text)) {
                if (row.getFields().stream().anyMatch(field -> !field.isBlank())) {
                    taker.accept(new Row(row.getStartingLineNumber() + line, row.getFields()));
                }
            }
        } catch (CsvParseException e) {
            if (e.getCause() instanceof InvalidDatasetException invalid) {
                throw invalid;
            }
            throw new InvalidDatasetException(
                    "%s is not a table of at most %d columns with lines of under %d characters: %s"
                            .formatted(file, LONGEST_LINE, MOST_COLUMNS, cause(e)));
        }
    }

    private static String cause(CsvParseException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage());
    }

    /** The first line, but for one that states the separator, as Excel writes it. */
    private String header() throws IOException {
        String first = line();
        if (!SEPARATOR.matcher(first.strip()).matches()) {
            return first;
        }
        line++;
        requireContent();
        return line();
    }

    private String line() throws IOException {
        StringBuilder header = new StringBuilder();
        int next = text.read();
        while (next >= 0 && next != '\n' && next != '\r') {
            header.append((char) next);
            if (header.length() > TableHeader.LONGEST) {
                throw new InvalidDatasetException("Line %d of %s has more than %d characters, which no header has."
                        .formatted(line, file, TableHeader.LONGEST));
            }
            next = text.read();
        }
        if (next == '\r') {
            int after = text.read();
            if (after >= 0 && after != '\n') {
                text.unread(after);
            }
        }
        return header.toString();
    }
}
