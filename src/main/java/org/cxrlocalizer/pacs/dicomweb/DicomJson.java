// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.dicomweb;

import java.util.List;
import java.util.Map;
import org.cxrlocalizer.dicom.Uid;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the DICOM JSON model (PS3.18, annex F). It is an array of data sets, and tags have capital letters; some servers send one
 * data set alone, or small letters.
 */
final class DicomJson {

    private static final JsonMapper JSON = new JsonMapper();

    private DicomJson() {}

    /**
     * Parses one data set or several.
     *
     * @throws tools.jackson.core.JacksonException if it is no JSON
     */
    static JsonNode parse(byte[] json) {
        return JSON.readTree(json);
    }

    /** Returns the data sets of an array, or the only one. */
    static List<JsonNode> dataSets(JsonNode model) {
        return model.isArray() ? model.valueStream().toList() : List.of(model);
    }

    /** Returns the values of an attribute; a missing node without it. */
    static JsonNode values(JsonNode dataSet, String tag) {
        JsonNode attribute = dataSet.properties().stream()
                .filter(property -> property.getKey().equalsIgnoreCase(tag))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> dataSet.path(tag));
        return attribute.path("Value");
    }

    /** Returns the first value of an attribute as text, without padding; empty without it. */
    static String value(JsonNode dataSet, String tag) {
        return Uid.withoutPadding(values(dataSet, tag).path(0).asString(""));
    }
}
