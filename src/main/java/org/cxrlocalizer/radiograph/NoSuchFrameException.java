// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

/** The image has fewer frames than the requested one. */
public final class NoSuchFrameException extends RuntimeException {

    NoSuchFrameException(int frame, int frames) {
        super("Frame %d was requested, and the image has %d.".formatted(frame, frames));
    }
}
