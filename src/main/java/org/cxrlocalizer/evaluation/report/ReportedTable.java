// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.cxrlocalizer.reports.LabelState;
import org.cxrlocalizer.reports.Mention;
import org.cxrlocalizer.reports.ReportLabels;
import org.cxrlocalizer.reports.Section;
import org.cxrlocalizer.reports.SectionSpan;
import org.cxrlocalizer.reports.tables.WrittenReport;

/** The three-column table of the dataset's page: report, keyword, localization result. */
final class ReportedTable {

    private ReportedTable() {}

    /** @param pictures of the third column */
    record Row(String image, List<Paragraph> paragraphs, List<Keyword> keywords, List<CaseImage> pictures) {}

    /** A section; the heading is empty for text without one. */
    record Paragraph(String heading, List<Run> runs) {

        boolean hasHeading() {
            return !heading.isEmpty();
        }
    }

    /**
     * A part of a text.
     *
     * @param kind the assertion of a mention; empty for other text
     * @param title labels, assertion and rule of a mention
     */
    record Run(String text, String kind, String title) {

        boolean isMention() {
            return !kind.isEmpty();
        }
    }

    record Keyword(String label, String note) {

        boolean hasNote() {
            return !note.isEmpty();
        }
    }

    static List<Row> rows(List<ReportedCase> cases) {
        return cases.stream()
                .map(one -> new Row(
                        one.report().image(),
                        paragraphs(one.report()),
                        keywords(one.report().labels()),
                        one.pictures()))
                .toList();
    }

    private static List<Keyword> keywords(ReportLabels labels) {
        List<Keyword> keywords = new ArrayList<>();
        for (String label : ReportLabels.LABELS) {
            LabelState state = labels.states().get(label);
            if (state == LabelState.PRESENT) {
                keywords.add(new Keyword(label, ""));
            } else if (state == LabelState.UNCERTAIN) {
                keywords.add(new Keyword(label, "uncertain"));
            }
        }
        if (keywords.isEmpty()) {
            keywords.add(new Keyword(ReportLabels.NO_FINDING, ""));
        }
        return keywords;
    }

    private static List<Paragraph> paragraphs(WrittenReport report) {
        List<Mention> mentions = report.labels().mentions().stream()
                .sorted(Comparator.comparingInt(mention -> mention.span().start()))
                .toList();
        return report.text().sections().stream()
                .map(section -> new Paragraph(
                        section.section() == Section.UNTITLED ? "" : word(section.section()),
                        runs(report.text().text(), section, mentions)))
                .toList();
    }

    /** Of mentions that overlap, the first is marked; its title has the labels of those that begin with it. */
    private static List<Run> runs(String text, SectionSpan section, List<Mention> mentions) {
        List<Run> runs = new ArrayList<>();
        int at = section.span().start();
        int last = -1;
        for (Mention mention : mentions) {
            int start = mention.span().start();
            int end = mention.span().end();
            if (start == last && end <= at) {
                Run first = runs.remove(runs.size() - 1);
                runs.add(new Run(first.text(), first.kind(), mention.label() + " and " + first.title()));
            } else if (start >= at && end <= section.span().end()) {
                add(runs, text.substring(at, start));
                runs.add(new Run(text.substring(start, end), word(mention.assertion()), title(mention)));
                at = end;
                last = start;
            }
        }
        add(runs, text.substring(at, section.span().end()));
        return runs;
    }

    private static void add(List<Run> runs, String text) {
        if (!text.isEmpty()) {
            runs.add(new Run(text, "", ""));
        }
    }

    private static String title(Mention mention) {
        Mention.Trigger trigger = mention.trigger();
        return "%s: %s%s"
                .formatted(
                        mention.label(),
                        word(mention.assertion()),
                        trigger == null ? "" : ", rule '%s'".formatted(trigger.rule()));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
