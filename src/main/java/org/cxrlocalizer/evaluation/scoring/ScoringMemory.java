// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The part of the heap that scorings may take, of all evaluations of this process together. A scoring takes what it is
 * estimated to need before it starts, in one step, and waits until the others leave that much.
 */
public final class ScoringMemory {

    /** Beside images, which take two fifths of the heap, and the service's own. */
    private static final double PART_OF_SERVICE = 0.25;

    /** A command has one evaluation, and no image any more when it scores. */
    private static final double PART_OF_COMMAND = 0.75;

    private static final long UNIT = 1 << 20;

    private final long total;
    private final Semaphore units;

    /** @param total in bytes */
    public ScoringMemory(long total) {
        this.total = total;
        units = new Semaphore(units(total), true);
    }

    /** Returns the default of the service. */
    public static long ofService() {
        return (long) (Runtime.getRuntime().maxMemory() * PART_OF_SERVICE);
    }

    /** Returns the default of a command. */
    public static long ofCommand() {
        return (long) (Runtime.getRuntime().maxMemory() * PART_OF_COMMAND);
    }

    private static int units(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, bytes / UNIT);
    }

    /** @throws EvaluationTooLargeException if a scoring of this size never fits */
    public void require(ScoringSize size) {
        if (size.bytes() > total) {
            throw new EvaluationTooLargeException(size, total);
        }
    }

    /** What is done with the memory. */
    @FunctionalInterface
    public interface Scored<T> {
        T score() throws IOException;
    }

    /**
     * Scores as soon as there is memory for it.
     *
     * @throws EvaluationTooLargeException if it never fits
     * @throws CancellationException if the evaluation ended while it waited
     */
    public <T> T during(ScoringSize size, ScoringGuard guard, Scored<T> work) throws IOException {
        require(size);
        int taken = units(size.bytes());
        take(taken, guard);
        try {
            guard.begins();
            return work.score();
        } finally {
            units.release(taken);
            guard.ended();
        }
    }

    private void take(int wanted, ScoringGuard guard) {
        try {
            while (!units.tryAcquire(wanted, 1, TimeUnit.SECONDS)) {
                if (!guard.isOpen()) {
                    throw new CancellationException("the evaluation ended while it waited for memory");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for memory");
        }
    }
}
