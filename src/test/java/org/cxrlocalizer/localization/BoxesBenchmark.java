// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cxrlocalizer.geometry.ImageFrame;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Boxes of 14 maps on an image of 1024 × 1024 pixels. */
@State(Scope.Thread)
public class BoxesBenchmark {

    private static final int LABELS = 14;
    private static final int LEVELS = 100;
    private static final ImageFrame FRAME = ImageFrame.stretch(1024, 1024);
    private static final BoxPolicy.MapPolicy POLICY = new BoxPolicy.FractionOfMaximum(0.5, BoxPolicy.Selection.DEFAULT);

    @Param({"7", "16"})
    private int grid;

    private final List<ClassActivationMap> maps = new ArrayList<>();

    @Setup
    public void makeMaps() {
        Random random = new Random(14);
        for (int label = 0; label < LABELS; label++) {
            maps.add(map(grid, random));
        }
    }

    /** A finding on noise. */
    public static ClassActivationMap map(int grid, Random random) {
        double x = random.nextDouble() * grid;
        double y = random.nextDouble() * grid;
        float[] values = new float[grid * grid];
        for (int i = 0; i < values.length; i++) {
            int row = i / grid;
            double distance = Math.hypot(i % grid + 0.5 - x, row + 0.5 - y) * 7 / grid;
            values[i] = (float) (4 * Math.exp(-distance * distance / 4) + random.nextGaussian() * 0.7);
        }
        return new ClassActivationMap(grid, grid, values);
    }

    @Benchmark
    public Object surface() {
        return maps.stream().map(map -> MapBoxes.cut(map, FRAME, 0.5, POLICY)).toList();
    }

    @Benchmark
    public Object raster() {
        return maps.stream()
                .map(map -> RasterLabelling.boxes(map, FRAME, 0.5f * map.maximum()))
                .toList();
    }

    @Benchmark
    public Object sweep() {
        return maps.stream().map(map -> new Surface(map).sweep(levels(map))).toList();
    }

    @Benchmark
    public Object singleCuts() {
        List<Object> result = new ArrayList<>();
        for (ClassActivationMap map : maps) {
            Surface surface = new Surface(map);
            for (double level : levels(map)) {
                result.add(surface.regions(level));
            }
        }
        return result;
    }

    private static double[] levels(ClassActivationMap map) {
        double[] levels = new double[LEVELS];
        for (int i = 0; i < LEVELS; i++) {
            levels[i] = map.maximum() * (i + 1.0) / LEVELS;
        }
        return levels;
    }
}
