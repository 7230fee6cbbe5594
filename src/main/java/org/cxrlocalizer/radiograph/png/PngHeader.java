// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.png;

import java.nio.ByteBuffer;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * The header of a PNG file (PNG specification, third edition, sections 5.2 and 11.2.1). It is read before anything else
 * and before its check sum, so that limits hold for every file.
 */
public record PngHeader(int width, int height, int depth, int colourType, int compression, int filter, int interlace) {

    static final int SIGNATURE_LENGTH = 8;

    private static final int DATA_LENGTH = 13;
    private static final int IHDR = 0x49484452;
    private static final int GREY = 0;

    /** @throws UnreadableImageException if the file does not start with a header */
    public static PngHeader of(byte[] bytes) {
        if (bytes.length < SIGNATURE_LENGTH + 8 + DATA_LENGTH) {
            throw PngChunks.truncated(bytes);
        }
        ByteBuffer file = ByteBuffer.wrap(bytes).position(SIGNATURE_LENGTH);
        if (file.getInt() != DATA_LENGTH || file.getInt() != IHDR) {
            throw new UnreadableImageException("The PNG is damaged: it does not start with a header.");
        }
        return new PngHeader(file.getInt(), file.getInt(), file.get(), file.get(), file.get(), file.get(), file.get());
    }

    /** Whether {@link GreyPng} takes it: 8 or 16 bits of grey, row by row. All others are left to ImageIO. */
    public boolean isPlainGrey() {
        return colourType == GREY && (depth == 8 || depth == 16) && compression == 0 && filter == 0 && interlace == 0;
    }
}
