// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A pattern of words as the tables have it: {@code a|b} for one of two words, {@code word(s)} for an ending that may be there,
 * and {@code word?} for a word that may be there. Patterns are written out in full when they are read, so that no text is
 * ever matched by backtracking.
 */
final class Phrase {

    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern BAR = Pattern.compile("\\|");
    private static final int MOST = 20_000;
    private static final int MOST_WORDS = 16;

    private Phrase() {}

    /**
     * Returns all sequences of words that a pattern stands for.
     *
     * @throws IllegalArgumentException if it stands for none, for too many, or for sequences that are too long
     */
    static List<List<String>> expand(String pattern) {
        List<List<String>> phrases = List.of(List.of());
        String[] parts = SPACES.split(pattern.strip(), -1);
        if (parts.length > MOST_WORDS) {
            throw new IllegalArgumentException("'%s' has more than %d words".formatted(pattern, MOST_WORDS));
        }
        for (String part : parts) {
            List<List<String>> longer = new ArrayList<>();
            for (String word : words(part)) {
                for (List<String> phrase : phrases) {
                    longer.add(word.isEmpty() ? phrase : append(phrase, word));
                }
            }
            if (longer.size() > MOST) {
                throw new IllegalArgumentException("'%s' stands for more than %d phrases".formatted(pattern, MOST));
            }
            phrases = longer;
        }
        if (phrases.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("'%s' stands for no word".formatted(pattern));
        }
        return phrases;
    }

    private static List<String> append(List<String> phrase, String word) {
        List<String> longer = new ArrayList<>(phrase);
        longer.addAll(tokens(word));
        return List.copyOf(longer);
    }

    /** What a text with this word would be split into. */
    private static List<String> tokens(String word) {
        Tokens tokens = Tokens.of(word, new Span(0, word.length()), Set.of());
        List<String> words = new ArrayList<>();
        for (int i = 0; i < tokens.count(); i++) {
            words.add(tokens.word(i));
        }
        return words;
    }

    private static List<String> words(String part) {
        List<String> words = new ArrayList<>();
        boolean optional = part.length() > 1 && part.endsWith("?");
        for (String alternative : BAR.split(optional ? part.substring(0, part.length() - 1) : part, -1)) {
            int open = alternative.indexOf('(');
            if (open > 0 && alternative.endsWith(")")) {
                String stem = alternative.substring(0, open);
                words.add(stem);
                words.add(stem + alternative.substring(open + 1, alternative.length() - 1));
            } else {
                words.add(alternative);
            }
        }
        if (optional) {
            words.add("");
        }
        return words;
    }
}
