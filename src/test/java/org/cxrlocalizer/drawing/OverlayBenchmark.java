// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.drawing;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.BoxesBenchmark;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.RadiographReaders;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The picture of one finding on a radiograph of 1024 × 1024 pixels. */
@State(Scope.Thread)
public class OverlayBenchmark {

    private final Radiograph radiograph = RadiographReaders.reader().read(Samples.read(Samples.NAMES.get(0)));
    private final ClassActivationMap map = BoxesBenchmark.map(16, new Random(1));
    private final BufferedImage picture = draw();

    public OverlayBenchmark() {
        ImageIO.setUseCache(false); // a temporary file is not what is measured
    }

    @Benchmark
    public BufferedImage draw() {
        return Overlay.draw(radiograph, map, ImageFrame.stretch(1024, 1024), "A finding", List.of());
    }

    @Benchmark
    public Object encode() {
        return OverlayPng.encode(picture);
    }

    @Benchmark
    public Object encodeByImageIo() {
        return Samples.encoded(picture, "png");
    }
}
