// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.dicomweb;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.cxrlocalizer.dicom.Uid;
import org.cxrlocalizer.pacs.dicomweb.DicomWebConnection.Answer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The answer to a STOW-RS request (PS3.18, section 10.5.3 and annex I). The status alone is ambiguous: 202 is that of warnings as
 * well as of failures, and some servers answer 200 with a list of failures.
 */
final class StoreAnswer {

    private static final JsonMapper JSON = new JsonMapper();
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
        JsonNode body = json(answer.body());
        Set<String> reasons = new TreeSet<>();
        Set<String> stored = uids(body.path(STORED_SOPS));
        for (JsonNode failure : body.path(FAILED_SOPS).path("Value")) {
            int reason = failure.path(FAILURE_REASON).path("Value").path(0).asInt(0);
            if (DUPLICATE.contains(reason)) {
                stored.add(uid(failure));
            } else {
                reasons.add("%04X".formatted(reason));
            }
        }
        if (!reasons.isEmpty() || !body.path(OTHER_FAILURES).path("Value").isEmpty()) {
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

    /** Nothing for XML and pages, which servers send that pass over what we accept. */
    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.missingNode();
        }
    }

    private static Set<String> uids(JsonNode sequence) {
        Set<String> uids = new HashSet<>();
        sequence.path("Value").forEach(item -> uids.add(uid(item)));
        return uids;
    }

    private static String uid(JsonNode item) {
        return Uid.withoutPadding(item.path(SOP_INSTANCE).path("Value").path(0).asString(""));
    }
}
