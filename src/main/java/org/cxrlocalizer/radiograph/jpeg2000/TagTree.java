// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import java.io.EOFException;
import java.util.Arrays;

/** A two-dimensional array of numbers in a packet header, coded from coarse to fine (ITU-T T.800, section B.10.2). */
final class TagTree {

    private final int[] widths;
    private final int[][] values;
    private final int[][] least;

    TagTree(int width, int height) {
        int levels = 1 + 32 - Integer.numberOfLeadingZeros(Math.max(width, height) - 1);
        widths = new int[levels];
        values = new int[levels][];
        least = new int[levels][];
        for (int level = 0; level < levels; level++) {
            widths[level] = side(width, level);
            values[level] = new int[widths[level] * side(height, level)];
            least[level] = new int[values[level].length];
            Arrays.fill(values[level], Integer.MAX_VALUE);
        }
    }

    private static int side(int leaves, int level) {
        return ((leaves - 1) >> level) + 1;
    }

    /** Reads as many bits as are needed to decide whether a number is below a limit. */
    boolean isBelow(int limit, int x, int y, PacketHeaderBits bits) throws EOFException {
        int low = 0;
        int value = 0;
        for (int level = widths.length - 1; level >= 0; level--) {
            int node = (y >> level) * widths[level] + (x >> level);
            low = Math.max(low, least[level][node]);
            while (low < limit && low < values[level][node]) {
                if (bits.bit() == 1) {
                    values[level][node] = low;
                } else {
                    low++;
                }
            }
            least[level][node] = low;
            value = values[level][node];
        }
        return value < limit;
    }
}
