// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The frame header of a JPEG (ITU-T T.81, section B.2.2).
 *
 * @param process the marker's lower byte, which states how the samples are coded
 * @param precision bits of a sample
 */
record JpegFrame(int process, int precision, int width, int height, List<Component> components) {

    private static final int BASELINE = 0xc0;
    private static final int EXTENDED = 0xc1;
    private static final int PROGRESSIVE = 0xc2;
    private static final int LOSSLESS = 0xc3;
    private static final int BLOCK_SIDE = 8;

    /**
     * A component.
     *
     * @param horizontal how many blocks lie beside each other where the coarsest component has one
     * @param quantisation the number of its quantisation table
     */
    record Component(int id, int horizontal, int vertical, int quantisation) {}

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
            components.add(new Component(jpeg[i] & 0xff, horizontal, vertical, jpeg[i + 2] & 3));
        }
        return new JpegFrame(
                jpeg[at + 1] & 0xff,
                jpeg[at + 4] & 0xff,
                JpegScans.two(jpeg, at + 7),
                JpegScans.two(jpeg, at + 5),
                List.copyOf(components));
    }

    /** Whether its entropy-coded data are read here: of Huffman codes, without hierarchy. */
    boolean isCounted() {
        return (isSequential() || isProgressive() || isLossless()) && width > 0 && height > 0;
    }

    /** Whether it has blocks that one scan has in full. */
    boolean isSequential() {
        return process == BASELINE || process == EXTENDED;
    }

    boolean isProgressive() {
        return process == PROGRESSIVE;
    }

    boolean isLossless() {
        return process == LOSSLESS;
    }

    /** Whether some components have fewer samples than others. */
    boolean isSubsampled() {
        return components.stream()
                .anyMatch(component -> component.horizontal() < most(true) || component.vertical() < most(false));
    }

    /** Whether its components have these identifiers. */
    boolean isNamed(int... ids) {
        return Arrays.equals(components.stream().mapToInt(Component::id).toArray(), ids);
    }

    /** How many units, which are blocks or lossless samples, interleaved scans have in a row. */
    int interleavedColumns() {
        return ceiling(width, unit() * most(true));
    }

    int interleavedRows() {
        return ceiling(height, unit() * most(false));
    }

    /** How many units of a component lie between one and that below it. */
    int stride(Component component) {
        return interleavedColumns() * component.horizontal();
    }

    /** How many units a scan of one component has in a row. */
    int columns(Component component) {
        return ceiling(width(component), unit());
    }

    int rows(Component component) {
        return ceiling(height(component), unit());
    }

    /** How many samples a component has in a row (section A.1.1). */
    int width(Component component) {
        return ceiling(width * component.horizontal(), most(true));
    }

    int height(Component component) {
        return ceiling(height * component.vertical(), most(false));
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
