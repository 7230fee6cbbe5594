// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds phrases in a text. The work for a token is bounded by the longest phrase, so that time is linear in any
 * text.
 */
final class PhraseTrie<T> {

    private final Node<T> root = new Node<>();

    private static final class Node<T> {
        private final Map<String, Node<T>> next = new HashMap<>();
        private final List<T> values = new ArrayList<>(1);
    }

    /**
     * A phrase that was found.
     *
     * @param from its first token
     * @param to the token after its last
     * @param values of all patterns that stand for it
     */
    record Match<T>(int from, int to, List<T> values) {}

    /** Adds all phrases of a pattern. */
    void add(String pattern, T value) {
        for (List<String> phrase : Phrase.expand(pattern)) {
            Node<T> node = root;
            for (String word : phrase) {
                node = node.next.computeIfAbsent(word, ignored -> new Node<>());
            }
            if (!node.values.contains(value)) {
                node.values.add(value);
            }
        }
    }

    /** Returns the phrases from left to right, each the longest at its place, none over another or over a sentence's end. */
    List<Match<T>> find(Tokens tokens) {
        List<Match<T>> matches = new ArrayList<>();
        int at = 0;
        while (at < tokens.count()) {
            Match<T> longest = longestAt(tokens, at);
            if (longest == null) {
                at++;
            } else {
                matches.add(longest);
                at = longest.to;
            }
        }
        return matches;
    }

    private @Nullable Match<T> longestAt(Tokens tokens, int from) {
        Match<T> longest = null;
        Node<T> node = root;
        for (int at = from; at < tokens.count() && tokens.sentence(at) == tokens.sentence(from); at++) {
            node = node.next.get(tokens.word(at));
            if (node == null) {
                break;
            }
            if (!node.values.isEmpty()) {
                longest = new Match<>(from, at + 1, node.values);
            }
        }
        return longest;
    }
}
