// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpegls;

import java.util.Arrays;
import java.util.List;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * The frame header of a JPEG-LS image (ITU-T T.87, section C.2.2).
 *
 * @param precision bits of a sample, 2 to 16
 * @param components their identifiers, in the order of the samples
 */
public record JpegLsHeader(int width, int height, int precision, List<Integer> components) {

    static final int MARKER = 0xf7;

    private static final int ONE_BY_ONE = 0x11;

    /**
     * Reads the frame header of an image that begins with its start marker.
     *
     * @throws UnreadableImageException if there is none before the first scan, or it states what is not read
     */
    public static JpegLsHeader of(byte[] image) {
        int at = 2;
        while (at + 4 <= image.length && (image[at] & 0xff) == 0xff) {
            int marker = image[at + 1] & 0xff;
            if (marker == MARKER) {
                return of(image, at, JpegLsImage.end(image, at));
            }
            // Fill bytes may stand before a marker.
            at = marker == 0xff ? at + 1 : JpegLsImage.end(image, at);
        }
        throw JpegLsImage.damaged("it has no frame header");
    }

    static JpegLsHeader of(byte[] image, int at, int end) {
        int count = end - at < 10 ? 0 : image[at + 9] & 0xff;
        if (count == 0 || end - at < 10 + 3 * count) {
            throw JpegLsImage.damaged("its frame header is cut short");
        }
        int precision = image[at + 4] & 0xff;
        int height = JpegLsImage.two(image, at + 5);
        int width = JpegLsImage.two(image, at + 7);
        if (precision < 2 || precision > 16 || width == 0 || height == 0) {
            throw new UnreadableImageException("The JPEG-LS image states a size or a depth that is not read.");
        }
        Integer[] components = new Integer[count];
        for (int i = 0; i < count; i++) {
            components[i] = image[at + 10 + 3 * i] & 0xff;
            if (image[at + 11 + 3 * i] != ONE_BY_ONE) {
                throw new UnreadableImageException("The JPEG-LS image's components differ in size.");
            }
        }
        if (Arrays.stream(components).distinct().count() < count) {
            throw JpegLsImage.damaged("two of its components have one name");
        }
        return new JpegLsHeader(width, height, precision, List.of(components));
    }
}
