// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.documents;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The text of a FHIR DiagnosticReport (R4 and R5), or of those in a Bundle: the presented form where it is text or HTML, else
 * the narrative; and the conclusion, where no presented form has it.
 */
final class FhirReport {

    private static final String RESOURCE_TYPE = "resourceType";
    private static final String VOID = "entered-in-error";
    private static final JsonMapper MAPPER = new JsonMapper();

    private FhirReport() {}

    static String text(byte[] body) {
        JsonNode resource;
        try {
            resource = MAPPER.readTree(Decoding.utf8(body));
        } catch (JacksonException e) {
            throw new UnreadableReportException("The body is not JSON.");
        }
        StringBuilder text = new StringBuilder();
        if (resource.path(RESOURCE_TYPE).asString("").equals("Bundle")) {
            for (JsonNode entry : resource.path("entry")) {
                append(entry.path("resource"), text);
            }
        } else {
            append(resource, text);
        }
        if (text.isEmpty()) {
            throw new UnreadableReportException(
                    "The body has no FHIR diagnostic report with a presented form of text, a narrative or a conclusion.");
        }
        return text.toString().strip();
    }

    private static void append(JsonNode report, StringBuilder text) {
        if (!report.path(RESOURCE_TYPE).asString("").equals("DiagnosticReport")
                || report.path("status").asString("").equals(VOID)) {
            return;
        }
        StringBuilder presented = new StringBuilder();
        for (JsonNode form : report.path("presentedForm")) {
            presented.append(presented(form));
        }
        if (!presented.isEmpty()) {
            text.append(presented);
            return;
        }
        String narrative = report.path("text").path("div").asString("");
        if (!narrative.isEmpty()) {
            text.append(Markup.text(narrative)).append("\n\n");
        }
        String conclusion = report.path("conclusion").asString("");
        if (!conclusion.isEmpty()) {
            text.append("Impression:\n").append(conclusion).append("\n\n");
        }
    }

    private static String presented(JsonNode form) {
        String type = form.path("contentType")
                .asString("")
                .toLowerCase(Locale.ROOT)
                .split(";", 2)[0]
                .strip();
        String data = form.path("data").asString("");
        boolean isMarkup = type.equals("text/html") || type.equals("application/xhtml+xml");
        if (data.isEmpty() || (!isMarkup && !type.equals("text/plain"))) {
            return "";
        }
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(data.getBytes(StandardCharsets.US_ASCII));
            String text = Decoding.utf8(bytes);
            return (isMarkup ? Markup.text(text) : text) + "\n\n";
        } catch (IllegalArgumentException e) {
            throw new UnreadableReportException("The presented form of the diagnostic report is not Base64.");
        }
    }
}
