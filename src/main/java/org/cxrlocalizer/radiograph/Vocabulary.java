// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The words and codes of body parts and views that are understood. Words are compared without case, accents, separators,
 * digits and plural; words that are written as one are taken apart.
 */
final class Vocabulary {

    private static final int LONGEST_PHRASE = 6;
    /** Longer values are not what they should be; LO has 64 characters. */
    private static final int LONGEST_VALUE = 256;

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern SEPARATORS = Pattern.compile("[^A-Z]+");

    /** Two letters that are often written as one with others; other pairs of letters are in too many words. */
    private static final Set<String> SHORT = Set.of("PA", "AP", "LT", "RT", "LL");

    private static final Map<String, Meaning> WORDS = words();
    private static final Map<String, Meaning> CODES = codes();

    private Vocabulary() {}

    private static Map<String, Meaning> words() {
        Map<String, Meaning> words = new HashMap<>();
        for (String[] row : TextTable.read("words.csv")) {
            for (String phrase : row[1].split("\\|", -1)) {
                words.put(SEPARATORS.matcher(phrase).replaceAll(""), Meaning.of(row[0]));
            }
        }
        return words;
    }

    private static Map<String, Meaning> codes() {
        Map<String, Meaning> codes = new HashMap<>();
        for (String[] row : TextTable.read("codes.csv")) {
            codes.put(row[0], Meaning.of(row[1]));
        }
        return codes;
    }

    /** The meaning of a code value, whichever of its editions and schemes it is of; empty if it is not in the tables. */
    static Optional<Meaning> ofCode(String code) {
        return Optional.ofNullable(CODES.get(code));
    }

    /** Returns all meanings of a value, in any order; what is not understood is left out. */
    static Set<Meaning> ofText(String value) {
        List<String> tokens = tokens(value);
        Set<Meaning> meanings = EnumSet.noneOf(Meaning.class);
        int at = 0;
        while (at < tokens.size()) {
            int end = Math.min(tokens.size(), at + LONGEST_PHRASE);
            Meaning phrase = null;
            for (; end > at; end--) {
                phrase = ofWord(String.join("", tokens.subList(at, end)));
                if (phrase != null) {
                    break;
                }
            }
            if (phrase != null) {
                meanings.add(phrase);
            } else {
                meanings.addAll(ofJoined(tokens.get(at)));
            }
            at = Math.max(end, at + 1);
        }
        return meanings;
    }

    private static List<String> tokens(String value) {
        String cut = value.substring(0, Math.min(value.length(), LONGEST_VALUE));
        String plain = MARKS.matcher(Normalizer.normalize(cut, Normalizer.Form.NFD))
                .replaceAll("")
                .toUpperCase(Locale.ROOT);
        return Arrays.stream(SEPARATORS.split(plain, -1))
                .filter(token -> !token.isEmpty())
                .toList();
    }

    private static @Nullable Meaning ofWord(String word) {
        Meaning meaning = WORDS.get(word);
        return meaning == null && word.length() > 3 && word.endsWith("S")
                ? WORDS.get(word.substring(0, word.length() - 1))
                : meaning;
    }

    /** Returns the meanings of words written as one, as {@code CHESTPA} or {@code LKNEE}; none, unless all of it is understood. */
    private static Set<Meaning> ofJoined(String token) {
        Set<Meaning> meanings = EnumSet.noneOf(Meaning.class);
        boolean sided = token.startsWith("L") || token.startsWith("R");
        if (split(token, 0, meanings) || (sided && token.length() > 4 && split(token, 1, meanings))) {
            return meanings;
        }
        return token.contains("CHEST") || token.contains("THORAX") ? EnumSet.of(Meaning.CHEST) : Set.of();
    }

    private static boolean split(String token, int from, Set<Meaning> meanings) {
        if (from == token.length()) {
            return true;
        }
        for (int to = token.length(); to > from + 1; to--) {
            String word = token.substring(from, to);
            Meaning meaning = to - from > 2 || SHORT.contains(word) ? ofWord(word) : null;
            if (meaning != null && split(token, to, meanings)) {
                meanings.add(meaning);
                return true;
            }
        }
        return false;
    }
}
