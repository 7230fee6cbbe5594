// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DicomBuilder;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.dicom.UnsupportedTransferSyntaxException;
import org.cxrlocalizer.radiograph.dicom.DicomFormat;
import org.cxrlocalizer.radiograph.dicom.DicomFrame;
import org.cxrlocalizer.radiograph.dicom.DicomVoi;
import org.cxrlocalizer.radiograph.jpegls.JpegLsHeader;
import org.cxrlocalizer.radiograph.jpegls.JpegLsImage;
import org.cxrlocalizer.radiograph.pixels.GreyPixels;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.unit.DataSize;

class DicomRadiographTest {

    private static final int WIDTH = 13;
    private static final int HEIGHT = 7;
    private static final int PIXELS = WIDTH * HEIGHT;

    /** Of every depth, sign and place in the cell, in every uncompressed encoding. */
    @ParameterizedTest
    @CsvSource({
        "8, 8, 7, 0",
        "8, 8, 7, 1",
        "8, 6, 5, 0",
        "8, 5, 7, 1",
        "16, 8, 7, 0",
        "16, 10, 9, 0",
        "16, 12, 11, 0",
        "16, 12, 11, 1",
        "16, 12, 15, 0",
        "16, 12, 13, 1",
        "16, 15, 14, 0",
        "16, 16, 15, 0",
        "16, 16, 15, 1"
    })
    void samplesOfEveryDepthAreReadInEveryEncoding(int allocated, int stored, int highBit, int signed) {
        int[] values = values(stored, signed == 1);
        for (TransferSyntax syntax : TransferSyntax.values()) {
            if (syntax.compression() == TransferSyntax.Compression.NONE) {
                byte[] file = pixels(
                                chest(allocated, stored, highBit, signed),
                                allocated,
                                cells(values, allocated, stored, highBit))
                        .file(syntax);

                assertThatLevels(read(file), values, wholeRange(stored, signed == 1));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 8, 7, 0", "16, 12, 11, 0", "16, 12, 13, 1", "16, 16, 15, 1"})
    void runLengthsAreDecoded(int allocated, int stored, int highBit, int signed) {
        int[] values = values(stored, signed == 1);
        int[] cells = cells(values, allocated, stored, highBit);
        byte[] frame = allocated == 8 ? runLengths(bytes(cells, 0)) : runLengths(bytes(cells, 8), bytes(cells, 0));
        byte[] file = chest(allocated, stored, highBit, signed)
                .fragments(new int[0], frame)
                .file(TransferSyntax.RLE_LOSSLESS);

        assertThatLevels(read(file), values, wholeRange(stored, signed == 1));
    }

    @Test
    void oneRunLengthFrameIsTheOnlyFrameWhateverNumberIsStated() {
        int[] values = values(12, false);
        int[] cells = cells(values, 16, 12, 11);
        byte[] file = chest(16, 12, 11, 0)
                .add(Attribute.NUMBER_OF_FRAMES, "2")
                .fragments(new int[0], runLengths(bytes(cells, 8), bytes(cells, 0)))
                .file(TransferSyntax.RLE_LOSSLESS);

        assertThatLevels(read(file), values, wholeRange(12, false));
        assertThat(read(file).warnings()).anyMatch(warning -> warning.contains("number of frames"));
    }

    @Test
    void aDamagedRunLengthFrameIsReadOrRefusedButNothingElse() {
        int[] cells = cells(values(12, false), 16, 12, 11);
        byte[] frame = runLengths(bytes(cells, 8), bytes(cells, 0));
        Random random = new Random(5);
        for (int run = 0; run < 5000; run++) {
            byte[] damaged = Arrays.copyOf(frame, run % 2 == 0 ? frame.length : random.nextInt(frame.length));
            for (int i = 0; i < 3 && damaged.length > 0; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            byte[] file = chest(16, 12, 11, 0).fragments(new int[0], damaged).file(TransferSyntax.RLE_LOSSLESS);
            try {
                assertThat(read(file).samples()).hasSize(PIXELS);
            } catch (UnreadableImageException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void aJpegMayLieInManyFragments() {
        BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 64 * 48; i++) {
            image.getRaster().setSample(i % 64, i / 64, 0, 2 * (i % 64) + i / 64);
        }
        byte[] jpeg = Samples.encoded(image, "jpeg");
        byte[] file = chest(8, 8, 7, 0)
                .add(Attribute.COLUMNS, 64)
                .add(Attribute.ROWS, 48)
                .fragments(new int[0], Arrays.copyOf(jpeg, 100), Arrays.copyOfRange(jpeg, 100, jpeg.length))
                .file(TransferSyntax.JPEG_BASELINE);

        Radiograph radiograph = read(file);

        Radiograph alone = RadiographReaders.reader().read(jpeg);
        for (int i = 0; i < 64 * 48; i++) {
            assertThat(radiograph.samples()[i] & 0xffff).isEqualTo(257 * alone.samples()[i]);
        }
    }

    /** Files made by DCMTK and GDCM, of a 64 × 48 picture whose values are a formula. */
    @ParameterizedTest
    @CsvSource({
        "jpeg-lossless-sv1-16.dcm, 16, false",
        "jpeg-lossless-sv1-12.dcm, 12, false",
        "jpeg-lossless-57-16.dcm, 16, false",
        "jpeg-2000-12.dcm, 12, false",
        "jpeg-2000-16-signed.dcm, 16, true",
        "jpeg-2000-8.dcm, 8, false",
        "jpeg-ls-8.dcm, 8, false",
        "jpeg-ls-10.dcm, 10, false",
        "jpeg-ls-12.dcm, 12, false",
        "jpeg-ls-16-signed.dcm, 16, true"
    })
    void losslessCodecsKeepEveryBit(String name, int stored, boolean signed) {
        assertThatLevels(read(Samples.content("dicom/" + name)), formula(stored, signed), wholeRange(stored, signed));
    }

    private static int[] formula(int stored, boolean signed) {
        return IntStream.range(0, 64 * 48)
                .map(i -> i == 64 * 48 - 1 ? (1 << stored) - 1 : (i * 1237) % (1 << stored))
                .map(i -> signed ? i - (1 << (stored - 1)) : i)
                .toArray();
    }

    /** Made by DCMTK with a deviation of at most 3. */
    @Test
    void nearLosslessJpegLsKeepsItsPromise() {
        byte[] file = Samples.content("dicom/jpeg-ls-near-3.dcm");
        DicomFile read = DicomFile.read(file, file.length);

        short[] codes = new DicomFrame(DicomFormat.of(read.dataSet()), read.dataSet(), 0).decode(read);

        int[] formula = formula(12, false);
        assertThat(IntStream.range(0, codes.length).map(i -> Math.abs(codes[i] - formula[i])))
                .allMatch(difference -> difference <= 3)
                .anyMatch(difference -> difference > 0);
    }

    private static short[] codes(byte[] file) {
        DicomFile read = DicomFile.read(file, 1 << 20);
        return new DicomFrame(DicomFormat.of(read.dataSet()), read.dataSet(), 0).decode(read);
    }

    /** Encoded by DCMTK, and decoded by it. */
    @Test
    void extendedJpegOfTwelveBitsIsDecodedToTheBitAsDcmtkDoes() {
        assertThat(codes(Samples.content("dicom/jpeg-extended-12.dcm")))
                .isEqualTo(codes(Samples.content("dicom/jpeg-extended-12-by-dcmtk.dcm")));
    }

    /** A frame of 4:2:0 whose JFIF segment says YCbCr; without that segment, its subsampled components do. */
    @ParameterizedTest
    @CsvSource({"RGB, true", "RGB, false", "YBR_FULL_422, true", "YBR_FULL, false"})
    void aJpegFrameThatStatesYCbCrIsReadAsYCbCr(String photometric, boolean jfif) {
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 256; i++) {
            image.setRGB(i % 16, i / 16, 0xff0000);
        }
        byte[] jpeg = Samples.encoded(image, "jpeg");
        if (!jfif) {
            jpeg[3] = (byte) 0xef;
        }

        Radiograph radiograph = read(chest(8, 8, 7, 0)
                .add(Attribute.COLUMNS, 16)
                .add(Attribute.ROWS, 16)
                .add(Attribute.SAMPLES_PER_PIXEL, 3)
                .add(Attribute.PHOTOMETRIC_INTERPRETATION, photometric)
                .fragments(new int[0], jpeg)
                .file(TransferSyntax.JPEG_BASELINE));

        assertThat(IntStream.range(0, 256).map(i -> radiograph.samples()[i] & 0xffff))
                .allMatch(level -> Math.abs(level / 257.0 - 76) <= 1);
        assertThat(radiograph.warnings().stream().anyMatch(warning -> warning.contains("own colours")))
                .isEqualTo(photometric.equals("RGB"));
    }

    /** By an Adobe segment whose transform is none. */
    @Test
    void aJpegFrameThatStatesRgbIsReadAsRgb() throws IOException {
        byte[] jpeg = rgbJpeg(0xff0000);

        Radiograph radiograph = read(chest(8, 8, 7, 0)
                .add(Attribute.COLUMNS, 16)
                .add(Attribute.ROWS, 16)
                .add(Attribute.SAMPLES_PER_PIXEL, 3)
                .add(Attribute.PHOTOMETRIC_INTERPRETATION, "YBR_FULL")
                .fragments(new int[0], jpeg)
                .file(TransferSyntax.JPEG_BASELINE));

        assertThat(IntStream.range(0, 256).map(i -> radiograph.samples()[i] & 0xffff))
                .allMatch(level -> Math.abs(level / 257.0 - 76) <= 1);
        assertThat(radiograph.warnings()).anyMatch(warning -> warning.contains("own colours"));
    }

    private static byte[] rgbJpeg(int colour) throws IOException {
        WritableRaster bytes = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 3, null);
        for (int i = 0; i < 256; i++) {
            bytes.setPixel(i % 16, i / 16, new int[] {colour >> 16, colour >> 8 & 0xff, colour & 0xff});
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(target)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(bytes, null, null), null);
        } finally {
            writer.dispose();
        }
        byte[] jpeg = target.toByteArray();
        byte[] adobe = HexFormat.of().parseHex("ffd8ffee000e41646f6265006400000000" + "00");
        return ByteBuffer.allocate(jpeg.length - 2 + adobe.length)
                .put(adobe)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    /** Of one colour, 200, 30 and 90, which OpenJPEG stored with its reversible transform, and as it is. */
    @ParameterizedTest
    @CsvSource({"true, RGB, 88", "true, YBR_RCT, 88", "true, YBR_FULL, 88", "false, RGB, 88", "false, YBR_FULL, 200"})
    void jpeg2000ColoursBecomeGrey(boolean transformed, String photometric, int luma) {
        byte[] frame = Samples.content("dicom/colour-" + (transformed ? "transformed" : "plain") + ".j2k");

        assertThat(greyLevels(frame, photometric, TransferSyntax.JPEG_2000_LOSSLESS))
                .allMatch(level -> level == 257 * luma);
    }

    /** Returns those of a compressed frame of 16 × 12 pixels in colours. */
    private static IntStream greyLevels(byte[] frame, String photometric, TransferSyntax syntax) {
        Radiograph radiograph = read(chest(8, 8, 7, 0)
                .add(Attribute.COLUMNS, 16)
                .add(Attribute.ROWS, 12)
                .add(Attribute.SAMPLES_PER_PIXEL, 3)
                .add(Attribute.PHOTOMETRIC_INTERPRETATION, photometric)
                .fragments(new int[0], frame)
                .file(syntax));
        return IntStream.range(0, 16 * 12).map(i -> radiograph.samples()[i] & 0xffff);
    }

    @Test
    void jpegLsColoursBecomeGrey() throws IOException {
        for (String seed : new String[] {"rgb-planes", "rgb-lines", "rgb-samples"}) {
            byte[] frame = Files.readAllBytes(Path.of("src/test/fuzz/jpeg-ls-frame", seed));
            short[][] colours = JpegLsImage.decode(frame, JpegLsHeader.of(frame), new ArrayList<>());
            for (String photometric : new String[] {"RGB", "YBR_FULL"}) {
                assertThat(greyLevels(frame, photometric, TransferSyntax.JPEG_LS_LOSSLESS))
                        .containsExactly(IntStream.range(0, 16 * 12)
                                .map(i -> photometric.equals("RGB")
                                        ? GreyPixels.luma(colours[0][i], colours[1][i], colours[2][i])
                                        : colours[0][i])
                                .map(luma -> 257 * luma)
                                .boxed()
                                .toArray(Integer[]::new));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"RGB, 0", "RGB, 1", "YBR_FULL, 0"})
    void coloursBecomeGrey(String photometric, int planar) {
        int[] colours = new int[3 * PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            for (int sample = 0; sample < 3; sample++) {
                colours[planar == 1 ? sample * PIXELS + i : 3 * i + sample] = colour(i, sample);
            }
        }
        byte[] file = pixels(chest(8, 8, 7, 0), 8, colours)
                .add(Attribute.PHOTOMETRIC_INTERPRETATION, photometric)
                .add(Attribute.SAMPLES_PER_PIXEL, 3)
                .add(Attribute.PLANAR_CONFIGURATION, planar)
                .file(TransferSyntax.EXPLICIT_BIG_ENDIAN);

        Radiograph radiograph = read(file);

        for (int i = 0; i < PIXELS; i++) {
            double luma = photometric.equals("RGB")
                    ? 0.299 * colour(i, 0) + 0.587 * colour(i, 1) + 0.114 * colour(i, 2)
                    : colour(i, 0);
            assertThat((radiograph.samples()[i] & 0xffff) / 257.0).isBetween(luma - 0.51, luma + 0.51);
        }
        assertThat(radiograph.warnings()).anyMatch(warning -> warning.contains("colours"));
    }

    private static int colour(int pixel, int sample) {
        return (pixel * (7 + 4 * sample)) % 256;
    }

    @Test
    void aPaletteBecomesGrey() {
        int[] entries = IntStream.range(0, 256).map(i -> 257 * (255 - i)).toArray();
        int[] values = values(8, false);
        byte[] file = pixels(chest(8, 8, 7, 0), 8, values)
                .add(Attribute.PHOTOMETRIC_INTERPRETATION, "PALETTE COLOR")
                .add(Attribute.RED_PALETTE_DESCRIPTOR, 256, 0, 16)
                .add(Attribute.GREEN_PALETTE_DESCRIPTOR, 256, 0, 16)
                .add(Attribute.BLUE_PALETTE_DESCRIPTOR, 256, 0, 16)
                .add(Attribute.RED_PALETTE, entries)
                .add(Attribute.GREEN_PALETTE, entries)
                .add(Attribute.BLUE_PALETTE, entries)
                .file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        assertThatLevels(read(file), values, value -> 257 * (255 - value));
    }

    @Test
    void aFrameIsChosen() {
        int[] first = values(8, false);
        int[] second = Arrays.stream(first).map(value -> 255 - value).toArray();
        int[] both =
                IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
        byte[] file = pixels(chest(8, 8, 7, 0), 8, both)
                .add(Attribute.NUMBER_OF_FRAMES, "2")
                .file(TransferSyntax.IMPLICIT_LITTLE_ENDIAN);

        assertThatLevels(read(file), first, value -> 257 * value);
        assertThatLevels(read(file, new ReadOptions(false, 2, false)), second, value -> 257 * value);
        assertThatExceptionOfType(NoSuchFrameException.class)
                .isThrownBy(() -> read(file, new ReadOptions(false, 3, false)));
    }

    @Test
    void framesOfManyFragmentsAreSeparatedByTheOffsetTable() {
        int[] cells = values(8, false);
        byte[] one = runLengths(bytes(cells, 0));
        byte[] other =
                runLengths(bytes(Arrays.stream(cells).map(value -> 255 - value).toArray(), 0));
        byte[] firstPart = Arrays.copyOf(one, 80);
        byte[] rest = Arrays.copyOfRange(one, 80, one.length + one.length % 2);
        DicomBuilder builder = chest(8, 8, 7, 0).add(Attribute.NUMBER_OF_FRAMES, "2");
        int second = 8 + 80 + 8 + rest.length;

        byte[] basic =
                builder.fragments(new int[] {0, second}, firstPart, rest, other).file(TransferSyntax.RLE_LOSSLESS);
        assertThatLevels(read(basic), cells, value -> 257 * value);
        assertThatLevels(read(basic, new ReadOptions(false, 2, false)), cells, value -> 257 * (255 - value));

        byte[] wrong =
                builder.fragments(new int[] {0, 90}, firstPart, rest, other).file(TransferSyntax.RLE_LOSSLESS);
        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> read(wrong, new ReadOptions(false, 2, false)))
                .withMessageContaining("offset table");

        byte[] none = builder.fragments(new int[0], firstPart, rest, other).file(TransferSyntax.RLE_LOSSLESS);
        assertThatExceptionOfType(UnreadableImageException.class).isThrownBy(() -> read(none));

        byte[] table = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0)
                .putLong(second)
                .array();
        byte[] extended = builder.add(0x7fe00001, "OV", table).file(TransferSyntax.RLE_LOSSLESS);
        assertThatLevels(read(extended, new ReadOptions(false, 2, false)), cells, value -> 257 * (255 - value));
    }

    @Test
    void sizesAreCheckedBeforeAnythingIsAllocated() {
        byte[] file = chest(16, 16, 15, 0)
                .add(Attribute.ROWS, 50_000)
                .add(Attribute.COLUMNS, 50_000)
                .file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        assertThatExceptionOfType(ImageTooLargeException.class).isThrownBy(() -> read(file));
    }

    @Test
    void fewerPixelsThanTheHeaderStatesAreRefused() {
        byte[] file = pixels(chest(16, 12, 11, 0), 16, new int[PIXELS - 1]).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> read(file))
                .withMessageContaining("(7FE0,0010)");
    }

    @Test
    void aCompressedFrameOfAnotherSizeIsRefusedBeforeItIsDecoded() {
        byte[] jpeg = Samples.encoded(new BufferedImage(640, 480, BufferedImage.TYPE_BYTE_GRAY), "jpeg");
        byte[] file = chest(8, 8, 7, 0).fragments(new int[0], jpeg).file(TransferSyntax.JPEG_BASELINE);

        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> read(file))
                .withMessageContaining("640");
    }

    /** Progressive, which DICOM has retired. */
    @Test
    void otherJpegOfTwelveBitsIsNamed() {
        byte[] jpeg = Samples.encoded(new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY), "jpeg");
        for (int i = 0; i < jpeg.length - 4; i++) {
            if ((jpeg[i] & 0xff) == 0xff && (jpeg[i + 1] & 0xff) == 0xc0) {
                jpeg[i + 1] = (byte) 0xc2;
                jpeg[i + 4] = 12;
            }
        }
        byte[] file = chest(16, 12, 11, 0).fragments(new int[0], jpeg).file(TransferSyntax.JPEG_EXTENDED);

        assertThatExceptionOfType(UnsupportedTransferSyntaxException.class)
                .isThrownBy(() -> read(file))
                .withMessageContaining("12 bits by process 2");
    }

    @ParameterizedTest
    @EnumSource(
            value = TransferSyntax.class,
            names = {"IMPLICIT_LITTLE_ENDIAN", "EXPLICIT_LITTLE_ENDIAN"})
    void aBareDataSetIsRead(TransferSyntax syntax) {
        int[] values = values(8, false);
        byte[] bare = pixels(chest(8, 8, 7, 0), 8, values).bare(syntax);

        assertThatLevels(read(bare, new ReadOptions(true, 1, false)), values, value -> 257 * value);
        assertThatLevels(RadiographReaders.reader().read(bare), values, value -> 257 * value);
    }

    @Test
    void spacingIsGivenWithThePlaneWhereItHolds() {
        DicomBuilder builder = pixels(chest(8, 8, 7, 0), 8, values(8, false));
        assertThat(read(builder.file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN)).spacing())
                .isNull();

        builder.add(Attribute.IMAGER_PIXEL_SPACING, "0.2\\0.1");
        Radiograph radiograph = read(builder.file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN));
        assertThat(radiograph.spacing()).isEqualTo(new PixelSpacing(0.1, 0.2, PixelSpacing.Plane.DETECTOR));
        assertThat(radiograph.warnings()).anyMatch(warning -> warning.contains("not square"));

        builder.add(Attribute.PIXEL_SPACING, "0.19\\0.09");
        assertThat(read(builder.file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN)).spacing())
                .isEqualTo(new PixelSpacing(0.09, 0.19, PixelSpacing.Plane.CALIBRATED));

        builder.without(Attribute.IMAGER_PIXEL_SPACING);
        assertThat(read(builder.file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN)).spacing())
                .isEqualTo(new PixelSpacing(0.09, 0.19, PixelSpacing.Plane.UNSTATED));
    }

    private static Radiograph read(byte[] file) {
        return read(file, ReadOptions.DEFAULT);
    }

    private static Radiograph read(byte[] file, ReadOptions options) {
        return DicomRadiograph.read(
                file,
                null,
                "",
                options,
                RadiographReaders.limits(new RadiographProperties(DataSize.ofMegabytes(1), 1_000_000, DicomVoi.FIRST)));
    }

    static DicomBuilder chest(int allocated, int stored, int highBit, int signed) {
        return new DicomBuilder()
                .add(Attribute.MODALITY, "DX")
                .add(Attribute.BODY_PART_EXAMINED, "CHEST")
                .add(Attribute.VIEW_POSITION, "PA")
                .add(Attribute.SAMPLES_PER_PIXEL, 1)
                .add(Attribute.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
                .add(Attribute.ROWS, HEIGHT)
                .add(Attribute.COLUMNS, WIDTH)
                .add(Attribute.BITS_ALLOCATED, allocated)
                .add(Attribute.BITS_STORED, stored)
                .add(Attribute.HIGH_BIT, highBit)
                .add(Attribute.PIXEL_REPRESENTATION, signed);
    }

    /** Cells of 8 bits go into words, the first in the lower half, as PS3.5, section 8.1.1 has it. */
    static DicomBuilder pixels(DicomBuilder builder, int allocated, int... cells) {
        if (allocated == 16) {
            return builder.add(Attribute.PIXEL_DATA, cells);
        }
        int[] words = new int[(cells.length + 1) / 2];
        for (int i = 0; i < cells.length; i++) {
            words[i / 2] |= (cells[i] & 0xff) << (8 * (i % 2));
        }
        return builder.add(Attribute.PIXEL_DATA, words);
    }

    /** From the lowest value to the highest. */
    private static int[] values(int stored, boolean signed) {
        return IntStream.range(0, PIXELS)
                .map(i -> (int) ((long) i * ((1 << stored) - 1) / (PIXELS - 1)) - (signed ? 1 << (stored - 1) : 0))
                .toArray();
    }

    /** Samples in their place in the cell, and ones where they are not. */
    private static int[] cells(int[] values, int allocated, int stored, int highBit) {
        int mask = ((1 << stored) - 1) << (highBit - stored + 1);
        return Arrays.stream(values)
                .map(value -> ((value << (highBit - stored + 1)) & mask) | (((1 << allocated) - 1) & ~mask))
                .toArray();
    }

    private static IntUnaryOperator wholeRange(int stored, boolean signed) {
        int lowest = signed ? -(1 << (stored - 1)) : 0;
        return value -> (int) Math.round((value - lowest) * 65535.0 / ((1 << stored) - 1));
    }

    private static void assertThatLevels(Radiograph radiograph, int[] values, IntUnaryOperator level) {
        assertThat(radiograph.maximum()).isEqualTo(65535);
        assertThat(radiograph.mediaType()).isEqualTo("application/dicom");
        assertThat(IntStream.range(0, values.length).map(i -> radiograph.samples()[i] & 0xffff))
                .containsExactly(Arrays.stream(values).map(level).boxed().toArray(Integer[]::new));
    }

    private static byte[] bytes(int[] cells, int shift) {
        byte[] bytes = new byte[cells.length];
        for (int i = 0; i < cells.length; i++) {
            bytes[i] = (byte) (cells[i] >>> shift);
        }
        return bytes;
    }

    /** Repeats as runs, all else as literals, as PS3.5, section G.3.1 has it. */
    private static byte[] runLengths(byte[]... segments) {
        ByteBuffer header =
                ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putInt(segments.length);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] segment : segments) {
            header.putInt(64 + body.size());
            for (int i = 0; i < segment.length; ) {
                int run = 1;
                while (i + run < segment.length && run < 128 && segment[i + run] == segment[i]) {
                    run++;
                }
                body.write(run > 1 ? 1 - run : 0);
                body.write(segment[i]);
                i += run;
            }
            body.write(-128); // does nothing, and makes lengths even
            if (body.size() % 2 == 1) {
                body.write(-128);
            }
        }
        byte[] frame = Arrays.copyOf(header.array(), 64 + body.size());
        System.arraycopy(body.toByteArray(), 0, frame, 64, body.size());
        return frame;
    }
}
