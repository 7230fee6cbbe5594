// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cxrlocalizer.geometry.Box;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final Box TRUTH = new Box(0, 0, 10, 10);
    private static final Box HIT = new Box(0, 0, 10, 8);
    private static final Box MISS = new Box(50, 50, 10, 10);

    @Test
    void everyBoxMeetsEveryTruth() {
        assertThat(Comparison.all(List.of(HIT, MISS), List.of(TRUTH, MISS)))
                .containsExactly(
                        new Comparison(TRUTH, 0, 0.8, 1),
                        new Comparison(TRUTH, 1, 0, 0),
                        new Comparison(MISS, 0, 0, 0),
                        new Comparison(MISS, 1, 1, 1));
    }

    @Test
    void aTruthWithoutBoxesIsReported() {
        assertThat(Comparison.all(List.of(), List.of(TRUTH))).containsExactly(new Comparison(TRUTH, null, 0, 0));
        assertThat(Comparison.all(List.of(HIT), List.of())).isEmpty();
    }
}
