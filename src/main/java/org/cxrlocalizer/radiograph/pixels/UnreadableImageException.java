// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.pixels;

/** The bytes are not an image that can be read; the message states what is wrong with them. */
public final class UnreadableImageException extends RuntimeException {

    public UnreadableImageException(String message) {
        super(message);
    }
}
