// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.util.List;
import org.cxrlocalizer.comparison.ComparedFinding;
import org.cxrlocalizer.comparison.Comparison;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.Finding;
import org.cxrlocalizer.localization.ScoredBox;
import org.junit.jupiter.api.Test;

class ComparisonOutlinesTest {

    private static final Box TRUTH = new Box(0, 0, 10, 10);
    private static final Box HIT = new Box(0, 0, 10, 8);
    private static final Box MISS = new Box(50, 50, 10, 10);

    @Test
    void outlinesAreGreenRedAndBlueAndYellowWithoutATruth() {
        Finding finding = new Finding(
                "Mass",
                0,
                0.5,
                null,
                null,
                true,
                new ClassActivationMap(1, 1, new float[] {1}),
                0.0,
                List.of(new ScoredBox(HIT, 0.9), new ScoredBox(MISS, 0.1)),
                null);
        ComparedFinding compared = new ComparedFinding(finding, Comparison.all(List.of(HIT, MISS), List.of(TRUTH)));

        List<Overlay.Outline> outlines = ComparisonOutlines.of(compared, 0.5);

        assertThat(outlines).extracting(Overlay.Outline::box).containsExactly(MISS, HIT, TRUTH);
        assertThat(outlines)
                .extracting(Overlay.Outline::colour)
                .containsExactly(new Color(0xff4d4d), new Color(0x35d04f), new Color(0x4da3ff));
        assertThat(outlines.get(1).caption()).isEqualTo("IoU 0.80");
        assertThat(ComparisonOutlines.of(compared, 0.8).get(1).colour())
                .as("a hit is strictly greater than the threshold")
                .isEqualTo(new Color(0xff4d4d));
        assertThat(ComparisonOutlines.of(new ComparedFinding(finding, List.of()), 0.5))
                .extracting(Overlay.Outline::colour)
                .containsOnly(new Color(0xffd23f));
    }
}
