// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.cxrlocalizer.dicom.DicomException;

/**
 * The processor time that one image may take to decode. JJ2000 is not maintained, and what it reads is anyone's: where it reads a
 * byte or a code block, an image whose time is spent is refused. Waiting for a processor does not count. For one thread.
 */
final class DecodingBudget {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long BASE_NANOSECONDS = 5_000_000_000L;
    /** Noise of 16 bits, which is the slowest of sound images, takes 0.5 µs a sample. */
    private static final long NANOSECONDS_OF_A_SAMPLE = 5_000;

    private static final int CALLS_BETWEEN_LOOKS = 1 << 10;

    private final long end;
    private int calls;

    DecodingBudget(long nanoseconds) {
        end = now() + nanoseconds;
    }

    static DecodingBudget of(long samples) {
        return new DecodingBudget(BASE_NANOSECONDS + NANOSECONDS_OF_A_SAMPLE * samples);
    }

    /** Of virtual threads, and where it is not measured, the time of the clock stands for the processor's. */
    private static long now() {
        try {
            long time = THREADS.getCurrentThreadCpuTime();
            return time < 0 ? System.nanoTime() : time;
        } catch (UnsupportedOperationException e) {
            return System.nanoTime();
        }
    }

    /** Checks the time now and then, for what is called for each byte. */
    void checkNowAndThen() {
        if (++calls % CALLS_BETWEEN_LOOKS == 0) {
            check();
        }
    }

    /** @throws DicomException if the time is spent */
    void check() {
        if (now() > end) {
            throw new DicomException("The JPEG 2000 frame takes far longer to decode than its size does.");
        }
    }
}
