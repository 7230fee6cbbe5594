// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import org.cxrlocalizer.dicom.DicomException;

/** Refuses JPEG 2000 code streams for which the decoder would allocate far more than their pixels. */
final class Jpeg2000Limits {

    private static final int CODING_STYLE = 0xff52;
    private static final int CODING_STYLE_OF_COMPONENT = 0xff53;
    private static final long FEW_NUMBERS = 100_000;

    private final byte[] image;
    private int layers = 1;
    /** The sum of the exponents of the sides of the smallest code block. */
    private int blockBits = Integer.MAX_VALUE;

    Jpeg2000Limits(byte[] image) {
        this.image = image;
    }

    void take(Jpeg2000Segment segment) {
        int at = segment.at();
        int end = Math.min(segment.end(), image.length);
        if (segment.marker() == CODING_STYLE && at + 12 <= end) {
            layers = Math.max(layers, (image[at + 6] & 0xff) << 8 | (image[at + 7] & 0xff));
            blockBits = Math.min(blockBits, blockBits(at + 10));
        } else if (segment.marker() == CODING_STYLE_OF_COMPONENT && at + 9 <= end) {
            blockBits = Math.min(blockBits, blockBits(at + 7));
        }
    }

    /** Exponents are stored less two (ITU-T T.800, section A.6.1). */
    private int blockBits(int at) {
        return (image[at] & 0xf) + 2 + (image[at + 1] & 0xf) + 2;
    }

    /**
     * Checks the segments that were taken. The decoder keeps numbers for each layer of each code block, before it reads any. Each
     * layer has a packet, and each packet a byte at least (section B.10.3).
     */
    void check(long pixels) {
        long blocks = blockBits == Integer.MAX_VALUE ? 0 : (pixels >> blockBits) + 1;
        if (layers > image.length || layers * blocks > pixels + FEW_NUMBERS) {
            throw new DicomException("The JPEG 2000 frame has more layers than are read.");
        }
    }
}
