// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The words for findings. A phrase may have a gap, {@code heart ... enlarged}: at most six words that are no punctuation and no
 * word that ends a gap ({@code normal}). A phrase may state by itself that a finding is absent ({@code heart size is normal}) or
 * uncertain ({@code nodular opacity}).
 */
final class Lexicon {

    /** Words between the two parts of a phrase, at most. */
    static final int GAP = 6;

    private static final String GAP_MARK = " ... ";

    private final PhraseTrie<Entry> phrases = new PhraseTrie<>();
    private final PhraseTrie<Entry> heads = new PhraseTrie<>();
    private final PhraseTrie<Entry> tails = new PhraseTrie<>();
    private final Set<String> gapEnds;

    /** @param gapEnds words and marks that no gap has */
    Lexicon(Set<String> gapEnds) {
        this.gapEnds = gapEnds;
    }

    /**
     * A line of the table.
     *
     * @param label a label, "No Finding", or empty for words that mean no finding though they have a finding's name in them
     * @param means what the phrase states by itself
     */
    private record Entry(String label, Assertion means, String phrase) {}

    /**
     * A finding's words in a text.
     *
     * @param means what the words state by themselves
     * @param from its first token
     * @param anchor the first token of its last part, which the rules look at
     * @param to the token after its last
     */
    record Found(String label, Assertion means, int from, int anchor, int to) {}

    /** Returns what takes the lines of a table, {@code label,means,phrase}. */
    Consumer<NamedCsvRecord> rows(Set<String> labels) {
        return row -> {
            String label = row.getField("label");
            if (!label.isEmpty() && !labels.contains(label)) {
                throw new IllegalArgumentException("'%s' is not a label".formatted(label));
            }
            add(new Entry(label, meaning(row.getField("means")), row.getField("phrase")));
        };
    }

    private static Assertion meaning(String text) {
        return switch (text) {
            case "present" -> Assertion.PRESENT;
            case "uncertain" -> Assertion.UNCERTAIN;
            case "absent" -> Assertion.NEGATED;
            default -> throw new IllegalArgumentException("'%s' is none of present, uncertain, absent".formatted(text));
        };
    }

    private void add(Entry entry) {
        int gap = entry.phrase.indexOf(GAP_MARK);
        if (gap < 0) {
            phrases.add(entry.phrase, entry);
        } else {
            heads.add(entry.phrase.substring(0, gap), entry);
            tails.add(entry.phrase.substring(gap + GAP_MARK.length()), entry);
        }
    }

    /** Returns the findings by the place of their anchors. Words with several labels are found once for each. */
    List<Found> find(Tokens tokens) {
        List<Found> found = new ArrayList<>();
        for (PhraseTrie.Match<Entry> match : phrases.find(tokens)) {
            for (Entry entry : match.values()) {
                found.add(new Found(entry.label, entry.means, match.from(), match.from(), match.to()));
            }
        }
        found.addAll(findWithGaps(tokens));
        found.removeIf(finding -> finding.label.isEmpty());
        found.sort(Comparator.comparingInt(Found::anchor).thenComparingInt(Found::from));
        return withoutRepeats(found);
    }

    /** Joins each tail to the nearest head before it. */
    private List<Found> findWithGaps(Tokens tokens) {
        List<Found> found = new ArrayList<>();
        List<PhraseTrie.Match<Entry>> starts = heads.find(tokens);
        Map<Entry, PhraseTrie.Match<Entry>> latest = new HashMap<>();
        int next = 0;
        for (PhraseTrie.Match<Entry> tail : tails.find(tokens)) {
            while (next < starts.size() && starts.get(next).to() <= tail.from()) {
                PhraseTrie.Match<Entry> head = starts.get(next++);
                head.values().forEach(entry -> latest.put(entry, head));
            }
            for (Entry entry : tail.values()) {
                PhraseTrie.Match<Entry> head = latest.get(entry);
                if (head != null && isGap(tokens, head.to(), tail.from())) {
                    found.add(new Found(entry.label, entry.means, head.from(), tail.from(), tail.to()));
                }
            }
        }
        return found;
    }

    private boolean isGap(Tokens tokens, int from, int to) {
        if (to - from > GAP || tokens.sentence(from - 1) != tokens.sentence(to)) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (gapEnds.contains(tokens.word(i))) {
                return false;
            }
        }
        return true;
    }

    /** Two lines of the table may stand for the same words. */
    private static List<Found> withoutRepeats(List<Found> sorted) {
        List<Found> once = new ArrayList<>();
        for (Found found : sorted) {
            if (once.isEmpty()
                    || !once.get(once.size() - 1).label.equals(found.label)
                    || once.get(once.size() - 1).to <= found.from) {
                once.add(found);
            }
        }
        return once;
    }
}
