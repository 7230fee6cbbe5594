// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ScoredBox;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Intervals of all of Wang et al.'s figures by 1000 draws of as many boxes and patients as the released list has. */
@State(Scope.Thread)
public class BootstrapBenchmark {

    private static final int BOXES = 984;
    private static final int PATIENTS = 726;
    private static final int LABELS = 8;

    private final TruthSet set;
    private final List<Metric> figures;

    public BootstrapBenchmark() {
        Random random = new Random(7);
        List<TruthSet.Image> images = new ArrayList<>();
        List<ScoredBox> found = new ArrayList<>();
        for (int i = 0; i < BOXES; i++) {
            String label = ChestXray14.LABELS.get(i % LABELS);
            images.add(
                    new TruthSet.Image("image " + i, "patient " + i % PATIENTS, Map.of(label, List.of(box(random)))));
            found.add(new ScoredBox(box(random), random.nextDouble()));
        }
        set = new TruthSet(ChestXray14.LABELS, images);
        figures = WangProtocol.metrics(
                set, (image, label) -> label == image % LABELS ? List.of(found.get(image)) : List.of());
    }

    private static Box box(Random random) {
        return new Box(
                random.nextDouble() * 500,
                random.nextDouble() * 500,
                100 + random.nextDouble() * 400,
                100 + random.nextDouble() * 400);
    }

    @Benchmark
    public Object thousandDraws() {
        return Bootstrap.DEFAULT.intervals(set.patientCount(), figures);
    }
}
