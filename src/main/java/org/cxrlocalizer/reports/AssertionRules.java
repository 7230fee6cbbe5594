// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What words around a finding state of it. The manner is that of NegEx (Chapman et al., J Biomed Inform 2001), ConText (Harkema et
 * al., J Biomed Inform 2009) and NegBio (Peng et al., AMIA 2018). A trigger's words cover findings after or before it, up to
 * the end of the clause and as far as its reach; the nearest trigger wins.
 */
final class AssertionRules {

    /** A table without a number in the column of the reach. */
    private static final int WHOLE_CLAUSE = 1000;

    private enum Scope {
        /** Covers findings after the trigger. */
        FORWARD,
        /** Covers findings before the trigger. */
        BACKWARD,
        /** Begins a new clause. */
        END,
        /** Does nothing, but is longer than another trigger that would be wrong here. */
        NONE
    }

    private record Rule(String name, Assertion assertion, Scope scope, int reach) {}

    /** A rule's words in a text. */
    private record Cue(Rule rule, int from, int to) {}

    /**
     * What a rule states of a finding.
     *
     * @param from the trigger's first token
     * @param to the token after its last
     */
    record Verdict(Assertion assertion, String rule, int from, int to, int distance) {

        boolean precedes(@Nullable Verdict other) {
            return other == null
                    || distance < other.distance
                    || (distance == other.distance && assertion.compareTo(other.assertion) < 0);
        }
    }

    private final PhraseTrie<Rule> triggers = new PhraseTrie<>();

    /** Returns what takes the lines of a table, {@code rule,assertion,scope,reach,phrase}. */
    Consumer<NamedCsvRecord> rows() {
        return row -> {
            Scope scope = Scope.valueOf(row.getField("scope").toUpperCase(Locale.ROOT));
            String assertion =
                    row.getField("assertion").toUpperCase(Locale.ROOT).replace('-', '_');
            String reach = row.getField("reach");
            triggers.add(
                    row.getField("phrase"),
                    new Rule(
                            row.getField("rule"),
                            assertion.isEmpty() ? Assertion.PRESENT : Assertion.valueOf(assertion),
                            scope,
                            reach.isEmpty() ? WHOLE_CLAUSE : Integer.parseInt(reach)));
        };
    }

    /** The triggers of one text, and its clauses. */
    final class Reading {

        private final List<Cue> cues = new ArrayList<>();
        private final int[] clauses;

        Reading(Tokens tokens) {
            clauses = new int[tokens.count()];
            boolean[] begins = new boolean[tokens.count()];
            for (PhraseTrie.Match<Rule> match : triggers.find(tokens)) {
                for (Rule rule : match.values()) {
                    if (rule.scope == Scope.END) {
                        begins[match.from()] = true;
                    } else if (rule.scope != Scope.NONE) {
                        cues.add(new Cue(rule, match.from(), match.to()));
                    }
                }
            }
            for (int i = 1; i < clauses.length; i++) {
                boolean next = begins[i] || tokens.sentence(i) != tokens.sentence(i - 1);
                clauses[i] = clauses[i - 1] + (next ? 1 : 0);
            }
        }

        /** Returns whether two tokens are in one clause. */
        boolean sameClause(int token, int other) {
            return clauses[token] == clauses[other];
        }

        /** Returns a verdict for each finding, null where no rule applies. Findings are in the order of their anchors. */
        @Nullable
        Verdict[] judge(List<Lexicon.Found> findings) {
            @Nullable Verdict[] verdicts = new Verdict[findings.size()];
            Map<Assertion, Cue> nearest = new EnumMap<>(Assertion.class);
            int next = 0;
            for (int i = 0; i < verdicts.length; i++) {
                Lexicon.Found finding = findings.get(i);
                for (; next < cues.size() && cues.get(next).to <= finding.anchor(); next++) {
                    if (cues.get(next).rule.scope == Scope.FORWARD) {
                        nearest.put(cues.get(next).rule.assertion, cues.get(next));
                    }
                }
                for (Cue cue : nearest.values()) {
                    verdicts[i] = nearer(verdicts[i], cue, finding.anchor(), finding.anchor() - cue.to);
                }
            }
            nearest.clear();
            judgeBackward(findings, verdicts, nearest);
            return verdicts;
        }

        private void judgeBackward(
                List<Lexicon.Found> findings, @Nullable Verdict[] verdicts, Map<Assertion, Cue> nearest) {
            int next = cues.size() - 1;
            for (int i = verdicts.length - 1; i >= 0; i--) {
                Lexicon.Found finding = findings.get(i);
                for (; next >= 0 && cues.get(next).from >= finding.anchor(); next--) {
                    if (cues.get(next).rule.scope == Scope.BACKWARD) {
                        nearest.put(cues.get(next).rule.assertion, cues.get(next));
                    }
                }
                for (Cue cue : nearest.values()) {
                    verdicts[i] = nearer(verdicts[i], cue, finding.anchor(), Math.max(0, cue.from - finding.to()));
                }
            }
        }

        private @Nullable Verdict nearer(@Nullable Verdict known, Cue cue, int anchor, int distance) {
            if (!sameClause(cue.rule.scope == Scope.FORWARD ? cue.to - 1 : cue.from, anchor)
                    || distance > cue.rule.reach) {
                return known;
            }
            Verdict verdict = new Verdict(cue.rule.assertion, cue.rule.name, cue.from, cue.to, distance);
            return verdict.precedes(known) ? verdict : known;
        }
    }
}
