// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.dicomweb;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;
import org.cxrlocalizer.pacs.dicomweb.DicomWebConnection.Answer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The answer to a STOW-RS request (PS3.18, section 10.5.3 and annex I). The status alone is ambiguous: 202 is that of warnings as
 * well as of failures, and some servers answer 200 with a list of failures.
 */
final class StoreAnswer {

    /** A data set or several, in JSON or XML: from the first bracket to the last. */
    private static final Pattern MODEL = Pattern.compile("[\\[{<].*[]}>]", Pattern.DOTALL);

    /** Tags and keywords of the sequences that list failures. */
    private static final Pattern FAILURES =
            Pattern.compile("00081198|0008119A|FailedSOPSequence|OtherFailuresSequence", Pattern.CASE_INSENSITIVE);

    private static final String FAILED_SOPS = "00081198";
    private static final String OTHER_FAILURES = "0008119A";
    private static final String STORED_SOPS = "00081199";
    private static final String SOP_INSTANCE = "00081155";
    private static final String FAILURE_REASON = "00081197";

    /** The object is there already: duplicate SOP instance (PS3.7, annex C), and Azure's code of the same meaning. */
    private static final Set<Integer> DUPLICATE = Set.of(0x0111, 45070);

    private static final int ACCEPTED = 202;
    private static final int CONFLICT = 409;

    private StoreAnswer() {}

    /**
     * Checks that all objects are stored.
     *
     * @param sent their SOP Instance UIDs
     * @throws PacsException if the PACS does not have all of them
     */
    static void requireStored(Answer answer, Set<String> sent) {
        if (!answer.isSuccess() && answer.status() != CONFLICT) {
            throw new PacsException(answer.status());
        }
        Set<String> reasons = new TreeSet<>();
        Set<String> stored = new HashSet<>();
        boolean hasOtherFailures = false;
        for (JsonNode dataSet : dataSets(answer.body())) {
            DicomJson.values(dataSet, STORED_SOPS).forEach(item -> stored.add(DicomJson.value(item, SOP_INSTANCE)));
            hasOtherFailures |= !DicomJson.values(dataSet, OTHER_FAILURES).isEmpty();
            for (JsonNode failure : DicomJson.values(dataSet, FAILED_SOPS)) {
                int reason = DicomJson.values(failure, FAILURE_REASON).path(0).asInt(0);
                if (DUPLICATE.contains(reason)) {
                    stored.add(DicomJson.value(failure, SOP_INSTANCE));
                } else {
                    reasons.add("%04X".formatted(reason));
                }
            }
        }
        if (!reasons.isEmpty() || hasOtherFailures) {
            throw notAll(reasons.isEmpty() ? "" : " (failure reason %s)".formatted(String.join(", ", reasons)));
        }
        // A success that lists nothing is one of all; 202 and 409 without a list may be failures.
        boolean mayListNothing = answer.isSuccess() && answer.status() != ACCEPTED;
        if (!stored.containsAll(sent) && !(stored.isEmpty() && mayListNothing)) {
            throw notAll("");
        }
    }

    private static PacsException notAll(String why) {
        return new PacsException("The PACS did not take all of the results%s.".formatted(why), false);
    }

    /**
     * Returns the data sets of JSON or XML, with whatever stands around them. A page or a sentence has none; servers send them that
     * ignore what we accept.
     */
    private static List<JsonNode> dataSets(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        Matcher model = MODEL.matcher(text);
        try {
            if (model.find()) {
                byte[] found = model.group().getBytes(StandardCharsets.ISO_8859_1);
                return DicomJson.dataSets(found[0] == '<' ? DicomXml.parse(found) : DicomJson.parse(found));
            }
        } catch (JacksonException | XMLStreamException e) {
            // It is no model, or a damaged one.
        }
        if (FAILURES.matcher(text).find()) {
            throw notAll(" (it lists failures in a form that cannot be read)");
        }
        return List.of();
    }
}
