// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.io.IOException;
import java.util.function.Consumer;
import org.springframework.core.io.Resource;

/**
 * Reads boxes that any system found: a table with the columns of {@code BBox_List_2017.csv} and a score, in any order, or
 * COCO's format of results. Where a table states the size of the image, it is that of the image of the true boxes.
 */
public final class PredictedBoxList {

    private PredictedBoxList() {}

    /**
     * Reads a list line by line; none is kept.
     *
     * @param mostCharacters that the list may have, unpacked
     * @param truth whose images and categories COCO results refer to
     * @param boxes takes the boxes, in the order of the file; an {@link IllegalArgumentException} refuses one, as if it could
     *     not be read
     * @param problems takes the lines that cannot be used, in the order of the file
     * @throws InvalidDatasetException if it has more characters, is damaged, lacks a column, or has no line that can be used
     */
    public static void forEach(
            Resource resource,
            long mostCharacters,
            GroundTruth truth,
            Consumer<ListedBox> boxes,
            Consumer<LineProblem> problems)
            throws IOException {
        new BoxLines(
                        DatasetFile.name(resource),
                        (image, label) -> truth.predicted(label),
                        true,
                        image -> requireSize(image, truth),
                        boxes,
                        problems)
                .read(resource, mostCharacters, truth.names());
    }

    /** Boxes on an image of another size would be compared with true boxes elsewhere. */
    private static void requireSize(ListedImage image, GroundTruth truth) {
        ImageSize size = truth.size(image.imageIndex());
        if (image.size() != null && size != null && !image.size().equals(size)) {
            throw new IllegalArgumentException("the box is on an image of %s pixels, and its true boxes on one of %s"
                    .formatted(image.size(), size));
        }
    }
}
