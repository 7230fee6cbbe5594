// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/** Decodes the blocks of a sequential scan of 12 bits (ITU-T T.81, sections F.2.1 and F.2.2) and puts their samples into planes. */
final class JpegDecodedUnits implements JpegUnits {

    private static final int SIDE = 8;
    private static final int BLOCK = SIDE * SIDE;
    private static final int MOST_BITS = 16;
    private static final int LONGEST_ZERO_RUN = 15;
    private static final int LARGEST = 4095;
    private static final int MIDDLE = 2048;

    /** Where coefficients lie, by their place in the code (figure A.6). */
    private static final int[] ZIGZAG = zigzag();

    private final Map<JpegFrame.Component, Plane> planes;
    private final JpegBits bits;
    /** The first coefficient of the block before, of each component. */
    private final Map<JpegFrame.Component, Integer> predictions = new HashMap<>();

    private final JpegInverseDct transform = new JpegInverseDct();
    private final int[] block = new int[BLOCK];

    /**
     * The samples of a component.
     *
     * @param stride blocks between one and that below it
     * @param quantisation by which coefficients are multiplied, in the order of the code
     */
    record Plane(short[] samples, int width, int height, int stride, int[] quantisation) {}

    JpegDecodedUnits(Map<JpegFrame.Component, Plane> planes, JpegBits bits) {
        this.planes = planes;
        this.bits = bits;
    }

    private static int[] zigzag() {
        int[] places = new int[BLOCK];
        int at = 0;
        for (int diagonal = 0; diagonal < 2 * SIDE - 1; diagonal++) {
            for (int i = Math.max(0, diagonal - SIDE + 1); i <= Math.min(diagonal, SIDE - 1); i++) {
                int x = diagonal % 2 == 0 ? i : diagonal - i;
                places[at++] = (diagonal - x) * SIDE + x;
            }
        }
        return places;
    }

    @Override
    public void restart() {
        predictions.clear();
    }

    @Override
    public void read(JpegScan.Part part, int number) {
        Plane plane = planes.get(part.component());
        if (plane == null) {
            throw new IllegalStateException("a component without a plane");
        }
        Arrays.fill(block, 0);
        int first = predictions.getOrDefault(part.component(), 0) + value(bits.symbol(part.dc()));
        predictions.put(part.component(), first);
        block[0] = first * plane.quantisation()[0];
        others(part.ac(), plane.quantisation());
        transform.apply(block);
        put(plane, number % plane.stride() * SIDE, number / plane.stride() * SIDE);
    }

    private void others(JpegHuffmanTable table, int[] quantisation) {
        int k = 1;
        while (k < BLOCK) {
            int symbol = bits.symbol(table);
            int run = symbol >> 4;
            int size = symbol & 0xf;
            if (size == 0 && run < LONGEST_ZERO_RUN) {
                return;
            }
            k += run;
            if (k >= BLOCK) {
                throw JpegScans.damaged("a block has more coefficients than it can have");
            }
            block[ZIGZAG[k]] = value(size) * quantisation[k];
            k++;
        }
    }

    /**
     * Reads the bits of a coefficient, whose first one is its sign (table F.1).
     *
     * @throws UnreadableImageException if they are more than one can have
     */
    private int value(int size) {
        if (size >= MOST_BITS) {
            throw JpegScans.damaged("a sample has more bits than it can have");
        }
        int value = bits.bits(size);
        return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
    }

    /** What a block has beyond the edges of its component is dropped. */
    private void put(Plane plane, int left, int top) {
        int columns = Math.min(SIDE, plane.width() - left);
        int rows = Math.min(SIDE, plane.height() - top);
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                int sample = Math.max(0, Math.min(LARGEST, block[y * SIDE + x] + MIDDLE));
                plane.samples()[(top + y) * plane.width() + left + x] = (short) sample;
            }
        }
    }
}
