// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cxrlocalizer.reports.Mention.Trigger;
import org.jspecify.annotations.Nullable;

/** Reads reports. It keeps nothing of them, and may be used by several threads. Time is linear in the length of a text. */
public final class ReportLabeller {

    /** The name of the rule by which a phrase of the lexicon states more than that there is a finding. */
    private static final String BY_ITSELF = "by-itself";

    private final Headings headings = new Headings();
    private final Places places = new Places();
    private final AssertionRules rules = new AssertionRules();
    private final Set<String> abbreviations = new HashSet<>();
    private final Lexicon lexicon;

    private ReportLabeller(List<OwnWords> own) {
        Set<String> gapEnds = new HashSet<>();
        WordTable.readOwn("words.csv", row -> ("gap-end".equals(row.getField("kind")) ? gapEnds : abbreviations)
                .add(row.getField("word")));
        lexicon = new Lexicon(gapEnds);
        Set<String> labels = new HashSet<>(ReportLabels.LABELS);
        labels.add(ReportLabels.NO_FINDING);
        WordTable.readOwn("lexicon.csv", lexicon.rows(labels));
        WordTable.readOwn("rules.csv", rules.rows());
        own.forEach(words -> words.addTo(lexicon, rules, labels));
    }

    /** Returns a labeller with the bundled tables, and a user's beside them. */
    public static ReportLabeller read(OwnWords... own) {
        return new ReportLabeller(List.of(own));
    }

    /** Reads a report whose sections are found by its headings. */
    public ReportLabels read(String text) {
        return read(split(text));
    }

    /** Finds the sections of a report by its headings. */
    public ReportText split(String text) {
        return new ReportText(text, headings.split(text));
    }

    /** Reads a report whose sections are known. */
    public ReportLabels read(ReportText report) {
        List<Mention> mentions = new ArrayList<>();
        report.sections().forEach(section -> read(report.text(), section, mentions));
        return ReportLabels.of(mentions);
    }

    private void read(String text, SectionSpan section, List<Mention> mentions) {
        Tokens tokens = Tokens.of(text, section.span(), abbreviations);
        List<Lexicon.Found> findings = lexicon.find(tokens);
        if (findings.isEmpty()) {
            return;
        }
        AssertionRules.Reading clauses = rules.new Reading(tokens);
        Places.Reading where = places.new Reading(tokens, clauses, findings);
        AssertionRules.@Nullable Verdict[] verdicts = clauses.judge(findings);
        for (int i = 0; i < verdicts.length; i++) {
            mentions.add(mention(tokens, section.section(), findings.get(i), verdicts[i], where.of(i)));
        }
    }

    private static Mention mention(
            Tokens tokens,
            Section section,
            Lexicon.Found found,
            AssertionRules.@Nullable Verdict verdict,
            @Nullable Place place) {
        Span span = tokens.span(found.from(), found.to());
        boolean unruled = verdict == null || verdict.assertion() == Assertion.PRESENT;
        if (found.means() == Assertion.NEGATED || (found.means() == Assertion.UNCERTAIN && unruled)) {
            return new Mention(found.label(), span, section, found.means(), new Trigger(BY_ITSELF, span), place);
        }
        if (verdict == null) {
            return new Mention(found.label(), span, section, Assertion.PRESENT, null, place);
        }
        Trigger trigger = new Trigger(verdict.rule(), tokens.span(verdict.from(), verdict.to()));
        return new Mention(found.label(), span, section, verdict.assertion(), trigger, place);
    }
}
