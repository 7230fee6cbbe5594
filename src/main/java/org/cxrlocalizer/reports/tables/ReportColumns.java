// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.tables;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.cxrlocalizer.reports.ReportLabeller;
import org.cxrlocalizer.reports.ReportText;
import org.cxrlocalizer.reports.Section;

/**
 * The columns of a table of reports, by their names regardless of case, spaces and punctuation.
 *
 * @param image the place of the column that names the image, or the report
 * @param sections the places of the sections' columns; empty where one column has the whole report
 * @param text the place of that column, or -1
 */
record ReportColumns(int image, Map<Section, Integer> sections, int text) {

    private static final Set<String> IMAGE = Set.of("imageindex", "image", "imageid", "imagename", "filename", "file");
    private static final Set<String> REPORT =
            Set.of("report", "reportid", "study", "studyid", "accession", "id", "uid");
    private static final Set<String> TEXT = Set.of("text", "reporttext", "report");

    /** Only the first four decide; the place in the text is that of the enum. */
    private static final Map<Section, Set<String>> SECTIONS = Map.of(
            Section.FINDINGS, Set.of("findings"),
            Section.IMPRESSION, Set.of("impression", "impressions", "conclusion"),
            Section.INDICATION, Set.of("indication", "history", "clinicalinformation"),
            Section.COMPARISON, Set.of("comparison"));

    /** @throws InvalidReportTableException if a column that is needed is missing, or could be one of several */
    static ReportColumns of(List<String> header) {
        List<String> names = header.stream()
                .map(name -> name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{Nd}]", ""))
                .toList();
        Map<Section, Integer> sections = new EnumMap<>(Section.class);
        SECTIONS.forEach((section, wanted) -> {
            int place = find(names, wanted);
            if (place >= 0) {
                sections.put(section, place);
            }
        });
        boolean split = sections.keySet().stream().anyMatch(Section::counted);
        int image = find(names, IMAGE);
        int text = split ? -1 : find(names, TEXT);
        int name = image >= 0 ? image : find(names, split ? REPORT : without(REPORT, "report"));
        if (name < 0 || (!split && text < 0)) {
            throw new InvalidReportTableException("The table of reports needs a column 'Image Index' (or 'id'), and the"
                    + " columns 'findings' and 'impression' or one of them, or a column 'text'.");
        }
        return new ReportColumns(name, split ? sections : Map.of(), text);
    }

    private static Set<String> without(Set<String> names, String name) {
        return Set.copyOf(names.stream().filter(other -> !other.equals(name)).toList());
    }

    private static int find(List<String> names, Set<String> wanted) {
        int[] places = IntStream.range(0, names.size())
                .filter(place -> wanted.contains(names.get(place)))
                .toArray();
        if (places.length > 1) {
            throw new InvalidReportTableException("The columns '%s' and '%s' of the table of reports mean the same."
                    .formatted(names.get(places[0]), names.get(places[1])));
        }
        return places.length == 0 ? -1 : places[0];
    }

    private int count() {
        return 1
                + Math.max(
                        Math.max(image, text),
                        sections.values().stream().mapToInt(it -> it).max().orElse(-1));
    }

    String image(CsvRecord row) {
        if (row.getFieldCount() < count()) {
            throw new InvalidReportTableException("Line %d of the table of reports has %d columns and not %d."
                    .formatted(row.getStartingLineNumber(), row.getFieldCount(), count()));
        }
        return row.getField(image).strip();
    }

    ReportText report(CsvRecord row, ReportLabeller labeller) {
        if (text >= 0) {
            return labeller.split(row.getField(text));
        }
        Map<Section, String> texts = new EnumMap<>(Section.class);
        sections.forEach((section, place) -> texts.put(section, row.getField(place)));
        return ReportText.of(texts);
    }
}
