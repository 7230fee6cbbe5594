// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.io.Reader;
import java.util.Map;
import java.util.stream.IntStream;
import org.cxrlocalizer.geometry.Box;
import tools.jackson.databind.JsonNode;

/**
 * Reads boxes in COCO's format: the annotations of an object with its images and categories, or a list of detections that
 * refer to those of another file. A detection without such a file may name its image and label itself.
 */
record CocoBoxes(String file, CocoNames names, BoxLines lines) {

    private static final int NUMBERS = 4;

    /** @throws InvalidDatasetException if it is not a COCO file */
    void read(Reader text) {
        names.listed().forEach(image -> lines.addImage(1, () -> image));
        CocoNames.Element taker = (number, annotation) -> lines.add(number, () -> box(number, annotation));
        CocoNames.forEach(file, text, Map.of("annotations", taker, "", taker));
    }

    private ListedBox box(long number, JsonNode annotation) {
        if (annotation.path("iscrowd").asInt(0) != 0) {
            throw new IllegalArgumentException("the annotation is of a crowd, which is not a box");
        }
        String image = CocoNames.text(annotation, "image_id");
        String label = CocoNames.text(annotation, "category_id");
        String index = index(image, annotation.path("image_id").isString());
        JsonNode segmentation = annotation.path("segmentation");
        boolean isBoxed = annotation.has("bbox") || segmentation.isEmpty();
        return new ListedBox(
                number,
                index,
                lines.label(
                        index, category(label, annotation.path("category_id").isString())),
                isBoxed ? box(annotation.path("bbox")) : Outlines.extent(segmentation),
                lines.isScored() ? number(annotation.path("score"), "score") : Double.NaN,
                lines.isScored() || segmentation.isEmpty()
                        ? null
                        : size -> Outlines.segmentation(segmentation).mask(size));
    }

    private String index(String id, boolean named) {
        String index = names.images().get(id);
        if (index == null && !(named && names.images().isEmpty())) {
            throw new IllegalArgumentException("there is no image with the id %s in %s".formatted(id, source()));
        }
        return index == null ? ImageNames.index(id) : index;
    }

    private String category(String id, boolean named) {
        String category = names.categories().get(id);
        if (category == null && !(named && names.categories().isEmpty())) {
            throw new IllegalArgumentException("there is no category with the id %s in %s".formatted(id, source()));
        }
        return category == null ? id : category;
    }

    private String source() {
        return names.images().isEmpty() ? "the list of true boxes, which is not a COCO file" : "the COCO file";
    }

    private static Box box(JsonNode bbox) {
        if (!bbox.isArray() || bbox.size() != NUMBERS) {
            throw new IllegalArgumentException("bbox must be x, y, width and height");
        }
        double[] numbers = IntStream.range(0, NUMBERS)
                .mapToDouble(i -> number(bbox.get(i), "bbox"))
                .toArray();
        return new Box(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private static double number(JsonNode node, String name) {
        if (!node.isNumber() || !Double.isFinite(node.asDouble())) {
            throw new IllegalArgumentException("the %s is not a number".formatted(name));
        }
        return node.asDouble();
    }
}
