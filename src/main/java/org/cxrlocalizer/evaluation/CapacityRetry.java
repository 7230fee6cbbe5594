// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.cxrlocalizer.inference.InferenceRefusedException;
import org.cxrlocalizer.inference.InferenceRefusedException.Reason;
import org.cxrlocalizer.radiograph.ImageMemoryFullException;

/**
 * Retries while the service has no capacity: its callers go first. Spring's {@code RetryTemplate} keeps the exception of
 * each attempt until the last one, and attempts are without limit here.
 */
public final class CapacityRetry {

    private static final long PAUSE_MILLIS = 100;
    private static final Set<Reason> TEMPORARY = Set.of(Reason.QUEUE_FULL, Reason.DEADLINE_PASSED);

    private CapacityRetry() {}

    /** @throws InferenceRefusedException if a later attempt cannot succeed */
    public static <T> T retry(Supplier<T> work) {
        while (true) {
            try {
                return work.get();
            } catch (ImageMemoryFullException e) {
                pause();
            } catch (InferenceRefusedException e) {
                if (!TEMPORARY.contains(e.reason())) {
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
            throw new CancellationException("interrupted while waiting for capacity");
        }
    }
}
