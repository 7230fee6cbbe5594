// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The first line of a table: its separator, and its columns by their names, regardless of case, spaces and punctuation. So
 * the released header, which splits {@code Bbox [x,y,w,h]} over four columns, has the columns bboxx, y, w and h.
 *
 * @param names of the columns, small letters and digits alone
 */
record TableHeader(String file, long line, char separator, List<String> names) {

    /** A header with more is none. */
    static final int LONGEST = 1 << 16;

    private static final int SHOWN = 120;
    private static final List<Character> SEPARATORS = List.of(',', ';', '\t');
    private static final Pattern BOX_IN_ONE = Pattern.compile("[\\s\\w]*\\[\\s*x[^\\[]*", Pattern.CASE_INSENSITIVE);
    private static final String IMAGE_TITLE = "Image Index";
    private static final Set<String> IMAGE =
            Set.of("imageindex", "image", "imageid", "imagename", "imagefile", "imagepath", "filename", "file", "path");

    /** Names the image in a table that has no other column of images. */
    private static final Set<String> OTHER_IMAGE = Set.of("patientid", "dicomid");

    /**
     * Parses a header. A separator is the one by which a column is found that the table must have.
     *
     * @param title of that column, for messages
     * @param key its possible names
     * @throws InvalidDatasetException if none is, or more than one
     */
    static TableHeader of(String file, long line, String text, String title, Set<String> key) {
        List<TableHeader> possible = new ArrayList<>();
        for (char separator : SEPARATORS) {
            List<String> names = names(text, separator);
            if (names.stream().anyMatch(key::contains)) {
                possible.add(new TableHeader(file, line, separator, names));
            }
        }
        if (possible.size() != 1) {
            String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
            throw new InvalidDatasetException(
                    possible.isEmpty()
                            ? "Line %d of %s has no column '%s', with commas, semicolons or tabs between its columns: %s"
                                    .formatted(line, file, title, shown)
                            : "Line %d of %s has more than one separator: %s".formatted(line, file, shown));
        }
        return possible.get(0);
    }

    /** Parses the header of a table of images. */
    static TableHeader of(String file, long line, String text) {
        Set<String> key = new HashSet<>(IMAGE);
        key.addAll(OTHER_IMAGE);
        return of(file, line, text, IMAGE_TITLE, key);
    }

    private static List<String> names(String text, char separator) {
        try (CsvReader<CsvRecord> records = CsvReader.builder()
                .fieldSeparator(separator)
                .trimWhitespacesAroundQuotes(true)
                .ofCsvRecord(text)) {
            return records.stream()
                    .flatMap(row -> row.getFields().stream())
                    .flatMap(TableHeader::columns)
                    .map(name -> name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{Nd}]", ""))
                    .toList();
        } catch (CsvParseException | IOException e) {
            return List.of();
        }
    }

    /** Between other separators, or quotes, the four columns of the released header may stand in one field. */
    private static Stream<String> columns(String field) {
        return BOX_IN_ONE.matcher(field).matches() ? Arrays.stream(field.split(",", -1)) : Stream.of(field);
    }

    /** Returns the place of the images' column. */
    int image() {
        int place = find(IMAGE_TITLE, IMAGE);
        return place >= 0 ? place : require(IMAGE_TITLE, OTHER_IMAGE);
    }

    /** Whether it is that of the RSNA Pneumonia Detection Challenge, whose images bear the patient's name. */
    boolean isOfChallenge() {
        return names.contains("patientid")
                && names.contains("target")
                && names.stream().noneMatch(IMAGE::contains);
    }

    /**
     * Returns the place of a column.
     *
     * @param title for messages
     * @param wanted its possible names
     * @throws InvalidDatasetException if there is none, or more than one
     */
    int require(String title, Set<String> wanted) {
        int place = find(title, wanted);
        if (place < 0) {
            throw new InvalidDatasetException("Line %d of %s has no column '%s'.".formatted(line, file, title));
        }
        return place;
    }

    /**
     * Returns the place of a column, or -1 without one.
     *
     * @throws InvalidDatasetException if there is more than one
     */
    int find(String title, Set<String> wanted) {
        int[] places = IntStream.range(0, names.size())
                .filter(place -> wanted.contains(names.get(place)))
                .toArray();
        if (places.length > 1) {
            throw new InvalidDatasetException("Line %d of %s has more than one column '%s': %s."
                    .formatted(
                            line,
                            file,
                            title,
                            Arrays.stream(places).mapToObj(names::get).toList()));
        }
        return places.length == 0 ? -1 : places[0];
    }
}
