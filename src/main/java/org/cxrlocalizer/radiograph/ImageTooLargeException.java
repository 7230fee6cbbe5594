// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

/** The image has more bytes or pixels than the service takes; the message has both numbers. */
public final class ImageTooLargeException extends RuntimeException {

    public ImageTooLargeException(String message) {
        super(message);
    }
}
