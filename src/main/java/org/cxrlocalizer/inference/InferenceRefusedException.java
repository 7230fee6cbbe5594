// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import java.time.Duration;

/** An image got no forward pass, through no fault of its own. The same request may succeed later. */
public final class InferenceRefusedException extends RuntimeException {

    /** Why an image got no forward pass. */
    public enum Reason {
        /** So many images wait that no more are taken. */
        QUEUE_FULL,
        /** The image waited too long. */
        DEADLINE_PASSED,
        /** The model is being unloaded. */
        DRAINING,
        /** The device that ran the model failed, and there is no other. */
        DEVICE_LOST
    }

    private final Reason reason;
    private final Duration retryAfter;

    InferenceRefusedException(Reason reason, String message, Duration retryAfter) {
        super(message);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    public Reason reason() {
        return reason;
    }

    /** After what time the images that wait now will be done, as far as is known; whole seconds, at least one. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
