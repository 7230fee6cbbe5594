// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.Finding;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.NoBoxReason;
import org.cxrlocalizer.localization.ScoredBox;
import org.cxrlocalizer.reports.LabelState;
import org.cxrlocalizer.reports.ReportLabeller;
import org.cxrlocalizer.reports.ReportLabels;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportComparisonTest {

    private static final ReportLabeller LABELLER = ReportLabeller.read();
    private static final ClassActivationMap MAP = new ClassActivationMap(1, 1, new float[] {1});

    /** An image of 1000 columns and 2000 rows: the thirds of the lungs end at rows 666.7 and 1133.3. */
    private static Localization localization(Finding... findings) {
        return new Localization(
                "cam", new BoxPolicy.Calibrated(), null, ImageFrame.stretch(1000, 2000), List.of(findings));
    }

    private static Finding finding(String label, @Nullable Boolean positive, Box... boxes) {
        return new Finding(
                label,
                0,
                0.5,
                null,
                positive == null ? null : 0.5,
                positive,
                MAP,
                null,
                Stream.of(boxes).map(box -> new ScoredBox(box, 0.5)).toList(),
                boxes.length == 0 ? NoBoxReason.MAP_CONSTANT : null);
    }

    private static ReportComparison compare(String report, Finding... findings) {
        return ReportComparison.of(localization(findings), LABELLER.read(report));
    }

    private static ReportedLabel of(ReportComparison comparison, String label) {
        return Objects.requireNonNull(comparison.labels().get(label));
    }

    private static BoxAgreement agreement(String report, Box box) {
        return of(compare(report, finding("Effusion", true, box)), "Effusion")
                .boxes()
                .get(0);
    }

    /** The image's left half is the patient's right side. */
    @ParameterizedTest
    @CsvSource({
        "left effusion,               600, 1200, YES",
        "left effusion,               100, 1200, NO",
        "right effusion,              600, 1200, NO",
        "right effusion,              100, 1200, YES",
        "bilateral effusions,         600, 1200, YES",
        "bilateral effusions,         100, 1200, YES",
        "effusion,                    100, 1200, UNSTATED",
        "apical effusion,             100,  200, YES",
        "apical effusion,             100,  800, NO",
        "apical effusion,             100, 1200, NO",
        "perihilar effusion,          600,  200, NO",
        "perihilar effusion,          600,  800, YES",
        "perihilar effusion,          600, 1200, NO",
        "basilar effusion,            600,  200, NO",
        "basilar effusion,            600,  800, NO",
        "basilar effusion,            600, 1200, YES",
        "effusion at the left base,   600, 1200, YES",
        "effusion at the left base,   600,  200, NO",
        "effusion at the left base,   100, 1200, NO",
        "bibasilar effusions,         100, 1200, YES",
        "bibasilar effusions,         100,  200, NO",
        "possible left effusion,      100, 1200, NO",
        "no left effusion,            100, 1200, UNSTATED",
        "no pleural abnormality left, 100, 1200, UNSTATED",
        "left or right effusion,      100, 1200, YES"
    })
    void aBoxLiesInThePlaceOfTheReportOrNot(String report, double x, double y, BoxAgreement expected) {
        assertThat(agreement(report + ".", new Box(x, y, 300, 300))).isEqualTo(expected);
    }

    /** Half of the box, or half of the side or third, is enough; rows outside the lungs belong to the next third. */
    @ParameterizedTest
    @CsvSource({
        "left effusion,      350, 1200, 300,  300, YES",
        "right effusion,     350, 1200, 300,  300, YES",
        "left effusion,      349, 1200, 300,  300, NO",
        "right effusion,     351, 1200, 300,  300, NO",
        "left effusion,        0,    0, 1000, 2000, YES",
        "basilar effusion,   600,  600, 300, 1000, YES",
        "apical effusion,    600,  600, 300, 1000, NO",
        "basilar effusion,   600, 1700, 300,  200, YES",
        "apical effusion,    600,    0, 300,  150, YES"
    })
    void halfOfEitherIsEnough(String report, double x, double y, double width, double height, BoxAgreement expected) {
        assertThat(agreement(report + ".", new Box(x, y, width, height))).isEqualTo(expected);
    }

    @Test
    void aBoxMayLieInAnyPlaceThatIsNamed() {
        String report = "Effusion on the left. Right basilar effusion. Indication: apical effusion.";

        assertThat(agreement(report, new Box(600, 200, 100, 100))).isEqualTo(BoxAgreement.YES);
        assertThat(agreement(report, new Box(100, 1300, 100, 100))).isEqualTo(BoxAgreement.YES);
        assertThat(agreement(report, new Box(100, 200, 100, 100))).isEqualTo(BoxAgreement.NO);
    }

    @Test
    void eachLabelIsInOneOfThreeLists() {
        ReportComparison comparison = compare(
                "Effusion. Cardiomegaly. No pneumothorax. No edema. Possible pneumonia. Nodule.",
                finding("Effusion", true),
                finding("Cardiomegaly", false),
                finding("Pneumothorax", true),
                finding("Edema", false),
                finding("Pneumonia", true),
                finding("Mass", true),
                finding("Hernia", false),
                finding("Nodule", null),
                finding("Fracture", true));

        assertThat(comparison.agreements()).containsExactly("Effusion", "Edema", "Hernia");
        assertThat(comparison.disagreements()).containsExactly("Cardiomegaly", "Pneumothorax", "Mass");
        assertThat(comparison.undecided()).containsExactly("Pneumonia", "Nodule", "Fracture");
        assertThat(of(comparison, "Pneumothorax").state()).isEqualTo(LabelState.ABSENT);
        assertThat(of(comparison, "Mass").state()).isEqualTo(LabelState.NOT_MENTIONED);
        assertThat(of(comparison, "Fracture").state()).isNull();
    }

    @Test
    void mentionsAreThoseOfTheLabelInTheOrderOfTheText() {
        String report = "Indication: effusion? Findings: No nodule. Small left effusion.";

        assertThat(of(compare(report, finding("Effusion", true)), "Effusion").mentions())
                .extracting(mention -> mention.span().in(report))
                .containsExactly("effusion", "effusion");
    }

    @Test
    void onlyReportedLabelsKeepTheirBoxes() {
        ReportLabels report = LABELLER.read("Left effusion, possible mass, no nodule.");
        Box box = new Box(1, 2, 3, 4);
        Localization shown = ReportComparison.onlyReported(
                localization(
                        finding("Effusion", false, box),
                        finding("Mass", true, box),
                        finding("Nodule", true, box),
                        finding("Hernia", true, box)),
                report);

        assertThat(shown.findings()).extracting(Finding::label).containsExactly("Effusion", "Mass", "Nodule", "Hernia");
        assertThat(shown.findings().get(0).boxes()).containsExactly(new ScoredBox(box, 0.5));
        assertThat(shown.findings().subList(1, 4)).allSatisfy(finding -> {
            assertThat(finding.boxes()).isEmpty();
            assertThat(finding.noBoxReason()).isEqualTo(NoBoxReason.NOT_REPORTED);
        });
    }
}
