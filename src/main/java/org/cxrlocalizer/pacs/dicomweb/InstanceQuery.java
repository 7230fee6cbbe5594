// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.dicomweb;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cxrlocalizer.pacs.dicomweb.DicomWebConnection.Answer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Lists the objects of a study page by page (PS3.18, section 8.3.4.4). Servers give 100 or 1000 at a time, and do not all state
 * that there are more: the list ends with a page that has nothing new, never with a short one.
 */
final class InstanceQuery {

    /** Azure refuses to give more. */
    private static final int PAGE = 200;

    /** Servers' own limits are multiples of this. */
    private static final int USUAL_LIMIT = 100;

    /** What a study's list may have; a study of 100,000 objects stays below. */
    private static final long LONGEST_LIST = 64L << 20;

    private static final int MOST_PAGES = 5000;

    private final DicomWebConnection connection;
    private final String path;
    private final List<StudyInstance> instances = new ArrayList<>();
    private final Set<StudyInstance> distinct = new HashSet<>();
    private long bytes;
    private boolean saysThatThereAreMore;

    InstanceQuery(DicomWebConnection connection, String studyUid) {
        this.connection = connection;
        path = "/studies/%s/instances?includefield=00080016&includefield=00080060".formatted(studyUid);
    }

    /** @throws PacsException if the PACS fails, or does not give the whole list */
    List<StudyInstance> all() {
        Answer first = page("&limit=%d&offset=0".formatted(PAGE));
        if (first.status() == 400) {
            // It may refuse these parameters, which it need not support.
            first = page("");
        }
        boolean hasMore = add(first);
        for (int pages = 1; hasMore; pages++) {
            Answer next = page("&limit=%d&offset=%d".formatted(PAGE, instances.size()));
            if (next.status() == 400 || next.status() == 416) {
                requireWhole();
                break;
            }
            if (pages == MOST_PAGES) {
                throw new PacsException("The PACS lists a study without an end.", false);
            }
            hasMore = add(next);
        }
        return List.copyOf(instances);
    }

    private Answer page(String parameters) {
        return connection.send(
                "query", path + parameters, Map.of("Accept", DicomWebClient.DICOM_JSON), null, LONGEST_LIST - bytes);
    }

    /** @return whether the page had anything new, so that another one may have */
    private boolean add(Answer answer) {
        if (answer.status() == 204 || answer.status() == 404) {
            return false;
        }
        if (!answer.isSuccess()) {
            throw new PacsException(answer.status());
        }
        bytes += answer.body().length;
        List<StudyInstance> page = instances(answer.body());
        if (page.isEmpty()) {
            return false;
        }
        if (!distinct.addAll(page)) {
            // The offset is ignored: all pages are the first one.
            saysThatThereAreMore |= hasWarningOfMore(answer);
            requireWhole();
            return false;
        }
        saysThatThereAreMore = hasWarningOfMore(answer);
        instances.addAll(page);
        return true;
    }

    private static boolean hasWarningOfMore(Answer answer) {
        return answer.warnings().stream().anyMatch(warning -> warning.strip().startsWith("299"));
    }

    /** A list that cannot be continued is refused if it may be the start of a longer one. */
    private void requireWhole() {
        if (saysThatThereAreMore || instances.size() % USUAL_LIMIT == 0) {
            throw new PacsException(
                    "The PACS lists %d objects of the study, and may not list all: it gives no further page."
                            .formatted(instances.size()),
                    false);
        }
    }

    private static List<StudyInstance> instances(byte[] body) {
        List<StudyInstance> instances = new ArrayList<>();
        try {
            JsonNode items = DicomJson.parse(body);
            if (!items.isArray() && !items.isMissingNode()) {
                throw new PacsException("The PACS answered a query with something else than a list.", false);
            }
            for (JsonNode item : items) {
                instances.add(new StudyInstance(
                        DicomJson.value(item, "0020000D"),
                        DicomJson.value(item, "0020000E"),
                        DicomJson.value(item, "00080016"),
                        DicomJson.value(item, "00080018"),
                        DicomJson.value(item, "00080060")));
            }
        } catch (JacksonException e) {
            throw new PacsException("The PACS answered a query with something else than DICOM JSON.", false);
        }
        return instances;
    }
}
