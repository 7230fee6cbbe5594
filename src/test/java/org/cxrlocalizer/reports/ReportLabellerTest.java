// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cxrlocalizer.dataset.ChestXray14;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportLabellerTest {

    private static final ReportLabeller LABELLER = ReportLabeller.read();
    private static final int MEGABYTE = 1 << 20;

    @Test
    void theLabelsAreTheDatasets() {
        assertThat(ReportLabels.LABELS).isEqualTo(ChestXray14.LABELS);
    }

    @Test
    void aMentionHasItsSpanSectionRuleTriggerAndPlace() {
        String text = "INDICATION: Cough, pneumonia?\n\nFINDINGS:\nHeart size is normal. There is no evidence of focal"
                + " consolidation in the left lower lobe.\nIMPRESSION: Clear lungs.";

        List<Mention> mentions = LABELLER.read(text).mentions();

        assertThat(mentions)
                .extracting(Mention::label, Mention::section, Mention::assertion)
                .containsExactly(
                        tuple("Pneumonia", Section.INDICATION, Assertion.UNCERTAIN),
                        tuple("Cardiomegaly", Section.FINDINGS, Assertion.NEGATED),
                        tuple("Consolidation", Section.FINDINGS, Assertion.NEGATED));
        Mention last = mentions.get(2);
        assertThat(last.span().in(text)).isEqualTo("consolidation");
        Mention.Trigger trigger = Objects.requireNonNull(last.trigger());
        assertThat(trigger.rule()).isEqualTo("no");
        assertThat(trigger.span().in(text)).isEqualTo("no evidence of");
        Place place = Objects.requireNonNull(last.place());
        assertThat(place.side()).isEqualTo(Place.Side.LEFT);
        assertThat(place.zone()).isEqualTo(Place.Zone.LOWER);
        assertThat(place.span().in(text)).isEqualTo("left lower lobe");
    }

    @Test
    void onlyFindingsAndImpressionDecideOnLabels() {
        Map<Section, String> texts = new EnumMap<>(Section.class);
        texts.put(Section.INDICATION, "Pneumonia, effusion.");
        texts.put(Section.COMPARISON, "Study with a nodule.");
        texts.put(Section.FINDINGS, "No pneumonia. Possible edema.");

        Map<String, LabelState> states = LABELLER.read(ReportText.of(texts)).states();

        assertThat(states)
                .containsEntry("Pneumonia", LabelState.ABSENT)
                .containsEntry("Effusion", LabelState.NOT_MENTIONED)
                .containsEntry("Nodule", LabelState.NOT_MENTIONED)
                .containsEntry("Edema", LabelState.UNCERTAIN);
    }

    @Test
    void oneMentionThatIsCertainDecides() {
        ReportLabels labels = LABELLER.read("FINDINGS: Possible nodule. No mass. IMPRESSION: Left apical nodule.");

        assertThat(labels.states())
                .containsEntry("Nodule", LabelState.PRESENT)
                .containsEntry("Mass", LabelState.ABSENT);
        assertThat(LABELLER.read("No acute disease.").states())
                .containsEntry(ReportLabels.NO_FINDING, LabelState.PRESENT);
        assertThat(LABELLER.read("No acute disease. Possible nodule.").states())
                .containsEntry(ReportLabels.NO_FINDING, LabelState.UNCERTAIN);
        assertThat(LABELLER.read("No acute disease. Nodule.").states())
                .containsEntry(ReportLabels.NO_FINDING, LabelState.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FINDINGS: Edema.\nIMPRESSION: Mass.",
                "Findings:\r\nEdema.\r\n\r\nImpression:\r\nMass.",
                "findings: edema. impression: mass.",
                "FINDINGS\nEdema.\nIMPRESSION\nMass.",
                "FINDINGS Edema. IMPRESSION Mass.",
                "Findings: Edema. Conclusion: Mass.",
                "CHEST FINDINGS: Edema. Impression and recommendations: Mass."
            })
    void headingsAreReadInTheUsualForms(String text) {
        assertThat(LABELLER.read(text).mentions())
                .extracting(Mention::label, Mention::section)
                .containsExactly(tuple("Edema", Section.FINDINGS), tuple("Mass", Section.IMPRESSION));
    }

    @Test
    void sentencesEndWhereReportsEndThem() {
        assertThat(LABELLER.read("No effusion\nNodule in the left apex").states())
                .containsEntry("Nodule", LabelState.PRESENT);
        assertThat(LABELLER.read("1) No effusion 2) No mass\n3) Nodule").states())
                .containsEntry("Nodule", LabelState.PRESENT);
        assertThat(LABELLER.read("No effusion.Nodule in the left apex").states())
                .containsEntry("Nodule", LabelState.PRESENT);
        assertThat(LABELLER.read("There is no evidence of a mass that measures more than 1.5 cm, or of a\nnodule.")
                        .states())
                .containsEntry("Nodule", LabelState.ABSENT);
        assertThat(LABELLER.read("No mass, as Dr. X said, or nodule").states())
                .containsEntry("Nodule", LabelState.ABSENT);
    }

    @Test
    void aUserHasWordsAndRulesOfTheirOwn() {
        ReportLabeller own = ReportLabeller.read(
                OwnWords.read(
                        OwnWords.Kind.LEXICON,
                        "own.csv",
                        () -> new StringReader("label,means,phrase\nEffusion,present,erguss|pleuraerguss\n")),
                OwnWords.read(
                        OwnWords.Kind.RULES,
                        "rules.csv",
                        () -> new StringReader("rule,assertion,scope,reach,phrase\nkein,negated,forward,5,kein\n")));

        assertThat(own.read("Pleuraerguss links.").states()).containsEntry("Effusion", LabelState.PRESENT);
        assertThat(own.read("Kein Erguss.").states()).containsEntry("Effusion", LabelState.ABSENT);
        assertThat(LABELLER.read("Kein Erguss.").states()).containsEntry("Effusion", LabelState.NOT_MENTIONED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "label,means,phrase\nTumour,present,tumour\n",
                "label,means,phrase\nMass,perhaps,tumour\n",
                "label,phrase\nMass,tumour\n",
                "label,means,phrase\nMass,present,a?\n",
                "label,means,phrase\nMass,present,\"a\"b\n"
            })
    void aTableThatCannotBeUsedIsRefusedWithItsName(String table) {
        assertThatThrownBy(() -> ReportLabeller.read(
                        OwnWords.read(OwnWords.Kind.LEXICON, "own.csv", () -> new StringReader(table))))
                .isInstanceOf(InvalidTableException.class)
                .hasMessageContaining("own.csv");
    }

    /** Texts that make a reading slow that looks at each pair of words, or goes back in the text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "There is no evidence of pneumonia, but a small left pleural effusion cannot be excluded. ",
                "no ",
                "no evidence of no evidence of ",
                "nodule ",
                "heart heart size enlarged ",
                "heart ",
                "and/or effusion ",
                "left ",
                "a",
                "(",
                ".",
                "\n",
                "\r\n \t",
                "FINDINGS: ",
                "IMPRESSION ",
                "1.",
                "- ",
                "é",
                "possible mass or nodule versus "
            })
    void aMegabyteTakesLessThanASecondWhateverItsText(String part) {
        String text = part.repeat(MEGABYTE / part.length());
        LABELLER.read(text.substring(0, MEGABYTE / 4));
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();

        LABELLER.read(text);

        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - before)).isLessThan(Duration.ofSeconds(1));
    }
}
