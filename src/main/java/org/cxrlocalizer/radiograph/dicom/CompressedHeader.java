// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.dicom;

import org.cxrlocalizer.dicom.DicomException;
import org.cxrlocalizer.dicom.UnsupportedTransferSyntaxException;
import org.cxrlocalizer.radiograph.jpegls.JpegLsHeader;

/**
 * What the compressed image states of itself.
 *
 * @param precision bits of a sample
 * @param extended whether it is a JPEG of the extended process with 12 bits
 */
record CompressedHeader(int width, int height, int precision, int components, boolean extended) {

    /** Bits of the samples that the extended process has besides 8. */
    private static final int EXTENDED_PRECISION = 12;

    private static final int START_OF_IMAGE = 0xffd8;
    private static final int FIRST_PROCESS = 0xc0;
    private static final int EXTENDED_HUFFMAN = 0xc1;
    private static final int LOSSLESS_HUFFMAN = 0xc3;

    /** On average; a decoder makes objects for each tile. */
    private static final int FEWEST_PIXELS_OF_A_TILE = 1024;

    private CompressedHeader(int width, int height, int precision, int components) {
        this(width, height, precision, components, false);
    }

    /** The frame header (ITU-T T.81, section B.2.2). */
    static CompressedHeader ofJpeg(byte[] image) {
        if (image.length < 4 || two(image, 0) != START_OF_IMAGE) {
            throw new DicomException("The frame has no JPEG image, contrary to the transfer syntax.");
        }
        int at = 2;
        while (at + 9 < image.length) {
            int marker = image[at + 1] & 0xff;
            if ((image[at] & 0xff) != 0xff || marker == 0xff) {
                at++;
            } else if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
                int precision = image[at + 4] & 0xff;
                boolean isExtended = precision == EXTENDED_PRECISION && marker == EXTENDED_HUFFMAN;
                if (precision > 8 && marker != LOSSLESS_HUFFMAN && !isExtended) {
                    throw new UnsupportedTransferSyntaxException(
                            "JPEG with %d bits by process %d".formatted(precision, marker - FIRST_PROCESS));
                }
                return new CompressedHeader(
                        two(image, at + 7), two(image, at + 5), precision, image[at + 9] & 0xff, isExtended);
            } else {
                at += 2 + two(image, at + 2);
            }
        }
        throw new DicomException("The JPEG image of the frame has no frame header.");
    }

    /** The frame header (ITU-T T.87, section C.2.2). */
    static CompressedHeader ofJpegLs(byte[] image) {
        if (image.length < 4 || two(image, 0) != START_OF_IMAGE) {
            throw new DicomException("The frame has no JPEG-LS image.");
        }
        JpegLsHeader header = JpegLsHeader.of(image);
        return new CompressedHeader(
                header.width(),
                header.height(),
                header.precision(),
                header.components().size());
    }

    /** The SIZ segment, which follows the start of the code stream (ITU-T T.800, section A.5.1). */
    static CompressedHeader ofJpeg2000(byte[] image) {
        if (image.length < 43 || two(image, 0) != 0xff4f || two(image, 2) != 0xff51) {
            throw new DicomException("The frame has no JPEG 2000 code stream.");
        }
        CompressedHeader header = new CompressedHeader(
                four(image, 8) - four(image, 16),
                four(image, 12) - four(image, 20),
                (image[42] & 0x7f) + 1,
                two(image, 40));
        requireEqualComponents(image, header.components());
        if (tiles(image) > 1 + (double) header.width() * header.height() / FEWEST_PIXELS_OF_A_TILE) {
            throw new DicomException("The JPEG 2000 frame has more tiles than are read.");
        }
        return header;
    }

    /**
     * Requires components of one depth and in full, as DICOM stores them (PS3.5, section 8.2.4). Of others, the decoder reads
     * packets without end.
     */
    private static void requireEqualComponents(byte[] image, int components) {
        for (int at = 42; at < 42 + 3 * components; at += 3) {
            if (at + 2 >= image.length || image[at] != image[42] || image[at + 1] != 1 || image[at + 2] != 1) {
                throw new DicomException("The JPEG 2000 frame's components differ in depth or size.");
            }
        }
    }

    private static double tiles(byte[] image) {
        return tiles(four(image, 8), four(image, 16), four(image, 24), four(image, 32))
                * tiles(four(image, 12), four(image, 20), four(image, 28), four(image, 36));
    }

    /** Along one side; the first tile begins before the image, at its own offset (ITU-T T.800, section B.3). */
    private static double tiles(int size, int imageOffset, int tile, int tileOffset) {
        if (tile <= 0 || tileOffset < 0 || tileOffset > imageOffset || imageOffset >= size) {
            throw new DicomException("The JPEG 2000 frame's tiles do not lie over its image.");
        }
        return Math.ceil(((double) size - tileOffset) / tile);
    }

    private static int two(byte[] image, int at) {
        return ((image[at] & 0xff) << 8) | (image[at + 1] & 0xff);
    }

    private static int four(byte[] image, int at) {
        return (two(image, at) << 16) | two(image, at + 2);
    }

    @Override
    public String toString() {
        return "%d × %d pixels of %d samples of %d bits".formatted(width, height, components, precision);
    }
}
