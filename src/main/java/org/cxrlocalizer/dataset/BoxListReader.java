package org.cxrlocalizer.dataset;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.geometry.Box;

/**
 * Reads {@code BBox_List_2017.csv} as it was released: a header that splits "Bbox [x,y,w,h]" over four columns, three
 * empty trailing columns, and "Infiltrate" for Infiltration.
 */
final class BoxListReader {

    private static final List<String> HEADER = List.of("Image Index", "Finding Label", "Bbox [x", "y", "w", "h]");

    private BoxListReader() {}

    /** @throws InvalidDatasetException if a line is not as released */
    static Map<String, List<TruthBox>> read(Reader csv) throws IOException {
        Map<String, List<TruthBox>> boxes = new LinkedHashMap<>();
        boolean headed = false;
        try (CsvReader<CsvRecord> records = CsvReader.builder()
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(csv)) {
            for (CsvRecord row : records) {
                if (!headed) {
                    checkHeader(row);
                    headed = true;
                } else {
                    boxes.computeIfAbsent(row.getField(0), image -> new ArrayList<>())
                            .add(parse(row));
                }
            }
        }
        if (!headed) {
            throw new InvalidDatasetException("The box list is empty.");
        }
        boxes.replaceAll((image, list) -> List.copyOf(list));
        return boxes;
    }

    private static void checkHeader(CsvRecord row) {
        if (row.getFieldCount() < HEADER.size()
                || !row.getFields().subList(0, HEADER.size()).equals(HEADER)) {
            throw new InvalidDatasetException("Line 1 of the box list must begin with " + String.join(",", HEADER));
        }
    }

    private static TruthBox parse(CsvRecord row) {
        if (row.getFieldCount() < HEADER.size()) {
            throw invalid(row, "it has %d columns and not %d".formatted(row.getFieldCount(), HEADER.size()));
        }
        String label = ChestXray14.canonicalLabel(row.getField(1));
        if (!ChestXray14.LABELS.contains(label)) {
            throw invalid(row, "'%s' is no label of the dataset".formatted(label));
        }
        try {
            return new TruthBox(label, new Box(number(row, 2), number(row, 3), number(row, 4), number(row, 5)));
        } catch (IllegalArgumentException e) {
            throw invalid(row, String.valueOf(e.getMessage()));
        }
    }

    private static double number(CsvRecord row, int column) {
        return Double.parseDouble(row.getField(column));
    }

    private static InvalidDatasetException invalid(CsvRecord row, String reason) {
        return new InvalidDatasetException(
                "Line %d of the box list: %s.".formatted(row.getStartingLineNumber(), reason));
    }
}
