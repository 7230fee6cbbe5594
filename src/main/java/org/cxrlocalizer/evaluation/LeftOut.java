// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run leaves out of a directory, by the reason. */
public final class LeftOut {

    private static final int SHOWN = 5;

    private final Map<String, List<String>> byReason = new LinkedHashMap<>();

    /** @param reason follows a number and "left out: ", as {@code not in the split} */
    void add(String reason, String name) {
        byReason.computeIfAbsent(reason, key -> new ArrayList<>()).add(name);
    }

    /** Returns the names that were left out for a reason. */
    public List<String> names(String reason) {
        return List.copyOf(byReason.getOrDefault(reason, List.of()));
    }

    /** Returns a line for each reason: how many, and the first few names. */
    public List<String> lines() {
        return byReason.entrySet().stream()
                .map(entry -> "%d left out: %s (%s%s)"
                        .formatted(
                                entry.getValue().size(),
                                entry.getKey(),
                                String.join(
                                        ", ",
                                        entry.getValue().stream().limit(SHOWN).toList()),
                                entry.getValue().size() > SHOWN ? ", …" : ""))
                .toList();
    }
}
