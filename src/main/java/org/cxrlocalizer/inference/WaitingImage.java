// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import io.micrometer.observation.Observation;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An image that waits for a worker; two are never equal, though their inputs may be. The code that takes it off the queue
 * ends the wait.
 */
final class WaitingImage<K, I, O> {

    final K key;
    final I input;
    final @Nullable Observation caller;
    final CompletableFuture<O> result = new CompletableFuture<>();
    private final Observation wait;
    private boolean taken;

    /** Its wait begins now, in the trace of the calling thread. */
    WaitingImage(K key, I input, InferenceMeters measured) {
        this.key = key;
        this.input = input;
        caller = measured.caller();
        wait = measured.startWait();
    }

    /** Once, though an image may be taken again when the device of its first worker is lost. */
    void endWait() {
        if (!taken) {
            taken = true;
            wait.stop();
        }
    }
}
