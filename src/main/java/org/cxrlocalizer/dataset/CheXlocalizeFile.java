// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.io.Reader;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads CheXlocalize's files: an object with a property for each image, as {@code patient64622_study1_view1_frontal}. In {@code
 * gt_annotations} it has {@code img_size} (height and width) and, by label, outlines as lists of points; each outline is a box. In
 * {@code gt_segmentations} it has, by label, a mask of run lengths; each connected part is a box. (Saporta et al., Nature Machine
 * Intelligence 2022.)
 */
record CheXlocalizeFile(String file, BoxLines lines) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String SIZE = "img_size";

    /** @throws InvalidDatasetException if it is no such file */
    void read(Reader text) {
        ImageNames names = new ImageNames();
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            long number = 0;
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                JsonNode image = json.readValueAsTree();
                image(++number, names, name, image);
            }
        } catch (JacksonException e) {
            if (e.getCause() instanceof InvalidDatasetException invalid) {
                throw invalid;
            }
            throw new InvalidDatasetException(
                    "%s is not a file of CheXlocalize: %s".formatted(file, e.getOriginalMessage()));
        }
    }

    private void image(long number, ImageNames names, String name, JsonNode image) {
        lines.addImage(number, () -> new ListedImage(names.read(name), size(image), null));
        for (Map.Entry<String, JsonNode> label : image.properties()) {
            if (label.getKey().equals(SIZE)) {
                continue;
            }
            lines.addAll(number, () -> boxes(number, names.read(name), label.getKey(), label.getValue()));
        }
    }

    private List<ListedBox> boxes(long number, String image, String label, JsonNode value) {
        return Outlines.label(value).stream()
                .map(part ->
                        new ListedBox(number, image, lines.label(image, label), part.box(), Double.NaN, part.outline()))
                .toList();
    }

    /** Height and width, of the outlines or of any mask. */
    private static @Nullable ImageSize size(JsonNode image) {
        JsonNode stated = image.valueStream()
                .map(label -> label.path("size"))
                .filter(JsonNode::isArray)
                .findFirst()
                .orElse(image.path(SIZE));
        return stated.size() == 2
                ? new ImageSize(stated.get(1).asInt(0), stated.get(0).asInt(0))
                : null;
    }
}
