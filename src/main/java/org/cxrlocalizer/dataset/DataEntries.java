// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;

/**
 * Reads {@code Data_Entry_2017.csv} of both releases, and tables with its columns. That of 2017 writes ages as 058Y, 009M or
 * 001D and patients with eight digits; that of 2020 writes plain numbers. Only the columns that both have are read, by their
 * names; those of age, sex and view may be missing or blank.
 */
public final class DataEntries {

    private static final Pattern AGE = Pattern.compile("(\\d{1,3})(?:\\.\\d{1,4})?([YMD]?)");
    private static final Pattern BETWEEN_LABELS = Pattern.compile("[|;,/]");
    private static final int OLDEST = 120;

    private final String file;
    private final List<LineProblem> problems = new ArrayList<>();
    private final List<ImageEntry> entries = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final Map<String, Set<String>> findings = new HashMap<>();

    private DataEntries(String file) {
        this.file = file;
    }

    /**
     * @return the entries in the order of the file. Lines that repeat an image, lack a column, or have no known label are left
     *     out; of a line with an unknown label beside others only the label is; implausible ages become null, and unknown
     *     sexes and views {@code UNKNOWN}. All are reported.
     * @throws InvalidDatasetException if the file is damaged, lacks a column, or has no line that can be used
     */
    public static Parsed<List<ImageEntry>> read(Resource resource) throws IOException {
        DataEntries reader = new DataEntries(DatasetFile.name(resource));
        try (Reader text = DatasetFile.open(resource)) {
            new Table(reader.file, text).read(header -> {
                Columns columns = Columns.of(header);
                return row -> reader.add(row, columns);
            });
        }
        if (reader.entries.isEmpty()) {
            throw new InvalidDatasetException(
                    reader.problems.isEmpty()
                            ? "%s has no image.".formatted(reader.file)
                            : "No line of %s can be used. %s".formatted(reader.file, reader.problems.get(0)));
        }
        return new Parsed<>(reader.entries, reader.problems);
    }

    /** Places from 0; those of age, sex and view are -1 where there is no such column. */
    private record Columns(int image, int findings, int age, int sex, int view) {

        static Columns of(TableHeader header) {
            return new Columns(
                    header.image(),
                    header.require("Finding Labels", Set.of("findinglabels", "findings", "labels")),
                    header.find("Patient Age", Set.of("patientage", "age")),
                    header.find("Patient Gender", Set.of("patientgender", "patientsex", "gender", "sex")),
                    header.find("View Position", Set.of("viewposition", "view")));
        }

        int count() {
            return 1 + Math.max(Math.max(image, findings), Math.max(age, Math.max(sex, view)));
        }
    }

    private void add(Table.Row row, Columns columns) {
        try {
            row.requireColumns(columns.count());
            String image = ImageNames.ofPath(row.field(columns.image));
            if (!ChestXray14.isImageIndex(image)) {
                throw new IllegalArgumentException("'%s' is not an image index".formatted(row.field(columns.image)));
            }
            ImageEntry entry = new ImageEntry(
                    image,
                    findings(row, row.field(columns.findings)),
                    ChestXray14.patientOf(image),
                    age(row, optional(row, columns.age)),
                    sex(row, optional(row, columns.sex)),
                    view(row, optional(row, columns.view)));
            if (!seen.add(image)) {
                throw new IllegalArgumentException("%s is listed twice".formatted(image));
            }
            entries.add(entry);
        } catch (IllegalArgumentException e) {
            report(row, String.valueOf(e.getMessage()));
        }
    }

    private static String optional(Table.Row row, int place) {
        return place < 0 ? "" : row.field(place);
    }

    /**
     * Equal sets are shared: the whole file has some 840 different ones.
     *
     * @throws IllegalArgumentException if none of the labels is known: the image must not count as one without findings
     */
    private Set<String> findings(Table.Row row, String text) {
        Set<String> shared = findings.get(text);
        if (shared != null) {
            return shared;
        }
        Set<String> known = new LinkedHashSet<>();
        List<String> unknown = new ArrayList<>();
        boolean without = false;
        for (String part : BETWEEN_LABELS.split(text, -1)) {
            String label = ChestXray14.label(part).orElse(null);
            if (label != null) {
                known.add(label);
            } else if (ChestXray14.isNoFinding(part)) {
                without = true;
            } else {
                unknown.add(part.strip());
            }
        }
        if (known.isEmpty() && !without) {
            throw new IllegalArgumentException(
                    text.isEmpty() ? "it has no label" : "'%s' is not a label of the dataset".formatted(text));
        }
        unknown.forEach(part -> report(row, "'%s' is not a label of the dataset".formatted(part)));
        Set<String> result = Set.copyOf(known);
        if (unknown.isEmpty()) {
            findings.put(text, result);
        }
        return result;
    }

    private @Nullable Integer age(Table.Row row, String text) {
        if (text.isEmpty()) {
            return null;
        }
        Matcher matcher = AGE.matcher(text.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            report(row, "the age '%s' cannot be read".formatted(text));
            return null;
        }
        int number = Integer.parseInt(matcher.group(1));
        int years =
                switch (matcher.group(2)) {
                    case "M" -> number / 12;
                    case "D" -> number / 365;
                    default -> number;
                };
        if (years > OLDEST) {
            report(row, "the age '%s' is implausible".formatted(text));
            return null;
        }
        return years;
    }

    private ImageEntry.Sex sex(Table.Row row, String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "F", "FEMALE" -> ImageEntry.Sex.F;
            case "M", "MALE" -> ImageEntry.Sex.M;
            case "", "U", "UNKNOWN" -> ImageEntry.Sex.UNKNOWN;
            default -> {
                report(row, "the sex '%s' is unknown".formatted(text));
                yield ImageEntry.Sex.UNKNOWN;
            }
        };
    }

    private ImageEntry.View view(Table.Row row, String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "PA" -> ImageEntry.View.PA;
            case "AP" -> ImageEntry.View.AP;
            case "", "UNKNOWN" -> ImageEntry.View.UNKNOWN;
            default -> {
                report(row, "the view '%s' is neither PA nor AP".formatted(text));
                yield ImageEntry.View.UNKNOWN;
            }
        };
    }

    private void report(Table.Row row, String reason) {
        problems.add(new LineProblem(file, row.line(), reason));
    }
}
