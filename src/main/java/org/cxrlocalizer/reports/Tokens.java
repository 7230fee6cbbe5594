// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * The words and punctuation marks of a text, in order. Words are in small letters; hyphens and apostrophes part words and are
 * no tokens themselves. A number may have a decimal point.
 */
final class Tokens {

    private static final String PUNCTUATION = ".,;:!?()/+*•\u2013\u2014";

    /** A line that is shorter was not wrapped: a capital after it begins a sentence. */
    private static final int WRAPPED_LINE = 60;

    private final String text;
    private final Set<String> abbreviations;
    private String[] words = new String[16];
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private int[] sentences = new int[16];
    private int count;
    private int sentence;

    private Tokens(String text, Set<String> abbreviations) {
        this.text = text;
        this.abbreviations = abbreviations;
    }

    /**
     * Splits a part of a text.
     *
     * @param abbreviations words in small letters whose full stop ends no sentence
     */
    static Tokens of(String text, Span part, Set<String> abbreviations) {
        Tokens tokens = new Tokens(text, abbreviations);
        tokens.scan(part.start(), part.end());
        return tokens;
    }

    int count() {
        return count;
    }

    String word(int token) {
        return words[token];
    }

    /** Returns the number of the token's sentence; numbers rise. */
    int sentence(int token) {
        return sentences[token];
    }

    Span span(int from, int to) {
        return new Span(starts[from], ends[to - 1]);
    }

    private void scan(int from, int to) {
        int lineStart = from;
        int at = from;
        while (at < to) {
            char c = text.charAt(at);
            if (Character.isLetterOrDigit(c)) {
                int end = wordEnd(at, to);
                add(text.substring(at, end).toLowerCase(Locale.ROOT), at, end);
                at = end;
            } else if (c == '\n' || c == '\r') {
                int next = afterBreaks(at, to);
                if (endsSentence(lineStart, at, next, to)) {
                    sentence++;
                }
                at = next;
                lineStart = next;
            } else {
                punctuation(c, at, to);
                at++;
            }
        }
    }

    private int wordEnd(int from, int to) {
        int end = from;
        while ((end < to && Character.isLetterOrDigit(text.charAt(end))) || isDecimalPoint(from, end, to)) {
            end++;
        }
        return end;
    }

    private boolean isDecimalPoint(int from, int at, int to) {
        return at > from
                && at + 1 < to
                && text.charAt(at) == '.'
                && Character.isDigit(text.charAt(at - 1))
                && Character.isDigit(text.charAt(at + 1));
    }

    private int afterBreaks(int from, int to) {
        int at = from;
        while (at < to && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** A blank line, a list's mark, or a capital after a line that is too short to be wrapped. */
    private boolean endsSentence(int lineStart, int lineEnd, int next, int to) {
        if (next >= to) {
            return true;
        }
        long lines = text.substring(lineEnd, next)
                .replace("\r\n", "\n")
                .chars()
                .filter(c -> c == '\n' || c == '\r')
                .count();
        char first = text.charAt(next);
        boolean inList = (!Character.isLetterOrDigit(first) && first != '(' && first != ',')
                || (Character.isDigit(first)
                        && wordEnd(next, to) < to
                        && ".)".indexOf(text.charAt(wordEnd(next, to))) >= 0);
        return lines > 1 || inList || (lineEnd - lineStart < WRAPPED_LINE && Character.isUpperCase(first));
    }

    private void punctuation(char c, int at, int to) {
        boolean dash = c == '-' && isBlank(at - 1) && (at + 1 >= to || isBlank(at + 1));
        if (dash || PUNCTUATION.indexOf(c) >= 0) {
            add(String.valueOf(c), at, at + 1);
            if (c == '!' || c == '?' || c == '•' || (c == '.' && isFullStop(at, to))) {
                sentence++;
            }
        }
    }

    private boolean isBlank(int at) {
        return at < 0 || Character.isWhitespace(text.charAt(at));
    }

    /** Not within an abbreviation or after an initial; a missing space after it is usual in dictated reports. */
    private boolean isFullStop(int at, int to) {
        if (at + 1 < to && Character.isLowerCase(text.charAt(at + 1))) {
            return false;
        }
        String before = count > 1 ? words[count - 2] : "";
        boolean initial = before.length() == 1 && Character.isLetter(before.charAt(0)) && ends[count - 2] == at;
        return !initial && !abbreviations.contains(before);
    }

    private void add(String word, int start, int end) {
        if (count == words.length) {
            words = Arrays.copyOf(words, 2 * count);
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            sentences = Arrays.copyOf(sentences, 2 * count);
        }
        words[count] = word;
        starts[count] = start;
        ends[count] = end;
        sentences[count] = sentence;
        count++;
    }
}
