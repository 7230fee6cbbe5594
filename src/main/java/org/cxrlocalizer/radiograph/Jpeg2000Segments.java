package org.cxrlocalizer.radiograph;

import org.cxrlocalizer.dicom.DicomException;

/**
 * Walks through a JPEG 2000 code stream (ITU-T T.800, annex A) and refuses what its decoder would take without end: two bytes
 * of ones in the data of a tile, which sound ones never have (section B.10.1), and packet headers in segments of their own,
 * whose end the decoder overlooks.
 */
final class Jpeg2000Segments {

    private static final int START_OF_TILE_PART = 0xff90;
    private static final int START_OF_DATA = 0xff93;
    private static final int PACKED_HEADERS_MAIN = 0xff60;
    private static final int PACKED_HEADERS_TILE = 0xff61;
    private static final int FIRST_MARKER = 0xff30;

    private Jpeg2000Segments() {}

    /** @throws DicomException if it is damaged in a way that matters, or has packed packet headers */
    static void check(byte[] image) {
        int part = skipSegments(image, 2, START_OF_TILE_PART);
        while (part + 10 <= image.length && two(image, part) == START_OF_TILE_PART) {
            long length = Integer.toUnsignedLong((two(image, part + 6) << 16) | two(image, part + 8));
            int data = skipSegments(image, part, START_OF_DATA) + 2;
            // None stands for all that is left.
            int end = length == 0 ? image.length : (int) Math.min(part + length, image.length);
            requireStuffedBits(image, data, Math.max(data, end));
            part = Math.max(data, end);
        }
        requireStuffedBits(image, part, image.length);
    }

    private static int skipSegments(byte[] image, int from, int until) {
        int at = from;
        while (at + 4 <= image.length && two(image, at) != until) {
            int marker = two(image, at);
            if (marker == PACKED_HEADERS_MAIN || marker == PACKED_HEADERS_TILE) {
                throw new DicomException("The JPEG 2000 frame has packed packet headers, which are not read.");
            }
            int length = two(image, at + 2);
            if (marker < FIRST_MARKER || length < 2) {
                throw damaged();
            }
            at += 2 + length;
        }
        if (at + 2 > image.length || two(image, at) != until) {
            throw damaged();
        }
        return at;
    }

    private static void requireStuffedBits(byte[] image, int from, int to) {
        for (int i = from; i + 1 < to; i++) {
            if (image[i] == -1 && image[i + 1] == -1) {
                throw damaged();
            }
        }
    }

    private static DicomException damaged() {
        return new DicomException("The JPEG 2000 frame is damaged.");
    }

    private static int two(byte[] image, int at) {
        return ((image[at] & 0xff) << 8) | (image[at + 1] & 0xff);
    }
}
