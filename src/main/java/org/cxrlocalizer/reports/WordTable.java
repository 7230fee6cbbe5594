// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

/** A table in CSV with a header; lines that begin with # are comments. */
final class WordTable {

    private WordTable() {}

    /** Reads one of our own tables. */
    static void readOwn(String name, Consumer<NamedCsvRecord> row) {
        InputStream found = WordTable.class.getResourceAsStream("/reports/" + name);
        if (found == null) {
            throw new IllegalStateException("the jar lacks /reports/" + name);
        }
        try (Reader text = new InputStreamReader(found, StandardCharsets.UTF_8)) {
            read(name, text, row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a table.
     *
     * @param name for messages
     * @param row takes each line, and throws IllegalArgumentException or NoSuchElementException if it cannot be used
     * @throws InvalidTableException if the table breaks the rules of CSV, or a line cannot be used
     */
    static void read(String name, Reader text, Consumer<NamedCsvRecord> row) throws IOException {
        try (CsvReader<NamedCsvRecord> lines =
                CsvReader.builder().commentStrategy(CommentStrategy.SKIP).ofNamedCsvRecord(text)) {
            for (NamedCsvRecord line : lines) {
                try {
                    row.accept(line);
                } catch (IllegalArgumentException | NoSuchElementException e) {
                    throw new InvalidTableException(
                            "Line %d of %s: %s".formatted(line.getStartingLineNumber(), name, e.getMessage()));
                }
            }
        } catch (CsvParseException e) {
            throw new InvalidTableException("%s is not a table in CSV: %s".formatted(name, e.getMessage()));
        }
    }
}
