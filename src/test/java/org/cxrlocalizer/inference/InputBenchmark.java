// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import java.util.List;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.model.ModelManifest.Interpolation;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.radiograph.RadiographReaders;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** From the bytes of a grey PNG of 1024 × 1024 pixels to what a network of 224 × 224 pixels takes. */
@State(Scope.Thread)
public class InputBenchmark {

    private static final int SIDE = 224;

    private final RadiographReader reader = RadiographReaders.reader();
    private final List<byte[]> files = Samples.NAMES.stream().map(Samples::read).toList();
    private final Radiograph radiograph = reader.read(files.get(0));
    private int next;

    @Benchmark
    public Object resize() {
        return Resampler.resize(radiograph, SIDE, SIDE, Interpolation.BILINEAR);
    }

    /** All of it, the hash of the file included. */
    @Benchmark
    public Object decodeAndResize() {
        return Resampler.resize(reader.read(files.get(next++ % files.size())), SIDE, SIDE, Interpolation.BILINEAR);
    }
}
