package org.cxrlocalizer.model;

import org.cxrlocalizer.radiograph.Radiograph;

/**
 * Antialiased bilinear resize as in Pillow and in PyTorch's {@code interpolate(mode="bilinear", antialias=True)}: a
 * triangle filter whose support grows with the reduction, separable, weights cut at the borders and normalised. Computed
 * in float32 without rounding to grey levels in between.
 */
final class Resampler {

    private Resampler() {}

    /** @return {@code width · height} brightnesses in [0, 1], row by row */
    static float[] resize(Radiograph radiograph, int width, int height) {
        Taps horizontal = Taps.of(radiograph.width(), width);
        Taps vertical = Taps.of(radiograph.height(), height);
        float[] narrowed = new float[width * radiograph.height()];
        float[] line = new float[radiograph.width()];
        short[] samples = radiograph.samples();
        float scale = 1f / radiograph.maximum();
        for (int y = 0; y < radiograph.height(); y++) {
            int from = y * radiograph.width();
            for (int x = 0; x < line.length; x++) {
                line[x] = (samples[from + x] & 0xffff) * scale;
            }
            for (int x = 0; x < width; x++) {
                float[] weights = horizontal.weights[x];
                int first = horizontal.first[x];
                float sum = 0;
                for (int i = 0; i < weights.length; i++) {
                    sum += weights[i] * line[first + i];
                }
                narrowed[y * width + x] = sum;
            }
        }
        float[] result = new float[width * height];
        for (int y = 0; y < height; y++) {
            float[] weights = vertical.weights[y];
            for (int i = 0; i < weights.length; i++) {
                int from = (vertical.first[y] + i) * width;
                for (int x = 0; x < width; x++) {
                    result[y * width + x] += weights[i] * narrowed[from + x];
                }
            }
        }
        return result;
    }

    /** For each output position the first input position and the weights of it and its followers. */
    private record Taps(int[] first, float[][] weights) {

        static Taps of(int inputs, int outputs) {
            double scale = (double) inputs / outputs;
            double support = Math.max(scale, 1);
            int[] first = new int[outputs];
            float[][] weights = new float[outputs][];
            for (int i = 0; i < outputs; i++) {
                double centre = scale * (i + 0.5);
                int from = Math.max(0, (int) (centre - support + 0.5));
                int to = Math.min(inputs, (int) (centre + support + 0.5));
                double[] raw = new double[to - from];
                double total = 0;
                for (int j = 0; j < raw.length; j++) {
                    raw[j] = Math.max(0, 1 - Math.abs((from + j - centre + 0.5) / support));
                    total += raw[j];
                }
                first[i] = from;
                weights[i] = new float[raw.length];
                for (int j = 0; j < raw.length; j++) {
                    weights[i][j] = (float) (raw[j] / total);
                }
            }
            return new Taps(first, weights);
        }
    }
}
