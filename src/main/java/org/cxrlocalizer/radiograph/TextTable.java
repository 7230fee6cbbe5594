// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The rows of a small CSV file beside this package's classes: no quotes, comments behind {@code #}, a header. */
final class TextTable {

    private TextTable() {}

    static List<String[]> read(String name) {
        try (InputStream file =
                        Objects.requireNonNull(TextTable.class.getResourceAsStream("/radiograph/" + name), name);
                BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
