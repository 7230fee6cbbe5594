// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.events;

/** As many streams are open on this node as are allowed. */
public final class TooManyStreamsException extends RuntimeException {

    TooManyStreamsException(int most) {
        super("At most %d streams of events are open on a node at a time.".formatted(most));
    }
}
