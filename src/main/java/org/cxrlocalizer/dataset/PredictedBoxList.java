package org.cxrlocalizer.dataset;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.Reader;
import java.util.function.Consumer;
import org.cxrlocalizer.geometry.Box;
import org.springframework.core.io.Resource;

/** Reads boxes that any system found: the columns of {@code BBox_List_2017.csv} and a seventh, the score. */
public final class PredictedBoxList {

    private static final int COLUMNS = 7;

    /**
     * A line of the list.
     *
     * @param line its number, from 1, the header included
     * @param score orders the boxes of a label, highest first; any finite number
     */
    public record PredictedBox(long line, String imageIndex, String label, Box box, double score) {}

    private PredictedBoxList() {}

    /** Counts the boxes of a list, as {@link #forEach} reads them. */
    public static long count(Resource resource, long mostCharacters) throws IOException {
        long[] boxes = new long[1];
        forEach(resource, mostCharacters, box -> boxes[0]++, problem -> {});
        return boxes[0];
    }

    /**
     * Reads a list line by line; none is kept.
     *
     * @param mostCharacters that the list may have, unpacked
     * @param boxes takes the boxes, in the order of the file
     * @param problems takes the lines that cannot be read, in the order of the file
     * @throws InvalidDatasetException if it has more characters, is empty, or its header has not seven columns
     */
    public static void forEach(
            Resource resource, long mostCharacters, Consumer<PredictedBox> boxes, Consumer<LineProblem> problems)
            throws IOException {
        String file = DatasetFile.name(resource);
        try (Reader text = DatasetFile.open(resource);
                CsvReader<CsvRecord> records = CsvReader.builder()
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .skipEmptyLines(false)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .ofCsvRecord(text)) {
            boolean headed = false;
            long characters = 0;
            for (CsvRecord row : records) {
                characters += row.getFields().stream().mapToInt(String::length).sum() + row.getFieldCount();
                if (characters > mostCharacters) {
                    throw new InvalidDatasetException(
                            "%s has more than %d characters, unpacked.".formatted(file, mostCharacters));
                }
                if (row.getFieldCount() == 1 && row.getField(0).isEmpty()) {
                    continue; // an empty line, of which there may be too many, too
                }
                if (!headed) {
                    if (row.getFieldCount() < COLUMNS || !row.getField(0).equals("Image Index")) {
                        throw new InvalidDatasetException(
                                "Line 1 of %s must be Image Index,Finding Label,Bbox [x,y,w,h],Score".formatted(file));
                    }
                    headed = true;
                    continue;
                }
                try {
                    boxes.accept(parse(row));
                } catch (IllegalArgumentException e) {
                    problems.accept(new LineProblem(file, row.getStartingLineNumber(), String.valueOf(e.getMessage())));
                }
            }
            if (!headed) {
                throw new InvalidDatasetException("%s is empty.".formatted(file));
            }
        }
    }

    private static PredictedBox parse(CsvRecord row) {
        if (row.getFieldCount() < COLUMNS) {
            throw new IllegalArgumentException("it has %d columns and not %d".formatted(row.getFieldCount(), COLUMNS));
        }
        String label = ChestXray14.canonicalLabel(row.getField(1));
        if (!ChestXray14.LABELS.contains(label)) {
            throw new IllegalArgumentException("'%s' is no label of the dataset".formatted(label));
        }
        double score = Double.parseDouble(row.getField(6));
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("the score is not finite");
        }
        return new PredictedBox(
                row.getStartingLineNumber(),
                row.getField(0),
                label,
                new Box(
                        Double.parseDouble(row.getField(2)),
                        Double.parseDouble(row.getField(3)),
                        Double.parseDouble(row.getField(4)),
                        Double.parseDouble(row.getField(5))),
                score);
    }
}
