// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * Writes quantised coefficients as a sequential JPEG of 12 bits (ITU-T T.81, annex F), with code words of one length for all
 * symbols. Quantisation tables have 16 bits, and are all alike.
 */
final class PlainJpegEncoder {

    private static final int DC_BITS = 5;
    private static final int AC_BITS = 9;

    /**
     * A component.
     *
     * @param blocks of 64 coefficients in the order of the code, row by row, with those of whole interleaved units
     */
    record Component(int horizontal, int vertical, int[][] blocks) {}

    /**
     * How to encode.
     *
     * @param restart units between restart markers, or 0
     * @param interleaved whether one scan has all components
     */
    record Settings(int width, int height, int step, int restart, boolean interleaved) {}

    private final Settings settings;
    private final List<Component> components;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int bits;
    private int bitCount;
    private int[] predictions = new int[0];

    private PlainJpegEncoder(Settings settings, List<Component> components) {
        this.settings = settings;
        this.components = components;
    }

    static byte[] encode(Settings settings, List<Component> components) {
        return new PlainJpegEncoder(settings, components).encode();
    }

    private byte[] encode() {
        two(0xffd8);
        segment(0xdb, table());
        segment(0xc1, frame());
        segment(0xc4, huffman(0, DC_BITS, 16));
        segment(0xc4, huffman(0x10, AC_BITS, 256));
        if (settings.restart > 0) {
            segment(0xdd, new byte[] {(byte) (settings.restart >> 8), (byte) settings.restart});
        }
        if (settings.interleaved) {
            scan(components);
        } else {
            components.forEach(component -> scan(List.of(component)));
        }
        two(0xffd9);
        return out.toByteArray();
    }

    private byte[] table() {
        byte[] table = new byte[129];
        table[0] = 0x10;
        for (int k = 0; k < 64; k++) {
            table[1 + 2 * k] = (byte) (settings.step >> 8);
            table[2 + 2 * k] = (byte) settings.step;
        }
        return table;
    }

    private byte[] frame() {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        for (int value : new int[] {
            12, settings.height >> 8, settings.height, settings.width >> 8, settings.width, components.size()
        }) {
            frame.write(value);
        }
        for (Component component : components) {
            frame.write(id(component));
            frame.write(component.horizontal << 4 | component.vertical);
            frame.write(0);
        }
        return frame.toByteArray();
    }

    private int id(Component component) {
        return components.indexOf(component) + 1;
    }

    private static byte[] huffman(int kind, int length, int symbols) {
        byte[] table = new byte[17 + symbols];
        table[0] = (byte) kind;
        // The longest counts have one byte, so 256 symbols take two lengths.
        table[length] = (byte) Math.min(symbols, 128);
        table[length + 1] = (byte) (symbols - Math.min(symbols, 128));
        for (int i = 0; i < symbols; i++) {
            table[17 + i] = (byte) i;
        }
        return table;
    }

    private void scan(List<Component> scanned) {
        byte[] header = new byte[4 + 2 * scanned.size()];
        header[0] = (byte) scanned.size();
        for (int i = 0; i < scanned.size(); i++) {
            header[1 + 2 * i] = (byte) id(scanned.get(i));
        }
        header[header.length - 2] = 63;
        segment(0xda, header);
        int most = components.stream().mapToInt(Component::horizontal).max().orElseThrow();
        int mostRows = components.stream().mapToInt(Component::vertical).max().orElseThrow();
        boolean alone = scanned.size() == 1;
        int across = up(settings.width, 8 * most);
        int columns = alone ? up(up(settings.width * scanned.get(0).horizontal, most), 8) : across;
        int rows = alone
                ? up(up(settings.height * scanned.get(0).vertical, mostRows), 8)
                : up(settings.height, 8 * mostRows);
        predictions = new int[scanned.size()];
        for (int unit = 0; unit < columns * rows; unit++) {
            if (settings.restart > 0 && unit > 0 && unit % settings.restart == 0) {
                flush();
                two(0xffd0 + (unit / settings.restart - 1) % 8);
                predictions = new int[scanned.size()];
            }
            for (int i = 0; i < scanned.size(); i++) {
                Component component = scanned.get(i);
                int stride = across * component.horizontal;
                int wide = alone ? 1 : component.horizontal;
                int high = alone ? 1 : component.vertical;
                for (int part = 0; part < wide * high; part++) {
                    int row = unit / columns * high + part / wide;
                    int column = unit % columns * wide + part % wide;
                    block(component.blocks[row * stride + column], i);
                }
            }
        }
        flush();
    }

    private void block(int[] coefficients, int i) {
        int difference = coefficients[0] - predictions[i];
        predictions[i] = coefficients[0];
        append(size(difference), DC_BITS);
        value(difference);
        int run = 0;
        for (int k = 1; k < 64; k++) {
            if (coefficients[k] == 0) {
                run++;
                continue;
            }
            for (; run > 15; run -= 16) {
                symbol(0xf0);
            }
            symbol(run << 4 | size(coefficients[k]));
            value(coefficients[k]);
            run = 0;
        }
        if (run > 0) {
            symbol(0);
        }
    }

    /** The second half of the symbols has code words that are a bit longer. */
    private void symbol(int symbol) {
        append(symbol < 128 ? symbol : 256 + symbol - 128, symbol < 128 ? AC_BITS : AC_BITS + 1);
    }

    private static int size(int value) {
        return 32 - Integer.numberOfLeadingZeros(Math.abs(value));
    }

    private void value(int value) {
        int size = size(value);
        append(value < 0 ? value + (1 << size) - 1 : value, size);
    }

    private void append(int value, int count) {
        for (int i = count - 1; i >= 0; i--) {
            bits = bits << 1 | (value >> i & 1);
            if (++bitCount == 8) {
                out.write(bits);
                if ((bits & 0xff) == 0xff) {
                    out.write(0);
                }
                bits = 0;
                bitCount = 0;
            }
        }
    }

    private void flush() {
        while (bitCount > 0) {
            append(1, 1);
        }
    }

    private void segment(int marker, byte[] content) {
        two(0xff00 | marker);
        two(2 + content.length);
        out.writeBytes(content);
    }

    private void two(int value) {
        out.write(value >> 8);
        out.write(value);
    }

    private static int up(int dividend, int divisor) {
        return (dividend + divisor - 1) / divisor;
    }
}
