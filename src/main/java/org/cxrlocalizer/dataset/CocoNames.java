// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The images and categories of a COCO file by their numbers.
 *
 * @param images number to image index
 * @param listed the same images, in the order of the file
 * @param categories number to name
 */
record CocoNames(Map<String, String> images, List<ListedImage> listed, Map<String, String> categories) {

    static final CocoNames NONE = new CocoNames(Map.of(), List.of(), Map.of());

    private static final Set<String> PROPERTIES = Set.of("info", "licenses", "images", "categories", "annotations");

    private static final JsonMapper JSON = new JsonMapper();

    /** Returns the images and categories of a list of boxes; none if it is no COCO object. */
    static CocoNames read(Resource list) throws IOException {
        String file = DatasetFile.name(list);
        try (Reader text = DatasetFile.open(list)) {
            Table start = new Table(file, text);
            return start.first() == '{' ? read(file, start.rest()) : NONE;
        }
    }

    /** Takes an element of an array, with its number from 1. */
    @FunctionalInterface
    interface Element {
        void at(long number, JsonNode element);
    }

    /**
     * Reads the images and categories of a COCO object.
     *
     * @throws InvalidDatasetException if it is no COCO object, or repeats a number
     */
    static CocoNames read(String file, Reader text) {
        CocoNames names = new CocoNames(new LinkedHashMap<>(), new ArrayList<>(), new HashMap<>());
        ImageNames indices = new ImageNames();
        forEach(
                file,
                text,
                Map.of(
                        "images",
                        (number, image) -> {
                            String id = text(image, "id");
                            String index = indices.read(text(image, "file_name"));
                            put(file, names.images, id, index);
                            names.listed.add(new ListedImage(index, size(image), patient(image)));
                        },
                        "categories",
                        (number, category) ->
                                put(file, names.categories, text(category, "id"), text(category, "name"))));
        return names;
    }

    private static @Nullable ImageSize size(JsonNode image) {
        return image.path("width").isNumber() && image.path("height").isNumber()
                ? new ImageSize(
                        image.path("width").intValue(0), image.path("height").intValue(0))
                : null;
    }

    /** MS-CXR states the path beside the name; neither is a part of COCO's format. */
    private static @Nullable String patient(JsonNode image) {
        for (String property : List.of("patient_id", "subject_id")) {
            if (image.path(property).isString() || image.path(property).isIntegralNumber()) {
                return image.path(property).asString();
            }
        }
        String named = ImageNames.patient(image.path("path").asString(""));
        return named == null ? ImageNames.patient(image.path("file_name").asString("")) : named;
    }

    /** Whether an object is another than COCO's: its first property is an object of an unknown name. */
    static boolean isOther(String file, Reader text) {
        try (JsonParser json = JSON.createParser(text)) {
            return json.nextToken() == JsonToken.START_OBJECT
                    && json.nextToken() == JsonToken.PROPERTY_NAME
                    && !PROPERTIES.contains(json.currentName())
                    && json.nextToken() == JsonToken.START_OBJECT;
        } catch (JacksonException e) {
            throw new InvalidDatasetException("%s is not JSON: %s".formatted(file, e.getOriginalMessage()));
        }
    }

    private static void put(String file, Map<String, String> names, String id, String name) {
        String other = names.putIfAbsent(id, name);
        if (other != null && !other.equals(name)) {
            throw new InvalidDatasetException(
                    "%s gives the number %s to '%s' and to '%s'.".formatted(file, id, other, name));
        }
    }

    /**
     * Reads the elements of arrays one by one.
     *
     * @param arrays by the name of the property that holds it; under the empty name, for a file that is an array itself
     * @throws InvalidDatasetException if the file is not JSON, or an element is wrong
     */
    static void forEach(String file, Reader text, Map<String, Element> arrays) {
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() == JsonToken.START_ARRAY) {
                elements(json, arrays.get(""));
            } else {
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    Element taker = arrays.get(json.currentName());
                    if (json.nextToken() == JsonToken.START_ARRAY && taker != null) {
                        elements(json, taker);
                    } else {
                        json.skipChildren();
                    }
                }
            }
        } catch (JacksonException e) {
            if (e.getCause() instanceof InvalidDatasetException invalid) {
                throw invalid;
            }
            throw new InvalidDatasetException("%s is not a COCO file: %s".formatted(file, e.getOriginalMessage()));
        } catch (IllegalArgumentException e) {
            throw new InvalidDatasetException("%s is not a COCO file: %s".formatted(file, e.getMessage()));
        }
    }

    private static void elements(JsonParser json, @Nullable Element taker) {
        long number = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            JsonNode element = json.readValueAsTree();
            if (taker != null) {
                taker.at(++number, element);
            }
        }
    }

    /** @throws IllegalArgumentException if there is no such property */
    static String text(JsonNode element, String property) {
        JsonNode value = element.path(property);
        if (!value.isString() && !value.isIntegralNumber()) {
            throw new IllegalArgumentException("an element has no %s".formatted(property));
        }
        return value.asString();
    }
}
