// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import java.util.Arrays;
import org.cxrlocalizer.model.ModelManifest.Interpolation;
import org.cxrlocalizer.radiograph.Radiograph;

/**
 * Antialiased resize as in Pillow and in PyTorch's {@code interpolate(antialias=True)}: a filter whose support grows with the
 * reduction, separable, weights cut at the borders and normalised. Computed in float32 without rounding to grey levels in
 * between.
 */
final class Resampler {

    private Resampler() {}

    /**
     * The columns are resized first: that is the pass that meets every pixel, and its inner loop runs along whole rows,
     * so that the compiler makes vector code of it. The other pass has only the few rows that are left.
     *
     * @return {@code width · height} brightnesses in [0, 1], row by row
     */
    static float[] resize(Radiograph radiograph, int width, int height, Interpolation interpolation) {
        Taps vertical = Taps.of(radiograph.height(), height, interpolation);
        Taps horizontal = Taps.of(radiograph.width(), width, interpolation);
        float[][] lines = new float[vertical.count][radiograph.width()]; // the rows that the taps reach, by turns
        float[] row = new float[radiograph.width()];
        float[] result = new float[width * height];
        int read = 0;
        for (int y = 0; y < height; y++) {
            int first = vertical.first[y];
            for (; read < first + vertical.count; read++) {
                brightnesses(radiograph, read, lines[read % vertical.count]);
            }
            Arrays.fill(row, 0);
            for (int i = 0; i < vertical.count; i++) {
                add(lines[(first + i) % vertical.count], vertical.weights[y * vertical.count + i], row);
            }
            narrow(row, horizontal, result, y * width);
        }
        if (interpolation == Interpolation.BICUBIC) {
            for (int i = 0; i < result.length; i++) {
                result[i] = Math.max(0, Math.min(1, result[i]));
            }
        }
        return result;
    }

    private static void brightnesses(Radiograph radiograph, int y, float[] line) {
        short[] samples = radiograph.samples();
        int from = y * line.length;
        float scale = 1f / radiograph.maximum();
        for (int x = 0; x < line.length; x++) {
            line[x] = (samples[from + x] & 0xffff) * scale;
        }
    }

    private static void add(float[] line, float weight, float[] row) {
        for (int x = 0; x < row.length; x++) {
            row[x] += weight * line[x];
        }
    }

    private static void narrow(float[] row, Taps taps, float[] result, int at) {
        for (int x = 0; x < taps.first.length; x++) {
            int first = taps.first[x];
            float sum = 0;
            for (int i = 0; i < taps.count; i++) {
                sum += taps.weights[x * taps.count + i] * row[first + i];
            }
            result[at + x] = sum;
        }
    }

    /**
     * For each output position the first input position and the weights of it and its followers. All have the same
     * number of them, some zero, because a loop of one length is foreseen by the processor.
     */
    private record Taps(int count, int[] first, float[] weights) {

        static Taps of(int inputs, int outputs, Interpolation interpolation) {
            double scale = (double) inputs / outputs;
            double unit = Math.max(scale, 1); // what the filter's arguments are divided by
            double support = interpolation == Interpolation.BICUBIC ? 2 * unit : unit;
            int count = Math.min(inputs, (int) Math.ceil(2 * support));
            int[] first = new int[outputs];
            float[] weights = new float[outputs * count];
            for (int i = 0; i < outputs; i++) {
                double centre = scale * (i + 0.5);
                int from = Math.max(0, (int) (centre - support + 0.5));
                int to = Math.min(inputs, (int) (centre + support + 0.5));
                double[] raw = new double[to - from];
                double total = 0;
                for (int j = 0; j < raw.length; j++) {
                    double distance = Math.abs((from + j - centre + 0.5) / unit);
                    raw[j] = interpolation == Interpolation.BICUBIC ? cubic(distance) : Math.max(0, 1 - distance);
                    total += raw[j];
                }
                first[i] = Math.min(from, inputs - count);
                for (int j = 0; j < raw.length; j++) {
                    weights[i * count + from - first[i] + j] = (float) (raw[j] / total);
                }
            }
            return new Taps(count, first, weights);
        }

        /** Keys (1981), a = -0.5. */
        private static double cubic(double x) {
            if (x < 1) {
                return (1.5 * x - 2.5) * x * x + 1;
            }
            return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
        }
    }
}
