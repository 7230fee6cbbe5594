// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.comparison;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.Finding;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.reports.Assertion;
import org.cxrlocalizer.reports.LabelPolicy;
import org.cxrlocalizer.reports.LabelState;
import org.cxrlocalizer.reports.Mention;
import org.cxrlocalizer.reports.Place;
import org.cxrlocalizer.reports.ReportLabels;

/**
 * A localization beside the report of its image. Each label is in one of the three lists, in the order of the findings.
 *
 * @param labels of each finding, by its label
 * @param agreements positive and stated as present, or negative and neither stated as present nor as uncertain
 * @param disagreements positive and not stated, or negative and stated as present
 * @param undecided stated as uncertain, without a cut-off, or none of the labels that reports are read for
 */
public record ReportComparison(
        Map<String, ReportedLabel> labels,
        List<String> agreements,
        List<String> disagreements,
        List<String> undecided) {

    /** Compares each finding with what the report states of its label. */
    public static ReportComparison of(Localization localization, ReportLabels report) {
        LungPlaces lungs = new LungPlaces(localization.frame());
        Map<String, ReportedLabel> labels = new LinkedHashMap<>();
        List<String> agreements = new ArrayList<>();
        List<String> disagreements = new ArrayList<>();
        List<String> undecided = new ArrayList<>();
        for (Finding finding : localization.findings()) {
            String label = finding.label();
            LabelState state = report.states().get(label);
            List<Mention> mentions = report.mentions().stream()
                    .filter(mention -> mention.label().equals(label))
                    .toList();
            labels.put(label, new ReportedLabel(state, mentions, boxes(finding, mentions, lungs)));
            Boolean positive = finding.positive();
            if (positive == null || state == null || state == LabelState.UNCERTAIN) {
                undecided.add(label);
            } else if (positive == (state == LabelState.PRESENT)) {
                agreements.add(label);
            } else {
                disagreements.add(label);
            }
        }
        return new ReportComparison(labels, agreements, disagreements, undecided);
    }

    /**
     * Returns a localization with the boxes of those labels alone that a report states as present, as in the third column of the
     * dataset page's tables.
     */
    public static Localization onlyReported(Localization localization, ReportLabels report) {
        return localization.withBoxesOf(Set.copyOf(report.accepted(LabelPolicy.CERTAIN)));
    }

    /** A box agrees if it lies in one of the places where the finding is stated, for certain or not. */
    private static List<BoxAgreement> boxes(Finding finding, List<Mention> mentions, LungPlaces lungs) {
        List<Place> places = mentions.stream()
                .filter(mention -> mention.section().counted() && isStated(mention.assertion()))
                .map(Mention::place)
                .filter(Objects::nonNull)
                .toList();
        return finding.boxes().stream()
                .map(scored -> agreement(scored.box(), places, lungs))
                .toList();
    }

    private static boolean isStated(Assertion assertion) {
        return assertion == Assertion.PRESENT || assertion == Assertion.UNCERTAIN;
    }

    private static BoxAgreement agreement(Box box, List<Place> places, LungPlaces lungs) {
        if (places.isEmpty()) {
            return BoxAgreement.UNSTATED;
        }
        return places.stream().anyMatch(place -> lungs.holds(place, box)) ? BoxAgreement.YES : BoxAgreement.NO;
    }
}
