// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.evaluation.metrics.WangProtocol.Overlap;
import org.junit.jupiter.api.Test;

/** What is looked up in a table is what a metric puts there. */
class FigureTest {

    private static final RandomCases CASES = new RandomCases(1);

    private static List<String> names(List<Metric> metrics) {
        return metrics.stream().map(Metric::name).toList();
    }

    @Test
    void everyPointOfTheFrocCurvesIsComputed() {
        List<String> points = new ArrayList<>();
        OneToOne.FROC_THRESHOLDS.forEach(
                threshold -> OneToOne.FROC_RATES.forEach(rate -> points.add(Figure.froc(threshold, rate))));

        assertThat(names(OneToOne.metrics(CASES.set, CASES.detections()))).containsAll(points);
        assertThat(points).contains("FROC at T(IoU) = 0.1, 0.125 false boxes per image");
    }

    @Test
    void accuraciesAreFoundByTheirThreshold() {
        assertThat(names(WangProtocol.metrics(CASES.set, CASES.detections())))
                .contains(
                        Figure.ACCURACY.at(Overlap.IOU, 0.3),
                        Figure.ACCURACY.at(Overlap.IOBB, 0.25),
                        Figure.FALSE_BOXES.at(Overlap.IOBB, 0.9));
        assertThat(Figure.ACCURACY.at(Overlap.IOU, 0.3)).isEqualTo("Acc at T(IoU) = 0.3");
    }
}
