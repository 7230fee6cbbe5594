// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/**
 * The part of the heap that images may take, of all callers together. Each caller takes what it needs in steps, as it learns
 * it, and is refused where another step does not fit: so that many large images are refused and do not end the process.
 * A step that does not fit is refused and never waits, so deadlock is impossible.
 */
@Component
public final class ImageMemory {

    /**
     * The rest is the service's own, about 100 MB, and room. Large arrays lie in whole regions of the heap, side by side, and
     * until Java 22 no collection moves them (JDK-8191565): with half of 512 MB taken, there was once no gap for another.
     */
    private static final double PART_OF_HEAP = 0.4;

    /** A picture of four bytes for each pixel, its three colours as a file has them, and the file. */
    private static final long BYTES_OF_A_DRAWN_PIXEL = 10;

    private static final long MEGABYTE = 1 << 20;

    private final long total;
    private final AtomicLong taken = new AtomicLong();

    ImageMemory() {
        this((long) (Runtime.getRuntime().maxMemory() * PART_OF_HEAP));
    }

    ImageMemory(long total) {
        this.total = total;
    }

    /** Opens a reservation for one image, from its first byte to its answer. */
    public Reservation open() {
        return new Reservation();
    }

    long taken() {
        return taken.get();
    }

    /** The memory that one image has taken. Not for several threads at a time. */
    public final class Reservation implements AutoCloseable {

        private long mine;

        private Reservation() {}

        /**
         * Takes more.
         *
         * @throws ImageTooLargeException if this image alone would take more than there is for all
         * @throws ImageMemoryFullException if the others leave too little
         */
        public void take(long bytes) {
            if (bytes > total - mine) {
                throw new ImageTooLargeException(
                        "The image takes more memory than the %d MB that this service has for images."
                                .formatted(total / MEGABYTE));
            }
            long before = taken.getAndUpdate(all -> bytes > total - all ? all : all + bytes);
            if (bytes > total - before) {
                throw new ImageMemoryFullException();
            }
            mine += bytes;
        }

        /** Takes more for a picture of a radiograph's size, as {@link #take} does. */
        public void takeForDrawing(Radiograph radiograph) {
            take(BYTES_OF_A_DRAWN_PIXEL * radiograph.width() * radiograph.height());
        }

        /** Gives back a part of it. */
        public void give(long bytes) {
            taken.addAndGet(-bytes);
            mine -= bytes;
        }

        @Override
        public void close() {
            give(mine);
        }
    }
}
