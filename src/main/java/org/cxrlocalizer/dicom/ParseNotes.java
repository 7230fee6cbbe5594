// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What was found wrong in a file that was read all the same, each once. Notes name tags and never a value, as the messages of
 * {@link DicomException}.
 */
final class ParseNotes {

    /** Most notes of a file: a damaged one may have as many flaws as elements. */
    private static final int MOST = 16;

    private final Set<String> notes = new LinkedHashSet<>();

    void add(String note) {
        if (notes.size() < MOST) {
            notes.add(note);
        }
    }

    List<String> list() {
        return List.copyOf(notes);
    }
}
