// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.png;

import java.util.Iterator;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.cxrlocalizer.radiograph.pixels.GreyPixels;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * Decodes a plain grey PNG: rows are decompressed a few at a time and unfiltered straight into the radiograph's samples.
 * What it holds is bounded by the header's size, whatever the compressed data hold. ImageIO, which takes all other
 * PNGs, needs more than twice as long. It stops at the last row without looking at the check sum behind it, and ignores what
 * is too much.
 */
public final class GreyPng {

    /** Decompressing row by row would leave zlib's fast loop at the end of each; this fits a second-level cache. */
    private static final int BLOCK_BYTES = 1 << 16;

    private final byte[] bytes;
    private final PngHeader header;
    private final Iterator<PngChunks.Span> imageData;
    private final Inflater inflater = new Inflater();

    private GreyPng(byte[] bytes, PngHeader header, PngChunks chunks) {
        this.bytes = bytes;
        this.header = header;
        imageData = chunks.imageData().iterator();
    }

    /** @throws UnreadableImageException if there are fewer or more pixels than the header states, or damaged ones */
    public static GreyPixels read(byte[] bytes, PngHeader header, PngChunks chunks) {
        GreyPng png = new GreyPng(bytes, header, chunks);
        try {
            return png.read();
        } catch (DataFormatException e) {
            throw new UnreadableImageException(
                    "The PNG is damaged: its pixels cannot be decompressed: " + e.getMessage());
        } finally {
            png.inflater.end();
        }
    }

    private GreyPixels read() throws DataFormatException {
        int width = header.width();
        int height = header.height();
        boolean wide = header.depth() == 16;
        int rowBytes = 1 + (wide ? 2 * width : width);
        int blockRows = Math.min(height, Math.max(1, BLOCK_BYTES / rowBytes));
        byte[] block = new byte[blockRows * rowBytes];
        short[] samples = new short[width * height];
        short[] above = new short[width];
        for (int row = 0; row < height; row += blockRows) {
            int rows = Math.min(blockRows, height - row);
            decompress(block, rows * rowBytes);
            for (int i = 0; i < rows; i++) {
                int at = (row + i) * width;
                PngRow target = new PngRow(samples, at, width, at == 0 ? above : samples, at == 0 ? 0 : at - width);
                if (wide) {
                    target.unfilterSixteenBits(block, i * rowBytes);
                } else {
                    target.unfilterEightBits(block, i * rowBytes);
                }
            }
        }
        boolean surplus = hasSurplusBehindEnd();
        List<String> notes = surplus ? List.of(PngData.SURPLUS) : List.of();
        return new GreyPixels(width, height, samples, wide ? 65535 : 255, notes).withUsedWhite();
    }

    private void decompress(byte[] block, int length) throws DataFormatException {
        int filled = 0;
        while (filled < length) {
            int count = inflater.inflate(block, filled, length - filled);
            if (count == 0 && !hasMoreInput()) {
                throw new UnreadableImageException("The PNG has fewer pixels than the %d × %d of its header."
                        .formatted(header.width(), header.height()));
            }
            filled += count;
        }
    }

    /**
     * Whether bytes follow the compressed pixels, which end as they should. Zlib compares its check sum only when it has to
     * go on behind the last pixel.
     */
    private boolean hasSurplusBehindEnd() throws DataFormatException {
        byte[] surplus = new byte[1];
        int count = 0;
        while (count == 0 && !inflater.finished()) {
            count = inflater.inflate(surplus);
            if (count == 0 && !inflater.finished() && !hasMoreInput()) {
                throw new UnreadableImageException("The PNG's pixels are cut short: their check sum is missing.");
            }
        }
        if (count > 0) {
            throw PngData.tooMany(header);
        }
        boolean hasSurplus = inflater.getRemaining() > 0;
        while (imageData.hasNext()) {
            hasSurplus |= imageData.next().length() > 0;
        }
        return hasSurplus;
    }

    /** Gives the inflater the next chunk if it has used up the last; false if it cannot go on. */
    private boolean hasMoreInput() {
        if (!inflater.needsInput() || !imageData.hasNext()) {
            return false; // finished, requires a dictionary (which PNG has not), or out of chunks
        }
        PngChunks.Span span = imageData.next();
        inflater.setInput(bytes, span.from(), span.length());
        return true;
    }
}
