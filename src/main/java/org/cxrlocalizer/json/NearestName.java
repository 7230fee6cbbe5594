// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.json;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The known name that an unknown one most probably means. */
public final class NearestName {

    private static final int LONGEST = 50;

    private NearestName() {}

    /** Returns the known name of the fewest edits, if these are at most a third of the unknown one's characters. */
    public static Optional<String> of(String unknown, Collection<String> known) {
        if (unknown.length() > LONGEST) {
            return Optional.empty();
        }
        return known.stream()
                .filter(name -> edits(unknown, name) <= Math.max(1, unknown.length() / 3))
                .min(Comparator.comparingInt(name -> edits(unknown, name)));
    }

    /** Returns the number of characters to insert, delete or replace, whatever their case. */
    public static int edits(String one, String other) {
        return LevenshteinDistance.getDefaultInstance()
                .apply(one.toLowerCase(Locale.ROOT), other.toLowerCase(Locale.ROOT));
    }
}
