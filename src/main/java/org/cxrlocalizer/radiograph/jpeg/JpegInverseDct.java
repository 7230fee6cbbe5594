// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg;

/**
 * The inverse cosine transform of blocks of 12-bit samples (ITU-T T.81, section A.3.3), in whole numbers. The standard leaves the
 * rounding open. This one rounds to the bit as the library of the Independent JPEG Group, from which DCMTK and GDCM decode: by
 * columns, then by rows, with constants of 13 bits and one further bit between the two.
 */
final class JpegInverseDct {

    private static final int SIDE = 8;
    private static final int CONSTANT_BITS = 13;
    private static final int BITS_BETWEEN = 1;
    /** The transform is √8 times the orthonormal one in each direction. */
    private static final int SCALE_BITS = 3;

    /** For each even frequency, and the first two samples: half the sum of samples that mirror each other. */
    private static final int[][] EVEN = {{8192, 8192}, {10703, 4433}, {8192, -8192}, {4433, -10704}};
    /** For each odd frequency, and the first four samples: half the difference. */
    private static final int[][] ODD = {
        {11363, 9633, 6437, 2260}, {9633, -2259, -11362, -6436}, {6437, -11362, 2261, 9633}, {2260, -6436, 9633, -11363}
    };

    private final int[] columns = new int[SIDE * SIDE];

    /** @param block coefficients, which samples around zero replace; row by row */
    void apply(int[] block) {
        for (int i = 0; i < SIDE; i++) {
            line(block, i, SIDE, columns, CONSTANT_BITS - BITS_BETWEEN);
        }
        for (int i = 0; i < SIDE * SIDE; i += SIDE) {
            line(columns, i, 1, block, CONSTANT_BITS + BITS_BETWEEN + SCALE_BITS);
        }
    }

    private static void line(int[] source, int from, int step, int[] target, int shift) {
        int half = 1 << (shift - 1);
        int first = source[from];
        int second = source[from + step];
        int third = source[from + 2 * step];
        int fourth = source[from + 3 * step];
        int fifth = source[from + 4 * step];
        int sixth = source[from + 5 * step];
        int seventh = source[from + 6 * step];
        int eighth = source[from + 7 * step];
        for (int i = 0; i < SIDE / 2; i++) {
            // Samples 2 and 3 mirror 1 and 0 in the even frequencies, but for the sign of every other one.
            int at = i < 2 ? i : 3 - i;
            int sign = i < 2 ? 1 : -1;
            int even = EVEN[0][at] * first + EVEN[2][at] * fifth + sign * (EVEN[1][at] * third + EVEN[3][at] * seventh);
            int odd = ODD[0][i] * second + ODD[1][i] * fourth + ODD[2][i] * sixth + ODD[3][i] * eighth;
            target[from + i * step] = (even + odd + half) >> shift;
            target[from + (SIDE - 1 - i) * step] = (even - odd + half) >> shift;
        }
    }
}
