package org.cxrlocalizer.radiograph;

/** The image has fewer frames than the one asked for. */
public final class NoSuchFrameException extends RuntimeException {

    NoSuchFrameException(int frame, int frames) {
        super("Frame %d was asked for, and the image has %d.".formatted(frame, frames));
    }
}
