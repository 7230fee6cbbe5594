// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Encodes the pixels of pictures as one frame of encapsulated pixel data. */
final class CompressedPixels {

    /** JPEG quality, of 100. Lines and words stay sharp, and the file has a tenth of the size. */
    static final int JPEG_QUALITY = 90;

    private static final int RLE_HEADER = 64;
    private static final int LONGEST_RUN = 128;

    private CompressedPixels() {}

    /** Returns a JPEG of YCbCr at {@link #JPEG_QUALITY}, by the JDK's encoder, whose chrominance has half the resolution. */
    static byte[] jpeg(BufferedImage picture) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 18);
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(stream);
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(JPEG_QUALITY / 100f);
            writer.write(null, new IIOImage(picture, null, null), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /**
     * Returns run lengths: a header of 16 numbers and a segment each for red, green and blue, in which no run crosses the end of
     * a row (PS3.5, annex G).
     *
     * @param rgb pixel by pixel
     */
    static byte[] rle(byte[] rgb, int width) {
        ByteBuffer header = ByteBuffer.allocate(RLE_HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(3);
        ByteArrayOutputStream segments = new ByteArrayOutputStream(rgb.length / 2);
        byte[] row = new byte[width];
        for (int colour = 0; colour < 3; colour++) {
            header.putInt(RLE_HEADER + segments.size());
            for (int from = 0; from < rgb.length; from += 3 * width) {
                for (int x = 0; x < width; x++) {
                    row[x] = rgb[from + 3 * x + colour];
                }
                pack(row, segments);
            }
            if (segments.size() % 2 == 1) {
                segments.write(0);
            }
        }
        byte[] frame = new byte[RLE_HEADER + segments.size()];
        System.arraycopy(header.array(), 0, frame, 0, RLE_HEADER);
        System.arraycopy(segments.toByteArray(), 0, frame, RLE_HEADER, segments.size());
        return frame;
    }

    /** A run of one byte is its negative length less one, then the byte; other bytes follow their number less one. */
    private static void pack(byte[] row, ByteArrayOutputStream output) {
        int from = 0;
        while (from < row.length) {
            int run = run(row, from);
            if (run > 1) {
                output.write(1 - run);
                output.write(row[from]);
                from += run;
            } else {
                int to = from + 1;
                while (to < row.length && to - from < LONGEST_RUN && run(row, to) < 3) {
                    to++;
                }
                output.write(to - from - 1);
                output.write(row, from, to - from);
                from = to;
            }
        }
    }

    private static int run(byte[] row, int from) {
        int to = from + 1;
        while (to < row.length && to - from < LONGEST_RUN && row[to] == row[from]) {
            to++;
        }
        return to - from;
    }
}
