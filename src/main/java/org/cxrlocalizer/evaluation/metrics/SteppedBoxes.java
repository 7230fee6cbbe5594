// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

/**
 * Some boxes by descending score.
 *
 * @param steps of {@link RankedBoxes}, ascending
 * @param patients in the same order
 */
record SteppedBoxes(int[] steps, int[] patients) {

    static final SteppedBoxes NONE = new SteppedBoxes(new int[0], new int[0]);

    /** A sum over the boxes in one draw, as far as it has been read. */
    static final class Sum {

        private final SteppedBoxes boxes;
        private final int[] weights;
        private int next;
        private long weight;

        Sum(SteppedBoxes boxes, Draw draw) {
            this.boxes = boxes;
            weights = draw.weights();
        }

        /** Returns how much the boxes down to a step weigh, which must not be above that of the last call. */
        long to(int step) {
            while (next < boxes.steps.length && boxes.steps[next] <= step) {
                weight += weights[boxes.patients[next++]];
            }
            return weight;
        }

        boolean hasNext() {
            return next < boxes.steps.length;
        }

        /** Returns the step of the next box. */
        int nextStep() {
            return boxes.steps[next];
        }
    }
}
