// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

/** The images that are being worked on leave no memory for another one. It may be taken soon. */
public final class ImageMemoryFullException extends RuntimeException {

    ImageMemoryFullException() {
        super("The images that are being worked on leave no memory for this one.");
    }
}
