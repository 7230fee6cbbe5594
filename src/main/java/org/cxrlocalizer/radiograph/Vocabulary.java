// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.BitSet;
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

    /** Letters that have no accent in Unicode's decomposition. */
    private static final Map<String, String> LETTERS = Map.of("Ł", "L", "Ø", "O", "Æ", "AE", "Đ", "D");

    /** Two letters that are often written as one with others; other pairs of letters are in too many words. */
    private static final Set<String> SHORT = Set.of("PA", "AP", "LT", "RT", "LL");

    /** Words that many write as one with others, at either end. Inside of a name, as {@code Winchester}, they mean nothing. */
    private static final List<String> CHEST = List.of("CHEST", "THORAX", "TORAX", "TORACE");

    /** A side, written behind a part as one word with it. */
    private static final List<String> SIDES = List.of("L", "R", "LI", "RE", "DX", "SX", "SN");

    private static final Set<Meaning> PARTS = EnumSet.of(Meaning.OTHER_PART, Meaning.OTHER_PART_FIELD);

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
        for (Map.Entry<String, String> letter : LETTERS.entrySet()) {
            plain = plain.replace(letter.getKey(), letter.getValue());
        }
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
        boolean sided = token.startsWith("L") || token.startsWith("R");
        return new JoinedWords(token, SHORT)
                .meanings()
                .or(() -> sided && token.length() > 3
                        ? new JoinedWords(token.substring(1), SHORT).meanings()
                        : Optional.empty())
                .or(() -> ofChest(token))
                .or(() -> ofPartBeforeSide(token))
                .orElse(Set.of());
    }

    /** Beside the chest, a single letter may be anything, and any pair of letters that is a word is that word. */
    private static Optional<Set<Meaning>> ofChest(String token) {
        for (String chest : CHEST) {
            boolean first = token.startsWith(chest);
            if (first || token.endsWith(chest)) {
                int rest = token.length() - chest.length();
                String other = first ? token.substring(chest.length()) : token.substring(0, rest);
                Optional<Set<Meaning>> meanings = rest == 1
                        ? Optional.of(EnumSet.noneOf(Meaning.class))
                        : new JoinedWords(other, WORDS.keySet()).meanings();
                if (meanings.isPresent()) {
                    meanings.get().add(Meaning.CHEST);
                    return meanings;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Set<Meaning>> ofPartBeforeSide(String token) {
        for (String side : SIDES) {
            int length = token.length() - side.length();
            if (token.endsWith(side) && length > side.length() + 1) {
                Meaning part = ofWord(token.substring(0, length));
                if (part != null && PARTS.contains(part)) {
                    return Optional.of(EnumSet.of(part));
                }
            }
        }
        return Optional.empty();
    }

    /** Takes words apart that are written as one. Where no word begins is kept, so that no place is tried twice. */
    private static final class JoinedWords {

        private final String token;
        private final Set<String> pairs;
        private final BitSet deadEnds = new BitSet();
        private final Set<Meaning> meanings = EnumSet.noneOf(Meaning.class);

        /** @param pairs words of two letters that may be among them */
        JoinedWords(String token, Set<String> pairs) {
            this.token = token;
            this.pairs = pairs;
        }

        /** Returns the meanings; empty unless all of it is understood. */
        Optional<Set<Meaning>> meanings() {
            return split(0) ? Optional.of(meanings) : Optional.empty();
        }

        private boolean split(int from) {
            if (from == token.length()) {
                return true;
            }
            for (int to = token.length(); to > from + 1 && !deadEnds.get(from); to--) {
                String word = token.substring(from, to);
                Meaning meaning = to - from > 2 || pairs.contains(word) ? ofWord(word) : null;
                if (meaning != null && split(to)) {
                    meanings.add(meaning);
                    return true;
                }
            }
            deadEnds.set(from);
            return false;
        }
    }
}
