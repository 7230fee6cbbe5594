// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.documents;

import org.cxrlocalizer.json.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A report as the property {@code text} of an object that has no other. */
final class JsonReport {

    private static final JsonMapper MAPPER = StrictJson.of(JsonMapper.builder()).build();

    private JsonReport() {}

    static String text(byte[] body) {
        JsonNode report;
        try {
            report = MAPPER.readTree(Decoding.utf8(body));
        } catch (JacksonException e) {
            throw new UnreadableReportException("The body is not JSON.");
        }
        JsonNode text = report.path("text");
        if (!report.isObject() || report.size() != 1 || !text.isString()) {
            throw new UnreadableReportException("The body must be an object with the string 'text' and nothing else.");
        }
        return text.asString();
    }
}
