// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Times of a network's forward passes in units of another's.
 *
 * @param image of one image
 * @param batch of the largest batch; null if that is one image
 */
record SpeedRatio(double image, @Nullable Double batch) {

    private static final int LEAST_ROUNDS = 3;
    private static final int MOST_ROUNDS = 25;
    private static final long ENOUGH_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    static final SpeedRatio OF_REFERENCE = new SpeedRatio(1, null);

    /** The worse of the two. */
    double worst() {
        return batch == null ? image : Math.max(image, batch);
    }

    /** Runs a pass on the worker of a number. */
    interface Pass {
        void run(int worker);
    }

    /**
     * Times two passes in alternation, so that what else the machine does falls on both, and on all workers at once, as
     * they share caches and memory under load. Where a pass runs on the worker's thread alone, its processor time counts:
     * on a busy machine that varies by a hundredth where the time by the clock varies by a third.
     *
     * @param alone whether PyTorch has no other threads for a pass
     * @return the median of {@code time of candidate / time of reference}
     */
    static double median(InferenceWorkers<?, ?, ?> workers, boolean alone, Pass reference, Pass candidate) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        LongSupplier clock = alone && threads.isCurrentThreadCpuTimeSupported()
                ? threads::getCurrentThreadCpuTime
                : System::nanoTime;
        List<Double> ratios = new ArrayList<>();
        workers.runOnEach(worker -> ratios(worker, clock, reference, candidate)).forEach(ratios::addAll);
        ratios.sort(null);
        int middle = ratios.size() / 2;
        return ratios.size() % 2 == 1 ? ratios.get(middle) : (ratios.get(middle - 1) + ratios.get(middle)) / 2;
    }

    private static List<Double> ratios(int worker, LongSupplier clock, Pass reference, Pass candidate) {
        List<Double> ratios = new ArrayList<>();
        long start = System.nanoTime();
        while (ratios.size() < LEAST_ROUNDS
                || (ratios.size() < MOST_ROUNDS && System.nanoTime() - start < ENOUGH_NANOS)) {
            boolean first = ratios.size() % 2 == 0;
            double one = nanos(worker, clock, first ? reference : candidate);
            double other = nanos(worker, clock, first ? candidate : reference);
            ratios.add(first ? other / one : one / other);
        }
        return ratios;
    }

    private static long nanos(int worker, LongSupplier clock, Pass pass) {
        long start = clock.getAsLong();
        pass.run(worker);
        return Math.max(1, clock.getAsLong() - start);
    }
}
