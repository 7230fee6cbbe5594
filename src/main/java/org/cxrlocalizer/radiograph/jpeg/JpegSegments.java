// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg;

import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * The segment structure of a JPEG file (ITU-T T.81, annex B). ImageIO fills what is missing at the end with grey, so
 * that the end is really there is checked before it decodes.
 */
public final class JpegSegments {

    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;

    private JpegSegments() {}

    /** @throws UnreadableImageException if the file ends before its end-of-image marker */
    public static void check(byte[] bytes) {
        int position = 2;
        while (position + 1 < bytes.length) {
            int marker = bytes[position + 1] & 0xff;
            if ((bytes[position] & 0xff) != 0xff || marker == 0xff) {
                position++; // fill bytes, or stray bytes that decoders skip too
            } else if (marker == END_OF_IMAGE) {
                return;
            } else if (hasNoLength(marker)) {
                position += 2;
            } else {
                position += 2 + length(bytes, position + 2);
                if (marker == START_OF_SCAN) {
                    position = endOfEntropyCodedData(bytes, position);
                }
            }
        }
        throw new UnreadableImageException("The JPEG is cut short after %d bytes.".formatted(bytes.length));
    }

    /** TEM, RST0 … RST7, a stuffed zero. */
    static boolean hasNoLength(int marker) {
        return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7);
    }

    private static int length(byte[] bytes, int position) {
        return position + 1 < bytes.length
                ? ((bytes[position] & 0xff) << 8) | (bytes[position + 1] & 0xff)
                : bytes.length;
    }

    private static int endOfEntropyCodedData(byte[] bytes, int from) {
        int position = from;
        while (position + 1 < bytes.length
                && !((bytes[position] & 0xff) == 0xff && !hasNoLength(bytes[position + 1] & 0xff))) {
            position++;
        }
        return position;
    }
}
