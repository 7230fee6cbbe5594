// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.drawing;

/**
 * A perceptually uniform colour map from dark violet over green to yellow: "viridis" of matplotlib (van der Walt and
 * Smith, public domain), at nine evenly spaced anchors with linear interpolation.
 */
final class ColourMap {

    private static final int[] ANCHORS = {
        0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80, 0x5ec962, 0xaddc30, 0xfde725
    };

    private ColourMap() {}

    /** @return 0xRRGGBB for a value in [0, 1] */
    static int rgb(double value) {
        double position = Math.min(Math.max(value, 0), 1) * (ANCHORS.length - 1);
        int index = Math.min((int) position, ANCHORS.length - 2);
        double part = position - index;
        return channel(index, part, 16) << 16 | channel(index, part, 8) << 8 | channel(index, part, 0);
    }

    private static int channel(int index, double part, int shift) {
        int from = ANCHORS[index] >> shift & 0xff;
        int to = ANCHORS[index + 1] >> shift & 0xff;
        return (int) (from + part * (to - from) + 0.5);
    }
}
