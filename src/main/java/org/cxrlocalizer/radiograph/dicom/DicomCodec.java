package org.cxrlocalizer.radiograph.dicom;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.cxrlocalizer.dicom.DicomException;
import org.cxrlocalizer.dicom.UnsupportedTransferSyntaxException;
import org.cxrlocalizer.radiograph.jpeg.JpegScans;
import org.cxrlocalizer.radiograph.jpeg2000.Jpeg2000CodeStream;
import org.cxrlocalizer.radiograph.jpeg2000.Jpeg2000Frame;
import org.cxrlocalizer.radiograph.pixels.GreyPixels;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * Decodes the compressed image of one frame. Its own header is compared with the data set's before: what was
 * checked against the limits is the data set's.
 */
enum DicomCodec {
    /** By ImageIO, for which TwelveMonkeys reads what the JDK does not. */
    JPEG {
        @Override
        Header header(byte[] image) {
            return Header.ofJpeg(image);
        }

        /** The end marker may be missing here, because the file's fragments say where the image ends. */
        @Override
        byte[] normalised(byte[] image, Header header, List<String> notes) {
            boolean hasEnd = JpegScans.check(
                    image,
                    (width, height) -> {
                        // The reader may take another marker for the frame header than we did.
                        if (width != header.width() || height != header.height()) {
                            throw JpegScans.damaged("it has two frame headers");
                        }
                    },
                    notes);
            if (hasEnd) {
                return image;
            }
            notes.add("The JPEG frame has no end marker; its pixels are all there.");
            byte[] ended = Arrays.copyOf(image, image.length + 2);
            ended[image.length] = (byte) 0xff;
            ended[image.length + 1] = (byte) 0xd9;
            return ended;
        }

        @Override
        Rows rows(byte[] image, Header header) throws IOException {
            ImageReader reader = ImageIO.getImageReadersByFormatName("JPEG").next();
            try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(image))) {
                reader.setInput(stream, true, true);
                // The reader may take another marker for the frame header than we did.
                if (reader.getWidth(0) != header.width() || reader.getHeight(0) != header.height()) {
                    throw new IOException("another size");
                }
                // Colours as they are stored: the reader guesses their meaning from markers that DICOM does not ask
                // for.
                Raster raster = header.components() == 1 ? reader.read(0).getRaster() : reader.readRaster(0, null);
                return (y, row) -> raster.getPixels(0, y, header.width(), 1, row);
            } finally {
                reader.dispose();
            }
        }
    },
    JPEG_2000 {
        @Override
        Header header(byte[] image) {
            return Header.ofJpeg2000(image);
        }

        @Override
        byte[] normalised(byte[] image, Header header, List<String> notes) {
            return Jpeg2000CodeStream.normalised(image, notes);
        }

        @Override
        Rows rows(byte[] image, Header header) throws IOException {
            int[][] samples = Jpeg2000Frame.decode(image, header.width(), header.height(), header.components());
            return (y, row) -> {
                for (int i = 0; i < row.length; i++) {
                    row[i] = samples[i % samples.length][y * header.width() + i / samples.length];
                }
            };
        }
    };

    /** A decoded image, row by row, the components of a pixel beside each other. */
    interface Rows {
        void read(int y, int[] row);
    }

    /** What the compressed image says of itself. */
    record Header(int width, int height, int precision, int components) {

        private static final int LOSSLESS_HUFFMAN = 0xc3;

        /** On average; a decoder makes objects for each tile. */
        private static final int FEWEST_PIXELS_OF_A_TILE = 1024;

        /** The frame header (ITU-T T.81, section B.2.2). */
        static Header ofJpeg(byte[] image) {
            int at = 2;
            while (at + 9 < image.length) {
                int marker = image[at + 1] & 0xff;
                if ((image[at] & 0xff) != 0xff || marker == 0xff) {
                    at++;
                } else if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
                    int precision = image[at + 4] & 0xff;
                    if (precision > 8 && marker != LOSSLESS_HUFFMAN) {
                        throw new UnsupportedTransferSyntaxException("JPEG Extended with %d bits".formatted(precision));
                    }
                    return new Header(two(image, at + 7), two(image, at + 5), precision, image[at + 9] & 0xff);
                } else {
                    at += 2 + two(image, at + 2);
                }
            }
            throw new DicomException("The JPEG image of the frame has no frame header.");
        }

        /** The SIZ segment, which follows the start of the code stream (ITU-T T.800, section A.5.1). */
        static Header ofJpeg2000(byte[] image) {
            if (image.length < 43 || two(image, 0) != 0xff4f || two(image, 2) != 0xff51) {
                throw new DicomException("The frame holds no JPEG 2000 code stream.");
            }
            Header header = new Header(
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
         * Of one depth and in full, as DICOM stores them (PS3.5, section 8.2.4): of others, the decoder reads packets without end.
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
    }

    abstract Header header(byte[] image);

    /**
     * The image in a form that the decoder reads in full, or it is refused: decoders fill what is missing with grey.
     *
     * @param notes gets what a careful user should know
     */
    byte[] normalised(byte[] image, Header header, List<String> notes) {
        return image;
    }

    abstract Rows rows(byte[] image, Header header) throws IOException;

    /**
     * The samples of a frame, without what cells hold besides; of colours their luma.
     *
     * @param notes gets what a careful user should know
     * @throws DicomException if the image is not what the format says
     * @throws UnreadableImageException if it is damaged
     */
    short[] decode(byte[] image, DicomFormat format, List<String> notes) {
        Header header = header(image);
        if (header.width() != format.columns()
                || header.height() != format.rows()
                || header.components() != format.photometric().samples()
                || header.precision() > format.allocated()) {
            throw new DicomException(
                    "The compressed frame (%s) is not what the data set says of it.".formatted(header));
        }
        byte[] normalised = normalised(image, header, notes);
        try {
            Rows rows = rows(normalised, header);
            return header.components() == 1 ? codes(rows, header, format) : lumas(rows, header, format);
        } catch (IOException | RuntimeException | Error e) {
            if (e instanceof VirtualMachineError fatal && !(fatal instanceof StackOverflowError)) {
                throw fatal;
            }
            // On damaged pixels, the readers throw all sorts of things, ThreadDeath among them, and quote what they
            // read.
            throw new UnreadableImageException("The DICOM file's compressed pixels are damaged (%s)."
                    .formatted(e.getClass().getSimpleName()));
        }
    }

    /** Where the codec kept the whole cell, the sample is taken out of it; else it is the sample. */
    private static short[] codes(Rows rows, Header header, DicomFormat format) {
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

    private short[] lumas(Rows rows, Header header, DicomFormat format) {
        boolean isLuma = this == JPEG
                && (format.photometric() == DicomFormat.Photometric.YBR_FULL
                        || format.photometric() == DicomFormat.Photometric.YBR_FULL_422);
        short[] lumas = new short[format.pixels()];
        int bands = header.components();
        int[] row = new int[format.columns() * bands];
        for (int y = 0; y < format.rows(); y++) {
            rows.read(y, row);
            for (int x = 0; x < format.columns(); x++) {
                int at = x * bands;
                lumas[y * format.columns() + x] =
                        (short) (isLuma ? row[at] : GreyPixels.luma(row[at], row[at + 1], row[at + 2]));
            }
        }
        return lumas;
    }
}
