// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Patients in the order of slots, by a counting sort that keeps the order within a slot.
 *
 * @param ends where the patients of each slot end
 */
record Slotted(int[] patients, int[] ends) {

    /**
     * Sorts patients.
     *
     * @param slots by place; a place outside of the slots is left out
     * @param count of slots
     * @param patients by place
     * @param member whether a place takes part
     */
    static Slotted of(int[] slots, int count, int[] patients, IntPredicate member) {
        int[] places = IntStream.range(0, slots.length)
                .filter(place -> slots[place] >= 0 && slots[place] < count && member.test(place))
                .toArray();
        int[] ends = new int[count];
        for (int place : places) {
            ends[slots[place]]++;
        }
        Arrays.parallelPrefix(ends, Integer::sum);
        int[] next = new int[count + 1];
        System.arraycopy(ends, 0, next, 1, count);
        int[] sorted = new int[places.length];
        for (int place : places) {
            sorted[next[slots[place]]++] = patients[place];
        }
        return new Slotted(sorted, ends);
    }
}
