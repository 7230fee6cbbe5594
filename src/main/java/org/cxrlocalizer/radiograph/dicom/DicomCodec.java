// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.dicom;

import java.io.IOException;
import java.util.List;
import org.cxrlocalizer.dicom.DicomException;
import org.cxrlocalizer.radiograph.jpeg2000.Jp2Boxes;
import org.cxrlocalizer.radiograph.jpeg2000.Jpeg2000CodeStream;
import org.cxrlocalizer.radiograph.jpeg2000.Jpeg2000Frame;
import org.cxrlocalizer.radiograph.jpegls.JpegLsHeader;
import org.cxrlocalizer.radiograph.jpegls.JpegLsImage;
import org.cxrlocalizer.radiograph.pixels.GreyPixels;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * Decodes the compressed image of one frame. Its own header is compared with the data set's before: what was
 * checked against the limits is the data set's.
 */
enum DicomCodec {
    JPEG {
        @Override
        CompressedHeader header(byte[] image) {
            return CompressedHeader.ofJpeg(image);
        }

        @Override
        Rows rows(byte[] image, CompressedHeader header, List<String> notes) throws IOException {
            return JpegFrames.rows(image, header, notes);
        }

        @Override
        boolean isLumaFirst(byte[] image, DicomFormat format, List<String> notes) {
            return JpegFrames.isLumaFirst(image, format, notes);
        }
    },
    JPEG_LS {
        @Override
        CompressedHeader header(byte[] image) {
            return CompressedHeader.ofJpegLs(image);
        }

        @Override
        Rows rows(byte[] image, CompressedHeader header, List<String> notes) {
            return Rows.of(JpegLsImage.decode(image, JpegLsHeader.of(image), notes), header.width());
        }

        @Override
        boolean isLumaFirst(byte[] image, DicomFormat format, List<String> notes) {
            return format.photometric().isLumaFirst();
        }
    },
    JPEG_2000 {
        @Override
        byte[] bare(byte[] frame, List<String> notes) {
            return Jp2Boxes.codeStream(frame, notes);
        }

        @Override
        CompressedHeader header(byte[] image) {
            return CompressedHeader.ofJpeg2000(image);
        }

        @Override
        Rows rows(byte[] image, CompressedHeader header, List<String> notes) throws IOException {
            byte[] normalised = Jpeg2000CodeStream.normalised(image, notes);
            return Rows.of(
                    Jpeg2000Frame.decode(normalised, header.width(), header.height(), header.components()),
                    header.width());
        }

        @Override
        boolean isLumaFirst(byte[] image, DicomFormat format, List<String> notes) {
            // Colours that the decoder has transformed are RGB, whatever they were called before.
            return format.photometric().isLumaFirst() && !Jpeg2000CodeStream.hasColourTransform(image);
        }
    };

    /** A decoded image, row by row, the components of a pixel beside each other. */
    interface Rows {
        void read(int y, int[] row);

        /** @param samples of each component, as unsigned numbers */
        static Rows of(short[][] samples, int width) {
            return (y, row) -> {
                for (int i = 0; i < row.length; i++) {
                    row[i] = samples[i % samples.length][y * width + i / samples.length] & 0xffff;
                }
            };
        }

        static Rows of(int[][] samples, int width) {
            return (y, row) -> {
                for (int i = 0; i < row.length; i++) {
                    row[i] = samples[i % samples.length][y * width + i / samples.length];
                }
            };
        }
    }

    /** The compressed image without a file's structure around it. */
    byte[] bare(byte[] frame, List<String> notes) {
        return frame;
    }

    abstract CompressedHeader header(byte[] image);

    /**
     * Decodes the image in full, or refuses it.
     *
     * @param notes gets what a careful user should know
     * @throws IOException as decoders do, besides all sorts of unchecked exceptions, on damaged images
     */
    abstract Rows rows(byte[] image, CompressedHeader header, List<String> notes) throws IOException;

    /** Whether the first of three components is the luma, so that the others need not be known. */
    abstract boolean isLumaFirst(byte[] image, DicomFormat format, List<String> notes);

    /**
     * The samples of a frame, without what cells hold besides; of colours their luma.
     *
     * @param notes gets what a careful user should know
     * @throws DicomException if the image differs from its format
     * @throws UnreadableImageException if it is damaged
     */
    short[] decode(byte[] frame, DicomFormat format, List<String> notes) {
        byte[] image = bare(frame, notes);
        CompressedHeader header = header(image);
        if (header.width() != format.columns()
                || header.height() != format.rows()
                || header.components() != format.photometric().samples()
                || header.precision() > format.allocated()) {
            throw new DicomException(
                    "The compressed frame (%d × %d pixels of %d samples, %d bits) differs from what the data set states."
                            .formatted(header.width(), header.height(), header.components(), header.precision()));
        }
        try {
            Rows rows = rows(image, header, notes);
            return header.components() == 1
                    ? codes(rows, header, format)
                    : lumas(rows, isLumaFirst(image, format, notes), format);
        } catch (DicomException | UnreadableImageException e) {
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            if (e instanceof VirtualMachineError fatal && !(fatal instanceof StackOverflowError)) {
                throw fatal;
            }
            // On damaged pixels, the readers throw all sorts of things, ThreadDeath among them, and quote what they
            // read.
            throw new UnreadableImageException(
                    "The DICOM file's compressed pixels are damaged: they cannot be decoded.");
        }
    }

    /** Where the codec kept the whole cell, the sample is taken out of it; else it is the sample. */
    private static short[] codes(Rows rows, CompressedHeader header, DicomFormat format) {
        short[] codes = new short[format.pixels()];
        int[] row = new int[format.columns()];
        for (int y = 0; y < format.rows(); y++) {
            rows.read(y, row);
            for (int x = 0; x < row.length; x++) {
                codes[y * row.length + x] = (short)
                        (header.precision() > format.stored() ? format.code(row[x]) : row[x] & (format.codes() - 1));
            }
        }
        return codes;
    }

    private static short[] lumas(Rows rows, boolean isLumaFirst, DicomFormat format) {
        short[] lumas = new short[format.pixels()];
        int bands = format.photometric().samples();
        int[] row = new int[format.columns() * bands];
        for (int y = 0; y < format.rows(); y++) {
            rows.read(y, row);
            for (int x = 0; x < format.columns(); x++) {
                int at = x * bands;
                lumas[y * format.columns() + x] =
                        (short) (isLumaFirst ? row[at] : GreyPixels.luma(row[at], row[at + 1], row[at + 2]));
            }
        }
        return lumas;
    }
}
