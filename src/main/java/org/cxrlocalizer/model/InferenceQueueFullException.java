package org.cxrlocalizer.model;

/** So many images wait for a forward pass that no more are taken. */
public final class InferenceQueueFullException extends RuntimeException {

    InferenceQueueFullException(int capacity) {
        super("%d images wait already.".formatted(capacity));
    }
}
