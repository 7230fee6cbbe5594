// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.drawing;

import java.util.Arrays;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;

/**
 * The bilinear surface of a map at the pixel centres of an image, row by row. Its values are those of
 * {@link ClassActivationMap#at}, to the bit: the rows of the grid are stretched to the image's columns once, so that only
 * the step between two of them is left for each pixel.
 */
final class SurfaceRows {

    private final ClassActivationMap map;
    private final ImageFrame frame;
    private final double[][] stretched;

    SurfaceRows(ClassActivationMap map, ImageFrame frame) {
        this.map = map;
        this.frame = frame;
        stretched = new double[map.height()][frame.imageWidth()];
        for (int x = 0; x < frame.imageWidth(); x++) {
            double u = frame.u(x + 0.5);
            double column = Math.min(Math.max(u * map.width() - 0.5, 0), map.width() - 1);
            int left = (int) column;
            int right = Math.min(left + 1, map.width() - 1);
            double part = column - left;
            for (int row = 0; row < map.height(); row++) {
                float[] values = map.values();
                int from = row * map.width();
                stretched[row][x] =
                        isSeen(u) ? values[from + left] * (1 - part) + values[from + right] * part : Double.NaN;
            }
        }
    }

    /** @param result takes the values of an image row; NaN where a centre crop does not see the image */
    void read(int y, double[] result) {
        double v = frame.v(y + 0.5);
        if (!isSeen(v)) {
            Arrays.fill(result, Double.NaN);
            return;
        }
        double row = Math.min(Math.max(v * map.height() - 0.5, 0), map.height() - 1);
        double[] upper = stretched[(int) row];
        double[] lower = stretched[Math.min((int) row + 1, map.height() - 1)];
        double part = row - (int) row;
        for (int x = 0; x < result.length; x++) {
            result[x] = upper[x] * (1 - part) + lower[x] * part;
        }
    }

    private static boolean isSeen(double coordinate) {
        return coordinate >= 0 && coordinate <= 1;
    }
}
