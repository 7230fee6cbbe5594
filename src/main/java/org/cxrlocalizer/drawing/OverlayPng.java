// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.drawing;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Encodes an overlay as a PNG of 8-bit RGB (PNG specification, third edition, section 11). ImageIO filters no rows of such
 * pictures. With each row stored as its difference from the one above, the fastest level of zlib makes files a fifth
 * smaller than ImageIO's at any level. It takes 0.4 of the time of ImageIO's default and 0.6 of that of its fastest level. Higher
 * levels save another 2 % (level 2) to 12 % (level 6) in 1.1 to 8 times the time.
 */
public final class OverlayPng {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte DEPTH = 8;
    private static final byte RGB = 2;
    private static final byte UP = 2;

    private OverlayPng() {}

    /** @param picture as {@link Overlay#draw} returns it */
    public static byte[] encode(BufferedImage picture) {
        byte[] header = ByteBuffer.allocate(13)
                .putInt(picture.getWidth())
                .putInt(picture.getHeight())
                .put(DEPTH)
                .put(RGB)
                .array();
        byte[] pixels = compressed(picture);
        ByteBuffer png = ByteBuffer.allocate(SIGNATURE.length + 3 * 12 + header.length + pixels.length);
        png.put(SIGNATURE);
        putChunk(png, "IHDR", header);
        putChunk(png, "IDAT", pixels);
        putChunk(png, "IEND", new byte[0]);
        return png.array();
    }

    private static byte[] compressed(BufferedImage picture) {
        int width = picture.getWidth();
        int[] pixels = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
        int[] above = new int[width];
        byte[] row = new byte[1 + 3 * width];
        row[0] = UP;
        ByteArrayOutputStream result = new ByteArrayOutputStream(pixels.length);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (DeflaterOutputStream stream = new DeflaterOutputStream(result, deflater, 1 << 16)) {
            for (int from = 0; from < pixels.length; from += width) {
                for (int x = 0; x < width; x++) {
                    int pixel = pixels[from + x];
                    row[3 * x + 1] = (byte) ((pixel >> 16) - (above[x] >> 16));
                    row[3 * x + 2] = (byte) ((pixel >> 8) - (above[x] >> 8));
                    row[3 * x + 3] = (byte) (pixel - above[x]);
                    above[x] = pixel;
                }
                stream.write(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        } finally {
            deflater.end();
        }
        return result.toByteArray();
    }

    private static void putChunk(ByteBuffer png, String type, byte[] data) {
        png.putInt(data.length);
        int from = png.position();
        png.put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
        CRC32 crc = new CRC32();
        crc.update(png.slice(from, png.position() - from));
        png.putInt((int) crc.getValue());
    }
}
