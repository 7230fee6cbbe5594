// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a report states.
 *
 * @param mentions in the order of the text
 * @param states of the 14 labels, in the order of the dataset's page, and of "No Finding"
 */
public record ReportLabels(List<Mention> mentions, Map<String, LabelState> states) {

    /** Present where the report states that there is no finding and has none, absent where it has one. */
    public static final String NO_FINDING = "No Finding";

    /** The 14 labels of the dataset's page, in its order. */
    public static final List<String> LABELS = List.of(
            "Atelectasis",
            "Cardiomegaly",
            "Effusion",
            "Infiltration",
            "Mass",
            "Nodule",
            "Pneumonia",
            "Pneumothorax",
            "Consolidation",
            "Edema",
            "Emphysema",
            "Fibrosis",
            "Pleural_Thickening",
            "Hernia");

    public ReportLabels {
        mentions = List.copyOf(mentions);
        states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
    }

    /** Decides on the labels: one present mention makes a label present, one uncertain makes it uncertain, others absent. */
    static ReportLabels of(List<Mention> mentions) {
        Map<String, LabelState> states = new LinkedHashMap<>();
        LABELS.forEach(label -> states.put(label, state(label, mentions)));
        LabelState said = state(NO_FINDING, mentions);
        states.put(
                NO_FINDING,
                states.containsValue(LabelState.PRESENT)
                        ? LabelState.ABSENT
                        : said == LabelState.PRESENT && states.containsValue(LabelState.UNCERTAIN)
                                ? LabelState.UNCERTAIN
                                : said);
        return new ReportLabels(mentions, states);
    }

    private static LabelState state(String label, List<Mention> mentions) {
        LabelState state = LabelState.NOT_MENTIONED;
        for (Mention mention : mentions) {
            if (mention.section().counted() && mention.label().equals(label)) {
                LabelState stated =
                        switch (mention.assertion()) {
                            case PRESENT -> LabelState.PRESENT;
                            case UNCERTAIN -> LabelState.UNCERTAIN;
                            case NEGATED, HISTORICAL -> LabelState.ABSENT;
                            case OTHER_REGION, COMPARISON -> LabelState.NOT_MENTIONED;
                        };
                state = stated.compareTo(state) < 0 ? stated : state;
            }
        }
        return state;
    }

    /** Returns the labels that a policy accepts, in the order of the dataset's page; empty for "No Finding". */
    public List<String> accepted(LabelPolicy policy) {
        return LABELS.stream()
                .filter(label -> policy.accepts(states.getOrDefault(label, LabelState.NOT_MENTIONED)))
                .toList();
    }
}
