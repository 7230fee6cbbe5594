// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;

/**
 * Reads lists of boxes line by line; the start of a file decides its format. They are tables with the columns of
 * {@link BoxColumns}, COCO files as {@link CocoBoxes} reads them, and those of {@link CheXlocalizeFile}. None is kept.
 */
final class BoxLines {

    /** The label that a text means. */
    @FunctionalInterface
    interface Labels {
        /** @throws IllegalArgumentException if it is no label of the image */
        String of(String imageIndex, String text);
    }

    private final String file;
    private final Labels labels;
    private final boolean scored;
    private final Consumer<ListedImage> images;
    private final Consumer<ListedBox> boxes;
    private final Consumer<LineProblem> problems;
    private @Nullable LineProblem firstProblem;
    private long found;
    private double furthest;

    /**
     * @param file for messages
     * @param labels of the boxes
     * @param scored whether the boxes are predicted ones, each of which needs a score
     * @param images takes the images of true boxes, each at least once before its boxes, and checks those of predicted boxes: an
     *     {@link IllegalArgumentException} refuses a box of it
     * @param boxes takes the boxes, in the order of the file; an {@link IllegalArgumentException} refuses one, as if it could
     *     not be read
     * @param problems takes the lines that cannot be used, in the order of the file
     */
    BoxLines(
            String file,
            Labels labels,
            boolean scored,
            Consumer<ListedImage> images,
            Consumer<ListedBox> boxes,
            Consumer<LineProblem> problems) {
        this.file = file;
        this.labels = labels;
        this.scored = scored;
        this.images = images;
        this.boxes = boxes;
        this.problems = problems;
    }

    /** Whether it is a list of predicted boxes, each of which needs a score. */
    boolean isScored() {
        return scored;
    }

    /**
     * Reads a list.
     *
     * @param mostCharacters that it may have, unpacked
     * @param names of the images and categories that a COCO file without its own refers to
     * @throws InvalidDatasetException if it has more characters, is another file, or has no line that can be used
     */
    void read(Resource resource, long mostCharacters, CocoNames names) throws IOException {
        try (Reader text = DatasetFile.open(resource, mostCharacters)) {
            Table table = new Table(file, text);
            int first = table.first();
            if (first == '[') {
                new CocoBoxes(file, names, this).read(table.rest());
            } else if (first != '{') {
                table.read(header -> TableBoxes.of(header, this)::add);
            } else if (!isScored() && CocoNames.isOther(file, table.rest())) {
                try (Reader again = DatasetFile.open(resource, mostCharacters)) {
                    new CheXlocalizeFile(file, this).read(again);
                }
            } else {
                readCoco(resource, mostCharacters, names);
            }
        }
        requireUsable();
    }

    private void readCoco(Resource resource, long mostCharacters, CocoNames names) throws IOException {
        try (Reader text = DatasetFile.open(resource, mostCharacters);
                Reader again = DatasetFile.open(resource, mostCharacters)) {
            CocoNames own = CocoNames.read(file, text);
            new CocoBoxes(file, own.images().isEmpty() ? names : own, this).read(again);
        }
    }

    /** @throws IllegalArgumentException if it is no label of the image */
    String label(String imageIndex, String text) {
        return labels.of(imageIndex, text);
    }

    /** @param image its exception's message states what is wrong with the line */
    void addImage(long number, Supplier<ListedImage> image) {
        if (scored) {
            return;
        }
        try {
            images.accept(image.get());
        } catch (IllegalArgumentException e) {
            report(number, e);
        }
    }

    /** @throws IllegalArgumentException if predicted boxes of the image cannot be compared with its true ones */
    void check(ListedImage image) {
        images.accept(image);
    }

    /** @param box its exception's message states what is wrong with the line */
    void add(long number, Supplier<ListedBox> box) {
        addAll(number, () -> List.of(box.get()));
    }

    /** @param all its exception's message states what is wrong with the line */
    void addAll(long number, Supplier<List<ListedBox>> all) {
        try {
            for (ListedBox box : all.get()) {
                boxes.accept(box);
                found++;
                furthest =
                        Math.max(furthest, Math.max(box.box().right(), box.box().bottom()));
            }
        } catch (IllegalArgumentException e) {
            report(number, e);
        }
    }

    private void report(long number, IllegalArgumentException e) {
        LineProblem problem = new LineProblem(file, number, String.valueOf(e.getMessage()));
        firstProblem = firstProblem == null ? problem : firstProblem;
        problems.accept(problem);
    }

    private void requireUsable() {
        if (found == 0) {
            throw new InvalidDatasetException(
                    firstProblem == null
                            ? "%s has no box.".formatted(file)
                            : "No line of %s can be used. %s".formatted(file, firstProblem));
        }
        if (furthest <= 1) {
            throw new InvalidDatasetException(
                    "All boxes of %s lie within the first pixel, as fractions of an image do. Boxes are read in pixels."
                            .formatted(file));
        }
    }
}
