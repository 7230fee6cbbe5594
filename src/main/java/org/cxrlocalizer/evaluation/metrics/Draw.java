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

    /** Returns how much some patients weigh together, each as often as it is listed, from one place of the list to before another. */
    long weight(int[] patients, int from, int to) {
        long sum = 0;
        if (small.length == 0) {
            for (int i = from; i < to; i++) {
                sum += weights[patients[i]];
            }
            return sum;
        }
        for (int i = from; i < to; i++) {
            sum += small[patients[i]];
        }
        return sum;
    }

    /** Returns the same of a whole list. */
    long weight(int[] patients) {
        return weight(patients, 0, patients.length);
    }
}
