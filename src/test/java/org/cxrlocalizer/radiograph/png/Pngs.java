// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.png;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes grey PNGs with every liberty that the specification leaves, and some that it does not. */
public final class Pngs {

    private Pngs() {}

    /** Rows filtered by the definition (PNG specification, section 9.2), each with a filter of its own. */
    static byte[] filtered(int depth, int width, short[] samples, IntUnaryOperator filterOfRow) {
        int height = samples.length / width;
        int pixelBytes = depth / 8;
        int rowBytes = width * pixelBytes;
        byte[] result = new byte[height * (1 + rowBytes)];
        for (int y = 0; y < height; y++) {
            int filter = filterOfRow.applyAsInt(y);
            result[y * (1 + rowBytes)] = (byte) filter;
            for (int i = 0; i < rowBytes; i++) {
                int left = octet(depth, width, samples, i - pixelBytes, y);
                int up = octet(depth, width, samples, i, y - 1);
                int corner = octet(depth, width, samples, i - pixelBytes, y - 1);
                int predicted =
                        switch (filter) {
                            case 1 -> left;
                            case 2 -> up;
                            case 3 -> (left + up) / 2;
                            case 4 -> paeth(left, up, corner);
                            default -> 0;
                        };
                result[y * (1 + rowBytes) + 1 + i] = (byte) (octet(depth, width, samples, i, y) - predicted);
            }
        }
        return result;
    }

    private static int octet(int depth, int width, short[] samples, int i, int y) {
        if (i < 0 || y < 0) {
            return 0;
        }
        int sample = samples[y * width + i / (depth / 8)];
        return (depth == 16 && i % 2 == 0 ? sample >> 8 : sample) & 0xff;
    }

    /** PNG specification, section 9.4, word by word. */
    static int paeth(int a, int b, int c) {
        int p = a + b - c;
        int pa = Math.abs(p - a);
        int pb = Math.abs(p - b);
        int pc = Math.abs(p - c);
        if (pa <= pb && pa <= pc) {
            return a;
        }
        return pb <= pc ? b : c;
    }

    public static byte[] compressed(byte[] data, int level) {
        Deflater deflater = new Deflater(level);
        deflater.setInput(data);
        deflater.finish();
        byte[] result = new byte[data.length + data.length / 100 + 100];
        int length = deflater.deflate(result);
        deflater.end();
        return Arrays.copyOf(result, length);
    }

    /** A whole file of one chunk of pixels. */
    static byte[] file(int depth, int width, int height, byte[] pixels) {
        return joined(
                signature(), header(depth, 0, width, height, 0), chunk("IDAT", pixels), chunk("IEND", new byte[0]));
    }

    public static byte[] signature() {
        return new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    }

    public static byte[] header(int depth, int colourType, int width, int height, int interlace) {
        ByteBuffer data = ByteBuffer.allocate(13).putInt(width).putInt(height);
        data.put((byte) depth)
                .put((byte) colourType)
                .put((byte) 0)
                .put((byte) 0)
                .put((byte) interlace);
        return chunk("IHDR", data.array());
    }

    public static byte[] chunk(String type, byte[] data) {
        ByteBuffer chunk = ByteBuffer.allocate(data.length + 12).putInt(data.length);
        chunk.put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
        CRC32 crc = new CRC32();
        crc.update(chunk.array(), 4, data.length + 4);
        return chunk.putInt((int) crc.getValue()).array();
    }

    public static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            result.writeBytes(part);
        }
        return result.toByteArray();
    }
}
