// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the side and the zone of findings: of the words before a finding, or else after it, the nearest that state one, as far
 * as the clause, a comma, and the next finding. Findings that "and", "or", "versus" or a slash join share a place.
 */
final class Places {

    private static final int BEFORE = 8;
    private static final int AFTER = 10;
    private static final Set<String> JOINING = Set.of("and", "or", "versus", "vs", "/");
    private static final Set<String> STOPS = Set.of(",", ";", ":", "-", "(", ")");

    private final PhraseTrie<Words> words = new PhraseTrie<>();

    private record Words(Place.@Nullable Side side, Place.@Nullable Zone zone) {}

    Places() {
        WordTable.readOwn("places.csv", row -> {
            String side = row.getField("side").toUpperCase(Locale.ROOT);
            String zone = row.getField("zone").toUpperCase(Locale.ROOT);
            words.add(
                    row.getField("phrase"),
                    new Words(
                            side.isEmpty() ? null : Place.Side.valueOf(side),
                            zone.isEmpty() ? null : Place.Zone.valueOf(zone)));
        });
    }

    /** The places that one text names. */
    final class Reading {

        private final Tokens tokens;
        private final AssertionRules.Reading clauses;
        private final List<Lexicon.Found> findings;
        private final @Nullable Words[] starting;
        private final int[] ends;
        private final @Nullable Place[] places;

        /** @param findings in the order of their anchors */
        Reading(Tokens tokens, AssertionRules.Reading clauses, List<Lexicon.Found> findings) {
            this.tokens = tokens;
            this.clauses = clauses;
            this.findings = findings;
            starting = new Words[tokens.count()];
            ends = new int[tokens.count()];
            for (PhraseTrie.Match<Words> match : words.find(tokens)) {
                starting[match.from()] = match.values().get(0);
                ends[match.from()] = match.to();
            }
            places = new Place[findings.size()];
            for (int i = 0; i < places.length; i++) {
                Place own = find(i);
                places[i] = own == null && isJoined(i) ? places[i - 1] : own;
            }
        }

        /** Returns the place of a finding. */
        @Nullable
        Place of(int finding) {
            return places[finding];
        }

        /** Whether a finding has the words of the one before it, or one joining word parts them. */
        private boolean isJoined(int finding) {
            if (finding == 0) {
                return false;
            }
            int end = findings.get(finding - 1).to();
            int start = findings.get(finding).from();
            return start < end || (start == end + 1 && JOINING.contains(tokens.word(end)));
        }

        private @Nullable Place find(int finding) {
            Lexicon.Found found = findings.get(finding);
            Sought sought = new Sought();
            for (int i = found.to() - 1; i >= firstBefore(finding); i--) {
                sought.take(i);
            }
            for (int i = found.to(); i < endAfter(finding); i++) {
                sought.take(i);
            }
            return sought.place();
        }

        private int firstBefore(int finding) {
            Lexicon.Found found = findings.get(finding);
            int first = found.from();
            int lowest = finding == 0
                    ? 0
                    : Math.min(found.from(), findings.get(finding - 1).to());
            lowest = Math.max(lowest, found.from() - BEFORE);
            while (first > lowest
                    && clauses.sameClause(first - 1, found.anchor())
                    && !STOPS.contains(tokens.word(first - 1))) {
                first--;
            }
            return first;
        }

        private int endAfter(int finding) {
            Lexicon.Found found = findings.get(finding);
            int end = found.to();
            int next = finding + 1;
            while (end < tokens.count()
                    && end < found.to() + AFTER
                    && clauses.sameClause(end, found.anchor())
                    && !STOPS.contains(tokens.word(end))) {
                while (next < findings.size() && findings.get(next).from() <= end) {
                    next++;
                }
                if (JOINING.contains(tokens.word(end))) {
                    if (next == findings.size() || findings.get(next).from() != end + 1) {
                        break;
                    }
                    end = findings.get(next).to();
                } else if (next < findings.size() && findings.get(next).from() == end + 1) {
                    return end + 1;
                } else {
                    end++;
                }
            }
            return end;
        }

        /** What has been found so far; the first wins. */
        private final class Sought {

            private Place.@Nullable Side side;
            private Place.@Nullable Zone zone;
            private int from = Integer.MAX_VALUE;
            private int to;

            void take(int token) {
                Words here = starting[token];
                if (here == null) {
                    return;
                }
                boolean used = (side == null && here.side != null) || (zone == null && here.zone != null);
                side = side == null ? here.side : side;
                zone = zone == null ? here.zone : zone;
                if (used) {
                    from = Math.min(from, token);
                    to = Math.max(to, ends[token]);
                }
            }

            @Nullable
            Place place() {
                return side == null && zone == null ? null : new Place(side, zone, tokens.span(from, to));
            }
        }
    }
}
