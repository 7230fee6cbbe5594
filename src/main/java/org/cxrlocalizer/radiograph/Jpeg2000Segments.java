package org.cxrlocalizer.radiograph;

import org.cxrlocalizer.dicom.DicomException;

/**
 * Walks through a JPEG 2000 code stream (ITU-T T.800, annex A) and refuses what its decoder would take without end: packet headers
 * in segments of their own, whose end the decoder overlooks, parts of tiles that go beyond the end, and layers without number.
 */
final class Jpeg2000Segments {

    private static final int START_OF_TILE_PART = 0xff90;
    private static final int START_OF_DATA = 0xff93;
    private static final int PACKED_HEADERS_MAIN = 0xff60;
    private static final int PACKED_HEADERS_TILE = 0xff61;
    private static final int CODING_STYLE = 0xff52;
    private static final int CODING_STYLE_OF_COMPONENT = 0xff53;
    private static final int FIRST_MARKER = 0xff30;
    private static final long FEW_NUMBERS = 100_000;

    private final byte[] image;
    private int layers = 1;
    /** Of the smallest code block: the sum of its sides' exponents. */
    private int blockBits = Integer.MAX_VALUE;

    private Jpeg2000Segments(byte[] image) {
        this.image = image;
    }

    /** @throws DicomException if it is damaged in a way that matters, or has packed packet headers */
    static void check(byte[] image, long pixels) {
        Jpeg2000Segments segments = new Jpeg2000Segments(image);
        segments.walk();
        segments.checkLayers(pixels);
    }

    private void walk() {
        int part = skipSegments(2, START_OF_TILE_PART);
        while (part + 10 <= image.length && two(part) == START_OF_TILE_PART) {
            long length = Integer.toUnsignedLong((two(part + 6) << 16) | two(part + 8));
            int data = skipSegments(part, START_OF_DATA) + 2;
            // Up to where a tile's data ends, the decoder believes what its packets say of their lengths.
            if (part + length > image.length) {
                throw damaged();
            }
            // None stands for all that is left.
            int end = length == 0 ? image.length : (int) (part + length);
            part = Math.max(data, end);
        }
    }

    private int skipSegments(int from, int until) {
        int at = from;
        while (at + 4 <= image.length && two(at) != until) {
            int marker = two(at);
            if (marker == PACKED_HEADERS_MAIN || marker == PACKED_HEADERS_TILE) {
                throw new DicomException("The JPEG 2000 frame has packed packet headers, which are not read.");
            }
            int length = two(at + 2);
            if (marker < FIRST_MARKER || length < 2) {
                throw damaged();
            }
            int end = Math.min(at + 2 + length, image.length);
            if (marker == CODING_STYLE && at + 12 <= end) {
                layers = Math.max(layers, two(at + 6));
                blockBits = Math.min(blockBits, blockBits(at + 10));
            } else if (marker == CODING_STYLE_OF_COMPONENT && at + 9 <= end) {
                blockBits = Math.min(blockBits, blockBits(at + 7));
            }
            at += 2 + length;
        }
        if (at + 2 > image.length || two(at) != until) {
            throw damaged();
        }
        return at;
    }

    /** Exponents are stored less two (section A.6.1). */
    private int blockBits(int at) {
        return (image[at] & 0xf) + 2 + (image[at + 1] & 0xf) + 2;
    }

    /**
     * The decoder keeps numbers for each layer of each code block, before it reads any. Each layer has a packet, and each packet
     * a byte at least (section B.10.3).
     */
    private void checkLayers(long pixels) {
        long blocks = blockBits == Integer.MAX_VALUE ? 0 : (pixels >> blockBits) + 1;
        if (layers > image.length || layers * blocks > pixels + FEW_NUMBERS) {
            throw new DicomException("The JPEG 2000 frame has more layers than are read.");
        }
    }

    private static DicomException damaged() {
        return new DicomException("The JPEG 2000 frame is damaged.");
    }

    private int two(int at) {
        return ((image[at] & 0xff) << 8) | (image[at + 1] & 0xff);
    }
}
