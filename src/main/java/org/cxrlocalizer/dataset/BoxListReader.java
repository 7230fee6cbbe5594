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
import java.util.Optional;
import org.cxrlocalizer.geometry.Box;

/**
 * Reads {@code BBox_List_2017.csv} as it was released: a header that splits "Bbox [x,y,w,h]" over four columns, three
 * empty trailing columns, and "Infiltrate" for Infiltration.
 */
final class BoxListReader {

    private static final List<String> HEADER = List.of("Image Index", "Finding Label", "Bbox [x", "y", "w", "h]");

    private static final double SIDE = ChestXray14.IMAGE_SIDE;

    private final String file;
    private final List<LineProblem> problems = new ArrayList<>();

    private BoxListReader(String file) {
        this.file = file;
    }

    /**
     * @return the boxes by image, in the order of the file; a line that cannot be read, repeats another, or has a box that
     *     leaves the image is left out and reported
     * @throws InvalidDatasetException if the file is empty or has another header
     */
    static Parsed<Map<String, List<TruthBox>>> read(String file, Reader csv) throws IOException {
        BoxListReader reader = new BoxListReader(file);
        return new Parsed<>(reader.boxes(csv), reader.problems);
    }

    private Map<String, List<TruthBox>> boxes(Reader csv) throws IOException {
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
                    parse(row).ifPresent(box -> add(row, box, boxes));
                }
            }
        }
        if (!headed) {
            throw new InvalidDatasetException("The box list is empty.");
        }
        boxes.replaceAll((image, list) -> List.copyOf(list));
        return boxes;
    }

    private void add(CsvRecord row, TruthBox box, Map<String, List<TruthBox>> boxes) {
        List<TruthBox> ofImage = boxes.computeIfAbsent(row.getField(0), image -> new ArrayList<>());
        if (ofImage.contains(box)) {
            report(row, "the box is listed twice");
        } else {
            ofImage.add(box);
        }
    }

    private static void checkHeader(CsvRecord row) {
        if (row.getFieldCount() < HEADER.size()
                || !row.getFields().subList(0, HEADER.size()).equals(HEADER)) {
            throw new InvalidDatasetException("Line 1 of the box list must begin with " + String.join(",", HEADER));
        }
    }

    private Optional<TruthBox> parse(CsvRecord row) {
        if (row.getFieldCount() < HEADER.size()) {
            return report(row, "it has %d columns and not %d".formatted(row.getFieldCount(), HEADER.size()));
        }
        String label = ChestXray14.canonicalLabel(row.getField(1));
        if (!ChestXray14.LABELS.contains(label)) {
            return report(row, "'%s' is no label of the dataset".formatted(label));
        }
        try {
            Box box = new Box(number(row, 2), number(row, 3), number(row, 4), number(row, 5));
            if (box.x() < 0 || box.y() < 0 || box.right() > SIDE || box.bottom() > SIDE) {
                return report(row, "the box leaves the image of 1024 × 1024 pixels");
            }
            return Optional.of(new TruthBox(label, box));
        } catch (IllegalArgumentException e) {
            return report(row, String.valueOf(e.getMessage()));
        }
    }

    private static double number(CsvRecord row, int column) {
        return Double.parseDouble(row.getField(column));
    }

    private Optional<TruthBox> report(CsvRecord row, String reason) {
        problems.add(new LineProblem(file, row.getStartingLineNumber(), reason));
        return Optional.empty();
    }
}
