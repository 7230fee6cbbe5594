// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A report whose sections are known.
 *
 * @param sections in the order of the text, not overlapping
 */
public record ReportText(String text, List<SectionSpan> sections) {

    public ReportText {
        sections = List.copyOf(sections);
    }

    /** Joins the texts of sections, such as the columns of a table, in the order of the map. */
    public static ReportText of(Map<Section, String> texts) {
        StringBuilder whole = new StringBuilder();
        List<SectionSpan> sections = new ArrayList<>();
        texts.forEach((section, text) -> {
            int start = whole.length();
            whole.append(text);
            sections.add(new SectionSpan(section, new Span(start, whole.length())));
            whole.append("\n\n");
        });
        return new ReportText(whole.toString(), sections);
    }

    /** A report is private: no log, message or trace may show a part of it. */
    @Override
    public String toString() {
        return "a report of %d characters".formatted(text.length());
    }
}
