package org.cxrlocalizer.dataset;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;

/**
 * Reads {@code Data_Entry_2017.csv} of both releases. That of 2017 writes ages as 058Y, 009M or 001D and patients with
 * eight digits; that of 2020 writes plain numbers. Only the columns that both have are read, by their names.
 */
public final class DataEntries {

    private static final Pattern AGE = Pattern.compile("(\\d{1,3})([YMD]?)");
    private static final int OLDEST = 120;

    private final String file;
    private final List<LineProblem> problems = new ArrayList<>();
    private final Map<String, Set<String>> findings = new HashMap<>();

    private DataEntries(String file) {
        this.file = file;
    }

    /**
     * @return the entries in the order of the file. Lines that repeat an image, lack a column or cannot be read are left
     *     out; of a line with an unknown label only the label is; implausible ages become null. All are reported.
     * @throws InvalidDatasetException if the file is empty or has another header
     */
    public static Parsed<List<ImageEntry>> read(Resource resource) throws IOException {
        DataEntries reader = new DataEntries(DatasetFile.name(resource));
        List<ImageEntry> entries = reader.entries(resource);
        return new Parsed<>(entries, reader.problems);
    }

    private List<ImageEntry> entries(Resource resource) throws IOException {
        List<ImageEntry> entries = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Columns columns = null;
        try (Reader text = DatasetFile.open(resource);
                CsvReader<CsvRecord> records = CsvReader.builder()
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .ofCsvRecord(text)) {
            for (CsvRecord row : records) {
                if (columns == null) {
                    columns = Columns.of(row, file);
                    continue;
                }
                ImageEntry entry = entry(row, columns);
                if (entry != null && !seen.add(entry.imageIndex())) {
                    report(row, "%s is listed twice".formatted(entry.imageIndex()));
                } else if (entry != null) {
                    entries.add(entry);
                }
            }
        }
        if (columns == null) {
            throw new InvalidDatasetException("%s is empty.".formatted(file));
        }
        return entries;
    }

    private record Columns(int image, int findings, int age, int sex, int view) {

        static Columns of(CsvRecord header, String file) {
            return new Columns(
                    place(header, file, "Image Index"),
                    place(header, file, "Finding Labels"),
                    place(header, file, "Patient Age"),
                    place(header, file, "Patient Gender", "Patient Sex"),
                    place(header, file, "View Position"));
        }

        private static int place(CsvRecord header, String file, String... names) {
            for (String name : names) {
                int place = header.getFields().indexOf(name);
                if (place >= 0) {
                    return place;
                }
            }
            throw new InvalidDatasetException("Line 1 of %s has no column '%s'.".formatted(file, names[0]));
        }

        int last() {
            return Math.max(Math.max(image, findings), Math.max(age, Math.max(sex, view)));
        }
    }

    private @Nullable ImageEntry entry(CsvRecord row, Columns columns) {
        if (row.getFieldCount() <= columns.last()) {
            return report(row, "it has %d columns and not %d".formatted(row.getFieldCount(), columns.last() + 1));
        }
        String image = row.getField(columns.image);
        if (!ChestXray14.isImageIndex(image)) {
            return report(row, "'%s' is no image index".formatted(image));
        }
        try {
            return new ImageEntry(
                    image,
                    findings(row, row.getField(columns.findings)),
                    ChestXray14.patientOf(image),
                    age(row, row.getField(columns.age)),
                    ImageEntry.Sex.valueOf(row.getField(columns.sex)),
                    ImageEntry.View.valueOf(row.getField(columns.view)));
        } catch (IllegalArgumentException e) {
            return report(row, "the age, sex or view cannot be read");
        }
    }

    /** Equal sets are shared: the whole file has some 840 different ones. */
    private Set<String> findings(CsvRecord row, String text) {
        Set<String> shared = findings.get(text);
        if (shared != null) {
            return shared;
        }
        Set<String> known = new LinkedHashSet<>();
        boolean whole = true;
        for (String part : text.split("\\|", -1)) {
            String label = ChestXray14.canonicalLabel(part);
            if (ChestXray14.LABELS.contains(label)) {
                known.add(label);
            } else if (!label.equals("No Finding")) {
                report(row, "'%s' is no label of the dataset".formatted(part));
                whole = false;
            }
        }
        Set<String> result = Set.copyOf(known);
        if (whole) {
            findings.put(text, result);
        }
        return result;
    }

    private @Nullable Integer age(CsvRecord row, String text) {
        Matcher matcher = AGE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
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

    private @Nullable ImageEntry report(CsvRecord row, String reason) {
        problems.add(new LineProblem(file, row.getStartingLineNumber(), reason));
        return null;
    }
}
