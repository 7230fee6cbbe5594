// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.io.IOException;
import java.util.List;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.radiograph.png.PngChunks;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.springframework.util.unit.DataSize;

/** From the bytes of a grey PNG of 1024 × 1024 pixels to its samples. */
@State(Scope.Thread)
public class DecodeBenchmark {

    private final RadiographProperties limits = new RadiographProperties(DataSize.ofMegabytes(64), 64_000_000);
    private final List<byte[]> files = Samples.NAMES.stream().map(Samples::read).toList();
    private int next;

    @Benchmark
    public Object ours() throws IOException {
        return ImageFormat.PNG.decode(file(), RadiographReaders.limits(limits));
    }

    /** As before there was an own reader: chunks and their check sums, then ImageIO. */
    @Benchmark
    public Object imageIo() throws IOException {
        byte[] file = file();
        PngChunks.read(file);
        return ImageFormat.PNG.decodeByImageIo(file, RadiographReaders.limits(limits));
    }

    private byte[] file() {
        return files.get(next++ % files.size());
    }
}
