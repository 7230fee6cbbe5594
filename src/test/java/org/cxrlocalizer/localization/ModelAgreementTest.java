// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelAgreementTest {

    private static Finding finding(String label, double probability, @Nullable Boolean positive, ScoredBox... boxes) {
        ClassActivationMap map = new ClassActivationMap(1, 1, new float[1], MapUnit.LOGIT);
        Double cutoff = positive == null ? null : (Double) 0.5;
        return new Finding(label, 0, probability, null, cutoff, positive, map, null, List.of(boxes), null);
    }

    private static Localization localization(Finding... findings) {
        BoxPolicy policy = new BoxPolicy.FractionOfMaximum(0.5, BoxPolicy.Selection.DEFAULT);
        return new Localization("cam", policy, null, ImageFrame.stretch(100, 100), List.of(findings));
    }

    private static ScoredBox box(double x, double score) {
        return new ScoredBox(new Box(x, 0, 10, 10), score);
    }

    @Test
    void labelsOfBothAreComparedByTheBoxesWithTheHighestScores() {
        Localization one = localization(
                finding("Mass", 0.9, true, box(50, 0.2), box(0, 0.8)), finding("Edema", 0.4, false, box(0, 1)));
        Localization other =
                localization(finding("Nodule", 0.1, false), finding("Mass", 0.3, false, box(5, 0.7), box(0, 0.1)));

        assertThat(ModelAgreement.of(one, other)).singleElement().satisfies(mass -> {
            assertThat(mass.label()).isEqualTo("Mass");
            assertThat(mass.probabilityDifference()).isCloseTo(-0.6, within(1e-12));
            assertThat(mass.sameDecision()).isFalse();
            assertThat(mass.iou()).as("50 of 150 pixels").isCloseTo(1.0 / 3, within(1e-12));
        });
    }

    @Test
    void whereOneHasNoCutOffOrNoBoxNothingIsStated() {
        assertThat(ModelAgreement.of(
                        localization(finding("Mass", 0.9, null, box(0, 1)), finding("Edema", 0.9, true)),
                        localization(finding("Mass", 0.9, true, box(0, 1)), finding("Edema", 0.9, true, box(0, 1)))))
                .containsExactly(new ModelAgreement("Mass", 0, null, 1.0), new ModelAgreement("Edema", 0, true, null));
    }
}
