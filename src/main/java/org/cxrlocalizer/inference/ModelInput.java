// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.radiograph.Radiograph;

/**
 * A radiograph as a network takes it.
 *
 * @param values {@code channels · side · side} values, channel by channel, row by row
 * @param frame where the input lies on the original image
 */
public record ModelInput(float[] values, ImageFrame frame) {

    /** Resizes a radiograph by the manifest's rule and scales its brightness as in the manifest. */
    static ModelInput prepare(Radiograph radiograph, ModelManifest.Input input) {
        int side = input.size();
        int width = radiograph.width();
        int height = radiograph.height();
        int longer = Math.max(width, height);
        int shorter = Math.min(width, height);
        return switch (input.resize()) {
            case STRETCH ->
                new ModelInput(
                        scaled(Resampler.resize(radiograph, side, side, input.interpolation()), input),
                        ImageFrame.stretch(width, height));
            case LETTERBOX -> {
                int resizedWidth = Math.max(1, (int) Math.rint((double) side * width / longer));
                int resizedHeight = Math.max(1, (int) Math.rint((double) side * height / longer));
                yield window(
                        radiograph,
                        resizedWidth,
                        resizedHeight,
                        -((side - resizedWidth) / 2),
                        -((side - resizedHeight) / 2),
                        input);
            }
            case CENTRE_CROP -> {
                // torchvision: the longer side is truncated, the crop's corner rounded half to even.
                int resizedWidth = (int) ((long) input.shorterSide() * width / shorter);
                int resizedHeight = (int) ((long) input.shorterSide() * height / shorter);
                yield window(
                        radiograph,
                        resizedWidth,
                        resizedHeight,
                        (int) Math.rint((resizedWidth - side) / 2.0),
                        (int) Math.rint((resizedHeight - side) / 2.0),
                        input);
            }
        };
    }

    private static ModelInput window(
            Radiograph radiograph, int resizedWidth, int resizedHeight, int left, int top, ModelManifest.Input input) {
        int side = input.size();
        float[] resized = Resampler.resize(radiograph, resizedWidth, resizedHeight, input.interpolation());
        float[] square = new float[side * side];
        for (int y = Math.max(0, -top); y < side && y + top < resizedHeight; y++) {
            for (int x = Math.max(0, -left); x < side && x + left < resizedWidth; x++) {
                square[y * side + x] = resized[(y + top) * resizedWidth + x + left];
            }
        }
        ImageFrame frame = ImageFrame.window(
                radiograph.width(), radiograph.height(), resizedWidth, resizedHeight, side, left, top);
        return new ModelInput(scaled(square, input), frame);
    }

    private static float[] scaled(float[] brightness, ModelManifest.Input input) {
        double low = input.range().get(0);
        double span = input.range().get(1) - low;
        float[] values = new float[input.channels() * brightness.length];
        for (int channel = 0; channel < input.channels(); channel++) {
            float factor = (float) (span / input.std().get(channel));
            float offset =
                    (float) ((low - input.mean().get(channel)) / input.std().get(channel));
            int from = channel * brightness.length;
            for (int i = 0; i < brightness.length; i++) {
                values[from + i] = brightness[i] * factor + offset;
            }
        }
        return values;
    }

    /** An input of a fixed pattern, to try a network with. */
    static ModelInput probe(ModelManifest.Input input) {
        int side = input.size();
        float[] pattern = new float[side * side];
        for (int i = 0; i < pattern.length; i++) {
            double x = (i % side + 0.5) / side;
            int row = i / side;
            double y = (row + 0.5) / side;
            pattern[i] = (float) (0.5 + 0.25 * Math.sin(9 * x) * Math.cos(7 * y) + 0.25 * x * y);
        }
        return new ModelInput(scaled(pattern, input), ImageFrame.stretch(side, side));
    }
}
