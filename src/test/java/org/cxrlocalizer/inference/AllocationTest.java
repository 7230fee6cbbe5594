// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.model.ModelManifest.Interpolation;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.radiograph.RadiographReaders;
import org.junit.jupiter.api.Test;

/** What an image allocates before its forward pass: counted, and therefore the same on each machine. */
class AllocationTest {

    private static final long SAMPLES_OF_THE_IMAGE = 1024 * 1024 * Short.BYTES;
    private static final int SIDE = 224;
    private static final long VALUES_OF_THE_NETWORK = SIDE * SIDE * Float.BYTES;

    /** Blocks of rows and tables of weights: 105 kB in either step. */
    private static final long BESIDE = 150_000;

    private final RadiographReader reader = RadiographReaders.reader();
    private final byte[] png = Samples.read("00022215_012.png");

    /** Of the second of two runs: the first one loads classes. */
    private static long allocated(Runnable task) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        task.run();
        long before = threads.getCurrentThreadAllocatedBytes();
        task.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void readingAPngAllocatesItsSamplesOnceAndLittleBeside() {
        assertThat(allocated(() -> reader.read(png))).isBetween(SAMPLES_OF_THE_IMAGE, SAMPLES_OF_THE_IMAGE + BESIDE);
    }

    @Test
    void resizingAllocatesNoSecondRaster() {
        Radiograph radiograph = reader.read(png);

        assertThat(allocated(() -> Resampler.resize(radiograph, SIDE, SIDE, Interpolation.BILINEAR)))
                .isBetween(VALUES_OF_THE_NETWORK, VALUES_OF_THE_NETWORK + BESIDE);
    }
}
