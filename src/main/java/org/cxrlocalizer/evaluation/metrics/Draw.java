// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.IdentityHashMap;

/**
 * Patients as they are drawn: how often each counts, and what several figures need of that, computed once. A draw belongs to one
 * thread.
 */
public final class Draw {

    /**
     * What several figures need of a draw, as the weighted number of images. It is recognized by its identity, so that each is made
     * once, before any draw.
     */
    @FunctionalInterface
    interface Shared<T> {
        T of(Draw draw);
    }

    private static final int BLOCK = 2048;

    private final int[] weights;

    /** The same in so little memory that a processor keeps it nearest, for what reads them at random; empty if one is larger. */
    private final byte[] small;

    private final IdentityHashMap<Object, Object> computed = new IdentityHashMap<>();

    /** @param weights how often each patient of the set counts; not copied, not to be changed */
    public Draw(int[] weights) {
        this.weights = weights;
        small = small(weights);
    }

    private static byte[] small(int[] weights) {
        byte[] small = new byte[weights.length];
        for (int patient = 0; patient < small.length; patient++) {
            if (weights[patient] > Byte.MAX_VALUE) {
                return new byte[0];
            }
            small[patient] = (byte) weights[patient];
        }
        return small;
    }

    /** Returns how often each patient counts; not to be changed. */
    public int[] weights() {
        return weights;
    }

    /** Returns the values of a figure, which are computed at the first call; not to be changed. */
    double[] values(Metric metric) {
        return get(metric, metric::of);
    }

    /** Returns what several figures need, which is computed at the first call; not to be changed. */
    <T> T get(Shared<T> shared) {
        return get(shared, shared);
    }

    @SuppressWarnings("unchecked") // a key has one type of value
    private <T> T get(Object key, Shared<T> shared) {
        T known = (T) computed.get(key);
        if (known == null) {
            known = shared.of(this);
            computed.put(key, known);
        }
        return known;
    }

    /** Returns how much some patients weigh together, each as often as it is listed. */
    long weight(int[] patients) {
        return weights(patients, new int[] {patients.length})[0];
    }

    /**
     * Returns how much the patients of a list weigh together up to some of its places. The sums are made block by block in a loop without
     * a branch: the whole dataset has a place for every few patients.
     *
     * @param ends the places before which sums end, ascending
     */
    long[] weights(int[] patients, int[] ends) {
        long[] sums = new long[ends.length];
        long[] block = new long[BLOCK + 1];
        int next = 0;
        int start = 0;
        while (next < ends.length) {
            int size = Math.min(BLOCK, patients.length - start);
            cumulate(patients, start, size, block);
            for (; next < ends.length && ends[next] <= start + size; next++) {
                sums[next] = block[ends[next] - start];
            }
            start += size;
            block[0] = block[size];
        }
        return sums;
    }

    private void cumulate(int[] patients, int start, int size, long[] block) {
        long sum = block[0];
        if (small.length == 0) {
            for (int i = 0; i < size; i++) {
                sum += weights[patients[start + i]];
                block[i + 1] = sum;
            }
            return;
        }
        for (int i = 0; i < size; i++) {
            sum += small[patients[start + i]];
            block[i + 1] = sum;
        }
    }
}
