// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ScoredBox;

/**
 * Every detected box of a set by its score, ranked once. Only a box that overlaps a true box can be correct, so that curves are read at
 * the scores of those alone: a step is one of these scores, counted from the highest. Numbers of boxes are those of
 * {@link ListedBoxes}.
 */
final class RankedBoxes {

    private final ListedBoxes boxes;

    /** The boxes that overlap a true one, by descending score. */
    private final int[] touching;

    /** Their steps. */
    private final int[] steps;

    private final int stepCount;

    /** Patients of all boxes down to the last step, by label, and then by step. */
    private final int[] patients;

    /** Where the boxes end that reach a step, but no higher one: by label, and then by step. */
    private final int[] ends;

    private final int labels;
    private final Draw.Shared<long[][]> found = this::count;

    private RankedBoxes(ListedBoxes boxes, int[] touching, int labels) {
        this.boxes = boxes;
        this.touching = touching;
        this.labels = labels;
        double[] scores = boxes.scores();
        double[] distinct = IntStream.of(touching)
                .mapToDouble(box -> 0.0 - scores[box])
                .distinct()
                .toArray();
        stepCount = distinct.length;
        steps = IntStream.of(touching)
                .map(box -> Arrays.binarySearch(distinct, 0.0 - scores[box]))
                .toArray();
        int[] slots = new int[scores.length];
        for (int box = 0; box < slots.length; box++) {
            int place = Arrays.binarySearch(distinct, 0.0 - scores[box]);
            int step = place >= 0 ? place : -(place + 1);
            slots[box] = step == stepCount ? -1 : boxes.labels()[box] * stepCount + step;
        }
        Slotted slotted = Slotted.of(slots, labels * stepCount, boxes.patients(), box -> true);
        patients = slotted.patients();
        ends = slotted.ends();
    }

    static RankedBoxes of(TruthSet set, Detections detections) {
        ListedBoxes boxes = ListedBoxes.of(set, detections);
        int[] touching = touching(set, detections).stream()
                .boxed()
                .sorted((a, b) -> Double.compare(boxes.scores()[b], boxes.scores()[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        return new RankedBoxes(boxes, touching, set.labels().size());
    }

    /** The boxes that overlap a true box of any label. */
    private static BitSet touching(TruthSet set, Detections detections) {
        BitSet touching = new BitSet();
        int number = 0;
        for (int image = 0; image < set.images().size(); image++) {
            List<Box> truths = set.boxes(image);
            for (int label = 0; label < set.labels().size(); label++) {
                for (ScoredBox found : detections.of(image, label)) {
                    for (Box truth : truths) {
                        if (found.box().intersectionArea(truth) > 0) {
                            touching.set(number);
                        }
                    }
                    number++;
                }
            }
        }
        return touching;
    }

    /** Returns all boxes. */
    ListedBoxes boxes() {
        return boxes;
    }

    /** Returns those of the boxes that overlap a true one which a test of their number takes, ranked. */
    SteppedBoxes only(IntPredicate wanted) {
        int[] places = IntStream.range(0, touching.length)
                .filter(place -> wanted.test(touching[place]))
                .toArray();
        return new SteppedBoxes(
                IntStream.of(places).map(place -> steps[place]).toArray(),
                IntStream.of(places)
                        .map(place -> boxes.patients()[touching[place]])
                        .toArray());
    }

    /**
     * Returns how many boxes of a draw reach the score of each step.
     *
     * @param label the number of labels for all together
     */
    long[] found(Draw draw, int label) {
        return draw.get(found)[label];
    }

    private long[][] count(Draw draw) {
        long[][] counts = new long[labels + 1][stepCount];
        long[] sums = draw.weights(patients, ends);
        for (int label = 0; label < labels; label++) {
            int first = label * stepCount;
            long before = first == 0 ? 0 : sums[first - 1];
            for (int step = 0; step < stepCount; step++) {
                counts[label][step] = sums[first + step] - before;
                counts[labels][step] += counts[label][step];
            }
        }
        return counts;
    }
}
