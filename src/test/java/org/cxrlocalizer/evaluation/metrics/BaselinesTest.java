// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.MapUnit;
import org.cxrlocalizer.localization.ScoredBox;
import org.junit.jupiter.api.Test;

/** The baselines on the released box list. */
class BaselinesTest {

    private static final TruthSet RELEASED = ReleasedBoxes.all();

    private static double[] macroAccuracies(Detections detections) {
        return WangProtocol.accuracies(RELEASED, detections, WangProtocol.Overlap.IOU).stream()
                .mapToDouble(
                        metric -> metric.of(RELEASED.once())[RELEASED.labels().size()])
                .toArray();
    }

    @Test
    void theCentredBoxReachesWhatTheDesignStates() {
        assertThat(macroAccuracies(Baselines.centredBox(RELEASED)))
                .containsExactly(new double[] {.426, .262, .185, .137, .087, .032, .008}, within(0.0005));
    }

    @Test
    void theClassMeanBoxLeavesItsPatientOutAndReachesWhatTheDesignStates() {
        assertThat(macroAccuracies(Baselines.classMeanBox(RELEASED)))
                .containsExactly(new double[] {.298, .192, .147, .128, .108, .078, .045}, within(0.0005));
    }

    @Test
    void aFinerGridHasAHigherCeiling() {
        TruthSet few = new TruthSet(ChestXray14.LABELS, RELEASED.images().subList(0, 60));
        List<Double> means = new ArrayList<>();
        for (int side : new int[] {4, 8, 16, 64}) {
            double[] values = OneToOne.meanIou(few, Baselines.gridCeiling(few, side, side))
                    .of(few.once());
            means.add(values[few.labels().size() + 1]);
        }
        assertThat(means).isSorted();
        assertThat(means.get(0)).isLessThan(0.7);
        assertThat(means.get(3)).isGreaterThan(0.95);
    }

    @Test
    void aBoxOfWholeCellsIsReachedExactly() {
        Box box = new Box(256, 128, 128, 256);
        TruthSet set =
                new TruthSet(List.of("Mass"), List.of(new TruthSet.Image("a", "p", Map.of("Mass", List.of(box)))));

        List<ScoredBox> best = Baselines.gridCeiling(set, 8, 8).of(0, 0);

        assertThat(best)
                .singleElement()
                .satisfies(found -> assertThat(found.box().iou(box)).isGreaterThan(0.99));
    }

    @Test
    void randomMapsDependOnNamesAlone() {
        Map<String, List<Box>> boxes = new LinkedHashMap<>(Map.of("Mass", List.of(new Box(1, 1, 2, 2))));
        TruthSet.Image first = new TruthSet.Image("a", "p", boxes);
        TruthSet.Image second = new TruthSet.Image("b", "q", boxes);
        TruthSet one = new TruthSet(List.of("Mass"), List.of(first));
        TruthSet both = new TruthSet(List.of("Mass"), List.of(second, first));

        float[] alone = values(Baselines.randomMaps(one, 4, 4, MapUnit.LOGIT, 7), 0);

        assertThat(values(Baselines.randomMaps(both, 4, 4, MapUnit.LOGIT, 7), 1))
                .containsExactly(alone);
        assertThat(values(Baselines.randomMaps(both, 4, 4, MapUnit.LOGIT, 7), 0))
                .isNotEqualTo(alone);
        assertThat(values(Baselines.randomMaps(one, 4, 4, MapUnit.LOGIT, 8), 0)).isNotEqualTo(alone);
    }

    private static float[] values(ClassMaps maps, int image) {
        return Objects.requireNonNull(maps.of(image, 0)).values();
    }
}
