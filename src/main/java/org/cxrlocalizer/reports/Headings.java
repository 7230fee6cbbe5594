// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sections of a text by their headings. A heading begins a line or follows a full stop. It ends with a colon, or
 * has a line of its own, or is in capitals before text that is not.
 */
final class Headings {

    private static final int LONGEST = 64;

    private final Map<String, Section> sections = new HashMap<>();

    Headings() {
        WordTable.readOwn("headings.csv", row -> {
            Section section = Section.valueOf(row.getField("section").toUpperCase(Locale.ROOT));
            Phrase.expand(row.getField("heading")).forEach(words -> sections.put(String.join(" ", words), section));
        });
    }

    /** A heading, and where the text after it begins. */
    private record Heading(Section section, int end) {}

    List<SectionSpan> split(String text) {
        List<SectionSpan> found = new ArrayList<>();
        Section section = Section.UNTITLED;
        int start = 0;
        int at = 0;
        while (at < text.length()) {
            int word = skipBlanks(text, at);
            Heading heading = heading(text, word, isLineStart(text, word));
            if (heading == null) {
                at = nextCandidate(text, Math.max(at + 1, word));
            } else {
                add(found, section, start, word);
                section = heading.section;
                start = heading.end;
                at = start;
            }
        }
        add(found, section, start, text.length());
        return found;
    }

    private static void add(List<SectionSpan> found, Section section, int start, int end) {
        if (end > start) {
            found.add(new SectionSpan(section, new Span(start, end)));
        }
    }

    private static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isLineStart(String text, int at) {
        int before = at - 1;
        while (before >= 0 && (text.charAt(before) == ' ' || text.charAt(before) == '\t')) {
            before--;
        }
        return before < 0 || text.charAt(before) == '\n' || text.charAt(before) == '\r';
    }

    /** After the next line break or the next mark that ends a sentence. */
    private static int nextCandidate(String text, int from) {
        int at = from;
        while (at < text.length() && "\n\r.!?".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at + 1;
    }

    private @Nullable Heading heading(String text, int from, boolean lineStart) {
        int limit = Math.min(text.length(), from + LONGEST);
        int end = from;
        while (end < limit && ":\n\r.,;!?".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        boolean lineEnd = end == text.length() || "\n\r".indexOf(text.charAt(end)) >= 0;
        boolean colon = end < text.length() && text.charAt(end) == ':';
        if (colon || (lineEnd && lineStart)) {
            Section section = section(text.substring(from, end));
            if (section != null) {
                return new Heading(section, colon ? end + 1 : end);
            }
        }
        int capitals = capitalsEnd(text, from, limit);
        Section section = capitals > from && capitals < end ? section(text.substring(from, capitals)) : null;
        return section == null ? null : new Heading(section, capitals);
    }

    /** Returns the end of the words in capitals that begin here, if another word follows in the line. */
    private static int capitalsEnd(String text, int from, int limit) {
        int end = from;
        int at = from;
        while (at < limit && (Character.isUpperCase(text.charAt(at)) || text.charAt(at) == ' ')) {
            if (at + 1 >= limit || (text.charAt(at) != ' ' && !Character.isLetterOrDigit(text.charAt(at + 1)))) {
                end = at + 1;
            }
            at++;
        }
        return end;
    }

    private @Nullable Section section(String heading) {
        Tokens tokens = Tokens.of(heading, new Span(0, heading.length()), Set.of());
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < tokens.count(); i++) {
            words.append(i == 0 ? "" : " ").append(tokens.word(i));
        }
        return sections.get(words.toString());
    }
}
