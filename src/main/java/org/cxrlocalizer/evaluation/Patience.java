package org.cxrlocalizer.evaluation;

import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.cxrlocalizer.inference.InferenceRefusedException;
import org.cxrlocalizer.inference.InferenceRefusedException.Reason;
import org.cxrlocalizer.radiograph.ImageMemoryFullException;

/** Callers of the service go first: where they fill its queue or its memory, an evaluation waits. */
final class Patience {

    private static final long PAUSE_MILLIS = 100;
    private static final Set<Reason> PASSING = Set.of(Reason.QUEUE_FULL, Reason.DEADLINE_PASSED);

    private Patience() {}

    /** @throws InferenceRefusedException if waiting is of no use */
    static <T> T of(Supplier<T> work) {
        while (true) {
            try {
                return work.get();
            } catch (ImageMemoryFullException e) {
                pause();
            } catch (InferenceRefusedException e) {
                if (!PASSING.contains(e.reason())) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for callers");
        }
    }
}
