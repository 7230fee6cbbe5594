package org.cxrlocalizer.radiograph.jpeg;

import java.util.ArrayList;
import java.util.List;

/**
 * The frame header of a JPEG (ITU-T T.81, section B.2.2).
 *
 * @param process the marker's lower byte, which tells how the samples are coded
 */
record JpegFrame(int process, int width, int height, List<Component> components) {

    private static final int BASELINE = 0xc0;
    private static final int EXTENDED = 0xc1;
    private static final int PROGRESSIVE = 0xc2;
    private static final int LOSSLESS = 0xc3;
    private static final int BLOCK_SIDE = 8;

    /** @param horizontal how many blocks lie beside each other where the coarsest component has one */
    record Component(int id, int horizontal, int vertical) {}

    /** @param at where the marker lies */
    static JpegFrame of(byte[] jpeg, int at, int end) {
        int count = end - at < 10 ? 0 : jpeg[at + 9] & 0xff;
        if (count == 0 || end - at < 10 + 3 * count) {
            throw JpegScans.damaged("its frame header is cut short");
        }
        List<Component> components = new ArrayList<>();
        for (int i = at + 10; i < at + 10 + 3 * count; i += 3) {
            int horizontal = jpeg[i + 1] >> 4;
            int vertical = jpeg[i + 1] & 0xf;
            if (horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4) {
                throw JpegScans.damaged("a component has no sampling factor from 1 to 4");
            }
            components.add(new Component(jpeg[i] & 0xff, horizontal, vertical));
        }
        return new JpegFrame(
                jpeg[at + 1] & 0xff, JpegScans.two(jpeg, at + 7), JpegScans.two(jpeg, at + 5), List.copyOf(components));
    }

    /** Whether its entropy-coded data are read here: of Huffman codes, without hierarchy. */
    boolean isCounted() {
        return (process == BASELINE || process == EXTENDED || isProgressive() || isLossless())
                && width > 0
                && height > 0;
    }

    boolean isProgressive() {
        return process == PROGRESSIVE;
    }

    boolean isLossless() {
        return process == LOSSLESS;
    }

    /** How many units, which are blocks or lossless samples, interleaved scans have in a row. */
    int interleavedColumns() {
        return ceiling(width, unit() * most(true));
    }

    int interleavedRows() {
        return ceiling(height, unit() * most(false));
    }

    /** How many units a scan of one component has in a row. */
    int columns(Component component) {
        return ceiling(ceiling(width * component.horizontal(), most(true)), unit());
    }

    int rows(Component component) {
        return ceiling(ceiling(height * component.vertical(), most(false)), unit());
    }

    private int unit() {
        return isLossless() ? 1 : BLOCK_SIDE;
    }

    private int most(boolean horizontal) {
        return components.stream()
                .mapToInt(component -> horizontal ? component.horizontal() : component.vertical())
                .max()
                .orElse(1);
    }

    private static int ceiling(int dividend, int divisor) {
        return (dividend + divisor - 1) / divisor;
    }
}
