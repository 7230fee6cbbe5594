// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The slow and plain version of the reading of one section: it tries every phrase of the tables at every word, and every
 * trigger for every finding. Only the splitting into words is shared with the fast one.
 */
final class PlainReader {

    private static final int LONGEST = 18;

    private record Line(Set<List<String>> phrases, Set<List<String>> tails, NamedCsvRecord row) {}

    /** A line's words in a text, from a token to before another. */
    private record Hit(Line line, int from, int to) {}

    /** @param text its words, the rule that applied and the trigger's words, with a bar between */
    record Found(String label, Assertion assertion, String text) {}

    private final List<Line> lexicon = new ArrayList<>();
    private final List<Line> rules = new ArrayList<>();
    private final Set<String> gapEnds = new HashSet<>();
    private final Set<String> abbreviations = new HashSet<>();

    PlainReader() {
        WordTable.readOwn("lexicon.csv", row -> lexicon.add(line(row)));
        WordTable.readOwn("rules.csv", row -> rules.add(line(row)));
        WordTable.readOwn("words.csv", row -> (row.getField("kind").equals("gap-end") ? gapEnds : abbreviations)
                .add(row.getField("word")));
    }

    private static Line line(NamedCsvRecord row) {
        String[] parts = row.getField("phrase").split(" \\.\\.\\. ", -1);
        return new Line(
                new HashSet<>(expand(parts[0])), parts.length == 1 ? Set.of() : new HashSet<>(expand(parts[1])), row);
    }

    /** All ways to read a pattern, word by word from its end. */
    private static List<List<String>> expand(String pattern) {
        if (pattern.isEmpty()) {
            return List.of(List.of());
        }
        int blank = pattern.indexOf(' ');
        String first = blank < 0 ? pattern : pattern.substring(0, blank);
        List<List<String>> all = new ArrayList<>();
        for (List<String> rest : expand(blank < 0 ? "" : pattern.substring(blank + 1))) {
            boolean optional = first.length() > 1 && first.endsWith("?");
            if (optional) {
                all.add(rest);
            }
            for (String word : (optional ? first.substring(0, first.length() - 1) : first).split("\\|", -1)) {
                String whole = word.length() > 1 ? word.replaceAll("[()]", "") : word;
                String stem = word.length() > 1 ? word.replaceAll("\\(.*\\)", "") : word;
                for (String form : new HashSet<>(List.of(whole, stem))) {
                    List<String> phrase =
                            new ArrayList<>(List.of(form.equals("w/o") ? "w / o".split(" ", -1) : new String[] {form}));
                    phrase.addAll(rest);
                    all.add(phrase);
                }
            }
        }
        return all;
    }

    List<Found> read(String text) {
        Tokens tokens = Tokens.of(text, new Span(0, text.length()), abbreviations);
        List<Hit> cues = longest(tokens, rules, false);
        List<Found> found = new ArrayList<>();
        for (Hit hit : findings(tokens)) {
            found.add(judge(tokens, cues, hit, text));
        }
        return found;
    }

    /** From left to right, all lines with the longest phrase at a word; then on after it. */
    private static List<Hit> longest(Tokens tokens, List<Line> lines, boolean tails) {
        List<Hit> hits = new ArrayList<>();
        int at = 0;
        while (at < tokens.count()) {
            int best = 0;
            for (Line line : lines) {
                best = Math.max(best, length(tokens, at, tails ? line.tails : line.phrases));
            }
            for (Line line : lines) {
                if (best > 0 && matches(tokens, at, best, tails ? line.tails : line.phrases)) {
                    hits.add(new Hit(line, at, at + best));
                }
            }
            at += Math.max(1, best);
        }
        return hits;
    }

    private static int length(Tokens tokens, int at, Set<List<String>> phrases) {
        int longest = 0;
        for (int size = 1; size <= LONGEST; size++) {
            longest = matches(tokens, at, size, phrases) ? size : longest;
        }
        return longest;
    }

    private static boolean matches(Tokens tokens, int at, int size, Set<List<String>> phrases) {
        if (at + size > tokens.count() || tokens.sentence(at) != tokens.sentence(at + size - 1)) {
            return false;
        }
        List<String> words = new ArrayList<>();
        for (int i = at; i < at + size; i++) {
            words.add(tokens.word(i));
        }
        return phrases.contains(words);
    }

    /** Its anchor: the first token of its last part. */
    private record Anchored(Hit hit, int anchor) {}

    private final List<Anchored> anchors = new ArrayList<>();

    private List<Hit> findings(Tokens tokens) {
        List<Anchored> all = new ArrayList<>();
        List<Line> gapped =
                lexicon.stream().filter(line -> !line.tails.isEmpty()).toList();
        for (Hit hit : longest(
                tokens, lexicon.stream().filter(line -> line.tails.isEmpty()).toList(), false)) {
            all.add(new Anchored(hit, hit.from));
        }
        List<Hit> heads = longest(tokens, gapped, false);
        for (Hit tail : longest(tokens, gapped, true)) {
            heads.stream()
                    .filter(head -> head.line.equals(tail.line) && head.to <= tail.from)
                    .max(Comparator.comparingInt(Hit::to))
                    .filter(head -> isGap(tokens, head.to, tail.from))
                    .ifPresent(head -> all.add(new Anchored(new Hit(tail.line, head.from, tail.to), tail.from)));
        }
        all.removeIf(it -> label(it.hit).isEmpty());
        all.sort(Comparator.comparingInt(Anchored::anchor).thenComparingInt(it -> it.hit.from));
        anchors.clear();
        for (Anchored it : all) {
            Anchored last = anchors.isEmpty() ? null : anchors.get(anchors.size() - 1);
            if (last == null || !label(last.hit).equals(label(it.hit)) || last.hit.to <= it.hit.from) {
                anchors.add(it);
            }
        }
        return anchors.stream().map(Anchored::hit).toList();
    }

    private boolean isGap(Tokens tokens, int from, int to) {
        for (int i = from; i < to; i++) {
            if (gapEnds.contains(tokens.word(i))) {
                return false;
            }
        }
        return to - from <= Lexicon.GAP && tokens.sentence(from - 1) == tokens.sentence(to);
    }

    private static String label(Hit hit) {
        return hit.line.row.getField("label");
    }

    private Found judge(Tokens tokens, List<Hit> cues, Hit hit, String text) {
        int anchor =
                anchors.stream().filter(it -> it.hit.equals(hit)).findFirst().orElseThrow().anchor;
        Hit best = null;
        for (Assertion assertion : Assertion.values()) {
            for (String scope : List.of("forward", "backward")) {
                Hit nearest = nearest(cues, assertion, scope, anchor);
                if (nearest != null
                        && distance(nearest, scope, hit, anchor) <= reach(nearest)
                        && sameClause(tokens, cues, scope.equals("forward") ? nearest.to - 1 : nearest.from, anchor)
                        && (best == null
                                || distance(nearest, scope, hit, anchor)
                                        < distance(best, best.line.row.getField("scope"), hit, anchor))) {
                    best = nearest;
                }
            }
        }
        String words = tokens.span(hit.from, hit.to).in(text);
        String means = hit.line.row.getField("means");
        Assertion stated = best == null ? Assertion.PRESENT : assertion(best);
        if (means.equals("absent") || (means.equals("uncertain") && stated == Assertion.PRESENT)) {
            return new Found(
                    label(hit),
                    means.equals("absent") ? Assertion.NEGATED : Assertion.UNCERTAIN,
                    words + "|by-itself|" + words);
        }
        String trigger = best == null
                ? "||"
                : "|" + best.line.row.getField("rule") + "|"
                        + tokens.span(best.from, best.to).in(text);
        return new Found(label(hit), stated, words + trigger);
    }

    private static Assertion assertion(Hit cue) {
        String stated = cue.line.row.getField("assertion");
        return stated.isEmpty()
                ? Assertion.PRESENT
                : Assertion.valueOf(stated.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static @Nullable Hit nearest(List<Hit> cues, Assertion assertion, String scope, int anchor) {
        Hit nearest = null;
        for (Hit cue : cues) {
            boolean fits = cue.line.row.getField("scope").equals(scope)
                    && assertion(cue) == assertion
                    && (scope.equals("forward") ? cue.to <= anchor : cue.from >= anchor);
            // Where two lines stand for the same words, the one further down counts before, and the one further up
            // after.
            if (fits && (nearest == null || scope.equals("forward"))) {
                nearest = cue;
            }
        }
        return nearest;
    }

    private static int distance(Hit cue, String scope, Hit hit, int anchor) {
        return scope.equals("forward") ? anchor - cue.to : Math.max(0, cue.from - hit.to);
    }

    private static int reach(Hit cue) {
        String reach = cue.line.row.getField("reach");
        return reach.isEmpty() ? 1000 : Integer.parseInt(reach);
    }

    private static boolean sameClause(Tokens tokens, List<Hit> cues, int one, int other) {
        int first = Math.min(one, other);
        int last = Math.max(one, other);
        return tokens.sentence(first) == tokens.sentence(last)
                && cues.stream()
                        .noneMatch(cue ->
                                cue.line.row.getField("scope").equals("end") && cue.from > first && cue.from <= last);
    }
}
