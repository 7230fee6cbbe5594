// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.function.Supplier;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/** What the image that is being read may have. */
record ReadLimits(RadiographProperties properties, ImageMemory.Reservation memory) {

    private static final long BYTES_WHILE_READ = 8;
    private static final long BYTES_OF_A_SAMPLE = 2;

    /**
     * Checks the size that a header states, before anything of that size is made.
     *
     * @throws UnreadableImageException if it is none that a radiograph has
     * @throws ImageTooLargeException if there are too many pixels
     * @throws ImageMemoryFullException if other images leave no memory for them
     */
    void checkPixels(int width, int height) {
        properties.checkPixels(width, height);
        memory.take(BYTES_WHILE_READ * width * height);
    }

    /**
     * Does what needs more memory for a moment.
     *
     * @throws ImageTooLargeException if the image alone would take more than there is for all
     * @throws ImageMemoryFullException if other images leave no memory for it
     */
    <T> T whileTaking(long bytes, Supplier<T> decoding) {
        memory.take(bytes);
        try {
            return decoding.get();
        } finally {
            memory.give(bytes);
        }
    }

    /** What was read is held from now on, and nothing else. */
    void wereRead(Radiograph radiograph) {
        memory.give((BYTES_WHILE_READ - BYTES_OF_A_SAMPLE) * radiograph.width() * radiograph.height());
    }
}
