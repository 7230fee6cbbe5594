// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimplifiedLineTest {

    @Test
    void pointsOnAStraightLineAreLeftOut() {
        assertThat(SimplifiedLine.of(
                        List.of(
                                new double[] {0, 0},
                                new double[] {1, 1},
                                new double[] {2, 2},
                                new double[] {2, 5},
                                new double[] {2, 9}),
                        0.01))
                .containsExactly(new double[] {0, 0}, new double[] {2, 2}, new double[] {2, 9});
        assertThat(SimplifiedLine.of(List.of(), 1)).isEmpty();
        assertThat(SimplifiedLine.of(List.of(new double[] {3, 4}), 1)).hasSize(1);
    }

    @Test
    void eachPointOfALongCurveStaysNearTheLine() {
        Random random = new Random(1);
        List<double[]> points = new ArrayList<>(List.of(new double[] {0, 0}));
        for (int i = 0; i < 50_000; i++) {
            double[] last = points.get(points.size() - 1);
            boolean isUp = random.nextDouble() * 50_000 > i;
            points.add(new double[] {last[0] + (isUp ? 0 : 0.012), last[1] + (isUp ? 0.012 : 0)});
        }

        List<double[]> line = SimplifiedLine.of(points, 0.2);

        assertThat(line).hasSizeLessThan(300).startsWith(points.get(0)).endsWith(points.get(points.size() - 1));
        assertThat(points).allSatisfy(point -> assertThat(IntStream.range(1, line.size())
                        .mapToDouble(i -> SimplifiedLine.distance(point, line.get(i - 1), line.get(i)))
                        .min()
                        .orElseThrow())
                .isLessThanOrEqualTo(0.2));
    }
}
