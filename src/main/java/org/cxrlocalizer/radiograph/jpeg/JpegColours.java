// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The meaning of the three components of a JPEG. */
public enum JpegColours {
    RGB,
    /** The first component is the luma. */
    YCBCR;

    private static final int START_OF_SCAN = 0xda;
    private static final int JFIF = 0xe0;
    private static final int ADOBE = 0xee;
    private static final int ADOBE_LENGTH = 12;
    private static final int LOSSLESS = 0xc3;

    /**
     * Reads it from the markers before the first scan, in the order that the library of the Independent JPEG Group has: a JFIF
     * segment (ITU-T T.871), the transform of an Adobe segment (ITU-T T.872), the names of the components. Without such
     * segments, components of different sizes are no RGB.
     *
     * @return nothing if the markers leave it open, or if the frame is lossless: those have colours as they were
     */
    public static Optional<JpegColours> of(byte[] jpeg) {
        boolean isJfif = false;
        int transform = -1;
        @Nullable JpegFrame frame = null;
        int at = 2;
        while (at + 4 <= jpeg.length) {
            int marker = jpeg[at + 1] & 0xff;
            if ((jpeg[at] & 0xff) != 0xff || marker == 0xff) {
                at++;
                continue;
            }
            if (JpegSegments.hasNoLength(marker)) {
                at += 2;
                continue;
            }
            int end = at + 2 + JpegScans.two(jpeg, at + 2);
            if (marker == START_OF_SCAN || end > jpeg.length) {
                break;
            }
            if (marker == JFIF) {
                isJfif |= has(jpeg, at, end, "JFIF\0");
            } else if (marker == ADOBE && has(jpeg, at, end, "Adobe") && end - at >= 4 + ADOBE_LENGTH) {
                transform = jpeg[at + 3 + ADOBE_LENGTH] & 0xff;
            } else if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
                frame = JpegFrame.of(jpeg, at, end);
            }
            at = end;
        }
        if (frame == null || frame.process() == LOSSLESS || frame.components().size() != 3) {
            return Optional.empty();
        }
        if (isJfif) {
            return Optional.of(YCBCR);
        }
        if (transform >= 0) {
            return Optional.of(transform == 0 ? RGB : YCBCR);
        }
        if (frame.isSubsampled()) {
            return Optional.of(YCBCR);
        }
        return frame.isNamed('R', 'G', 'B') ? Optional.of(RGB) : Optional.empty();
    }

    private static boolean has(byte[] jpeg, int at, int end, String name) {
        int from = at + 4;
        return end - from >= name.length()
                && new String(jpeg, from, name.length(), StandardCharsets.ISO_8859_1).equals(name);
    }
}
