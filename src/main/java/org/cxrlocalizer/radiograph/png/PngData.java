// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.png;

import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * Counts the compressed pixels of a PNG that ImageIO decodes, which does not look at the check sum behind them, and takes a
 * missing end for none. Nothing of the pixels is kept.
 */
public final class PngData {

    /** Note about bytes that follow the compressed pixels; other readers ignore them. */
    static final String SURPLUS = "The PNG has bytes behind its compressed pixels; they were ignored.";

    private static final int BLOCK_BYTES = 1 << 16;

    /** First column and row of each interlaced pass, and the steps (PNG specification, third edition, section 8.2). */
    private static final int[][] PASSES = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    private PngData() {}

    /**
     * Checks the compressed pixels.
     *
     * @return notes of what is behind them
     * @throws UnreadableImageException if there are fewer or more bytes than the header's size needs, or their check sum is wrong
     */
    public static List<String> check(byte[] bytes, PngHeader header, PngChunks chunks) {
        long expected = expected(header);
        Inflater inflater = new Inflater();
        try {
            long count = 0;
            boolean surplus = false;
            byte[] block = new byte[BLOCK_BYTES];
            for (PngChunks.Span span : chunks.imageData()) {
                if (inflater.finished()) {
                    surplus |= span.length() > 0;
                    continue;
                }
                inflater.setInput(bytes, span.from(), span.length());
                int inflated;
                do {
                    // Output may be left when all of the input is taken.
                    inflated = inflater.inflate(block);
                    count += inflated;
                } while (inflated > 0 && count <= expected);
                if (count > expected) {
                    throw tooMany(header);
                }
                surplus |= inflater.finished() && inflater.getRemaining() > 0;
            }
            if (count < expected || !inflater.finished()) {
                throw new UnreadableImageException(
                        "The PNG has fewer pixels than the %d × %d of its header, or their check sum is missing."
                                .formatted(header.width(), header.height()));
            }
            return surplus ? List.of(SURPLUS) : List.of();
        } catch (DataFormatException e) {
            throw new UnreadableImageException(
                    "The PNG is damaged: its pixels cannot be decompressed: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }

    static UnreadableImageException tooMany(PngHeader header) {
        return new UnreadableImageException(
                "The PNG has more pixels than the %d × %d of its header.".formatted(header.width(), header.height()));
    }

    private static long expected(PngHeader header) {
        if (header.interlace() == 0) {
            return bytes(header, header.width(), header.height());
        }
        long sum = 0;
        for (int[] pass : PASSES) {
            sum += bytes(
                    header,
                    (header.width() - pass[0] + pass[2] - 1) / pass[2],
                    (header.height() - pass[1] + pass[3] - 1) / pass[3]);
        }
        return sum;
    }

    /** Rows begin with the number of a filter. */
    private static long bytes(PngHeader header, int width, int height) {
        int samples =
                switch (header.colourType()) {
                    case 2 -> 3;
                    case 4 -> 2;
                    case 6 -> 4;
                    default -> 1;
                };
        return width < 1 || height < 1 ? 0 : height * (1 + ((long) width * samples * header.depth() + 7) / 8);
    }
}
