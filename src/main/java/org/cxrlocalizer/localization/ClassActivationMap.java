// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.List;
import java.util.Optional;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;

/**
 * The class activation map of one label: a grid, row by row from the top left.
 *
 * @param width columns of the grid
 * @param height rows of the grid
 * @param values {@code width · height} values; not copied, not to be changed
 * @param unit of the values; logits where none is given
 */
public record ClassActivationMap(int width, int height, float[] values, MapUnit unit) {

    /** Makes a map in logit units. */
    public ClassActivationMap(int width, int height, float[] values) {
        this(width, height, values, MapUnit.LOGIT);
    }

    public ClassActivationMap {
        unit = unit == null ? MapUnit.LOGIT : unit;
        if (width < 1 || height < 1 || values.length != width * height) {
            throw new IllegalArgumentException(
                    "a %d×%d map cannot have %d values".formatted(width, height, values.length));
        }
    }

    public float minimum() {
        float minimum = values[0];
        for (float value : values) {
            minimum = Math.min(minimum, value);
        }
        return minimum;
    }

    public float maximum() {
        float maximum = values[0];
        for (float value : values) {
            maximum = Math.max(maximum, value);
        }
        return maximum;
    }

    public double mean() {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    public boolean isFinite() {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The bilinear surface at a point of the unit square: half-pixel centres, edges held constant, as PyTorch's
     * {@code interpolate(mode="bilinear", align_corners=False)} samples it.
     */
    public double at(double u, double v) {
        double x = Math.min(Math.max(u * width - 0.5, 0), width - 1);
        double y = Math.min(Math.max(v * height - 0.5, 0), height - 1);
        int left = (int) x;
        int top = (int) y;
        int right = Math.min(left + 1, width - 1);
        int bottom = Math.min(top + 1, height - 1);
        double fx = x - left;
        double fy = y - top;
        double upper = values[top * width + left] * (1 - fx) + values[top * width + right] * fx;
        double lower = values[bottom * width + left] * (1 - fx) + values[bottom * width + right] * fx;
        return upper * (1 - fy) + lower * fy;
    }

    /**
     * The boxes of the regions at or above each level, all levels in one pass.
     *
     * @param levels in any order
     * @param frame where the map lies on the image
     * @return for each level, in the order given, its boxes in original pixels, highest peak first
     * @throws IllegalArgumentException if a value of the map is not finite
     */
    public List<List<Box>> boxesAbove(double[] levels, ImageFrame frame) {
        return new Surface(this)
                .sweep(levels).stream()
                        .map(regions -> regions.stream()
                                .map(region -> region.toImage(this, frame))
                                .flatMap(Optional::stream)
                                .toList())
                        .toList();
    }
}
