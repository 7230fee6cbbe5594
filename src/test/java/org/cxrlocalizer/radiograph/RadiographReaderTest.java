// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.cxrlocalizer.Observed;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.cxrlocalizer.radiograph.png.Pngs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class RadiographReaderTest {

    private static final int WIDTH = 13;
    private static final int HEIGHT = 7;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RadiographReader reader = new RadiographReader(
            new RadiographProperties(DataSize.ofMegabytes(4), 5_000_000),
            Observed.by(meters),
            new ImageMemory(Long.MAX_VALUE));

    @Test
    void greyEightBitPngIsReadToTheLevel() {
        Radiograph radiograph = reader.read(Samples.encoded(grey(), "png"));

        assertThat(radiograph.width()).isEqualTo(WIDTH);
        assertThat(radiograph.height()).isEqualTo(HEIGHT);
        assertThat(radiograph.maximum()).isEqualTo(255);
        assertThat(radiograph.mediaType()).isEqualTo("image/png");
        assertThat(radiograph.warnings()).isEmpty();
        assertThatLevels(radiograph, 1);
        assertThat(meters.get("cxr.decode").timer().count()).isEqualTo(1);
    }

    @Test
    void greySixteenBitPngKeepsItsSixteenBits() {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY);
        fill(image.getRaster(), 257);

        Radiograph radiograph = reader.read(Samples.encoded(image, "png"));

        assertThat(radiograph.maximum()).isEqualTo(65535);
        assertThatLevels(radiograph, 257);
    }

    /** As pixels of a detector that were written as they are; grey is read by us, RGB by ImageIO. */
    @ParameterizedTest
    @ValueSource(ints = {8, 10, 12, 14, 15})
    void aSixteenBitPngThatUsesFewerBitsHasItsLargestValueForWhite(int bits) {
        int largest = (1 << bits) - 1;
        ComponentColorModel colours = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_USHORT);
        for (BufferedImage image : List.of(
                new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY),
                new BufferedImage(colours, colours.createCompatibleWritableRaster(WIDTH, HEIGHT), false, null))) {
            fill(image.getRaster(), 1);
            for (int band = 0; band < image.getRaster().getNumBands(); band++) {
                image.getRaster().setSample(0, 0, band, largest);
            }

            Radiograph radiograph = reader.read(Samples.encoded(image, "png"));

            assertThat(radiograph.maximum()).isEqualTo(largest);
            assertThat(radiograph.brightness(0, 0)).isEqualTo(1);
            assertThat(radiograph.brightness(2, 1))
                    .isEqualTo((radiograph.samples()[WIDTH + 2] & 0xffff) / (float) largest);
            assertThat(radiograph.warnings())
                    .contains("The image has 16 bits and uses %d of them; its largest value was taken as white."
                            .formatted(bits));
        }
    }

    @Test
    void rgbaPngOfEqualChannelsIsTheSameAsGrey() {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_4BYTE_ABGR);
        fill(image.getRaster(), 1);
        fillBand(image.getRaster(), 3, 255);

        Radiograph radiograph = reader.read(Samples.encoded(image, "png"));

        assertThatLevels(radiograph, 1);
        assertThat(radiograph.warnings()).isEmpty();
    }

    @Test
    void sixteenBitRgbPngIsTheSameAsGrey() {
        ComponentColorModel colours = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_USHORT);
        BufferedImage image =
                new BufferedImage(colours, colours.createCompatibleWritableRaster(WIDTH, HEIGHT), false, null);
        fill(image.getRaster(), 257);

        assertThatLevels(reader.read(Samples.encoded(image, "png")), 257);
    }

    @Test
    void coloursAndTransparencyAreNoted() {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_4BYTE_ABGR);
        image.getRaster().setPixel(0, 0, new int[] {200, 100, 50, 255});
        image.getRaster().setPixel(1, 0, new int[] {10, 10, 10, 128});

        Radiograph radiograph = reader.read(Samples.encoded(image, "png"));

        // 0.299 · 200 + 0.587 · 100 + 0.114 · 50 = 124.2
        assertThat(radiograph.samples()).containsExactly((short) 124, (short) 10);
        assertThat(radiograph.warnings())
                .hasSize(2)
                .anyMatch(w -> w.contains("colours"))
                .anyMatch(w -> w.contains("transparen"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void palettePngIsReadThroughItsPalette(int bits) {
        int size = 1 << bits;
        byte[] levels = new byte[size];
        for (int i = 0; i < size; i++) {
            levels[i] = (byte) (255 - i * 255 / (size - 1));
        }
        IndexColorModel palette = new IndexColorModel(bits, size, levels, levels, levels);
        BufferedImage image = new BufferedImage(
                WIDTH, HEIGHT, bits == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY, palette);
        for (int x = 0; x < WIDTH; x++) {
            image.getRaster().setSample(x, 3, 0, x % size);
        }

        Radiograph radiograph = reader.read(Samples.encoded(image, "png"));

        for (int x = 0; x < WIDTH; x++) {
            assertThat(radiograph.samples()[3 * WIDTH + x] & 0xffff).isEqualTo(levels[x % size] & 0xff);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void jpegIsReadWhetherBaselineOrProgressive(boolean progressive) throws IOException {
        Radiograph radiograph = reader.read(jpeg(smooth(64, 48), progressive));

        assertThat(radiograph.mediaType()).isEqualTo("image/jpeg");
        assertThat(radiograph.width()).isEqualTo(64);
        for (int y = 0; y < 48; y++) {
            for (int x = 0; x < 64; x++) {
                assertThat(radiograph.samples()[y * 64 + x] & 0xff).isBetween(2 * x + y - 6, 2 * x + y + 6);
            }
        }
    }

    /** The brightest pixel of the upright image is at its top right; each orientation stores it elsewhere. */
    @ParameterizedTest
    @CsvSource({"1, 63, 0", "2, 0, 0", "3, 0, 47", "4, 63, 47", "5, 0, 63", "6, 0, 0", "7, 47, 0", "8, 47, 63"})
    void theExifOrientationIsApplied(int orientation, int storedX, int storedY) throws IOException {
        boolean swapped = orientation >= 5;
        BufferedImage stored = new BufferedImage(swapped ? 48 : 64, swapped ? 64 : 48, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < stored.getHeight(); y++) {
            for (int x = 0; x < stored.getWidth(); x++) {
                double distance = Math.hypot(x - storedX, y - storedY);
                stored.getRaster().setSample(x, y, 0, (int) Math.max(0, 250 - 3 * distance));
            }
        }

        Radiograph radiograph = reader.read(withExif(jpeg(stored, false), orientation));

        assertThat(radiograph.width()).isEqualTo(64);
        assertThat(radiograph.height()).isEqualTo(48);

        assertThat(brightest(radiograph) % 64).isGreaterThan(60); // JPEG moves it by a pixel or two
        assertThat(brightest(radiograph) / 64).isLessThan(3);
    }

    /** Where the chunk stands and which byte order it has makes no difference; grey is read by us, RGB by ImageIO. */
    @ParameterizedTest
    @CsvSource({"1, 63, 0", "2, 0, 0", "3, 0, 47", "4, 63, 47", "5, 0, 63", "6, 0, 0", "7, 47, 0", "8, 47, 63"})
    void theOrientationOfAPngIsAppliedToo(int orientation, int storedX, int storedY) {
        boolean swapped = orientation >= 5;
        for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_INT_RGB}) {
            BufferedImage stored = new BufferedImage(swapped ? 48 : 64, swapped ? 64 : 48, type);
            stored.setRGB(storedX, storedY, 0xffffff);
            byte[] png = Samples.encoded(stored, "png");
            for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
                for (boolean behindPixels : new boolean[] {false, true}) {
                    Radiograph radiograph =
                            reader.read(withChunk(png, "eXIf", tiff(order, 0x112, 3, orientation), behindPixels));

                    assertThat(radiograph.width()).isEqualTo(64);
                    assertThat(radiograph.height()).isEqualTo(48);
                    assertThat(brightest(radiograph)).isEqualTo(63);
                }
            }
        }
    }

    /** As ImageMagick and editors of photographs write it; the digits may be in lines of any length. */
    @Test
    void theOrientationInTextOfAPngIsAppliedToo() {
        byte[] png = Samples.encoded(grey(), "png");
        byte[] tiff =
                Pngs.joined("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1), tiff(ByteOrder.BIG_ENDIAN, 0x112, 3, 6));
        String digits = HexFormat.of().formatHex(tiff);
        byte[] profile = "\nexif\n      %d\n%s\n%s\n"
                .formatted(tiff.length, digits.substring(0, 36), digits.substring(36))
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] xmp =
                "<x:xmpmeta><rdf:Description tiff:Orientation=\"6\"/></x:xmpmeta>".getBytes(StandardCharsets.UTF_8);
        byte[] element = "<tiff:Orientation>6</tiff:Orientation>".getBytes(StandardCharsets.UTF_8);
        byte[] exifKey = "Raw profile type exif\0".getBytes(StandardCharsets.ISO_8859_1);
        byte[] xmpKey = "XML:com.adobe.xmp\0".getBytes(StandardCharsets.ISO_8859_1);

        List<byte[]> turned = List.of(
                withChunk(png, "tEXt", Pngs.joined(exifKey, profile), false),
                withChunk(png, "zTXt", Pngs.joined(exifKey, new byte[1], Pngs.compressed(profile, 6)), true),
                withChunk(png, "iTXt", Pngs.joined(xmpKey, new byte[] {0, 0, 'e', 'n', 0, 0}, xmp), false),
                withChunk(
                        png, "iTXt", Pngs.joined(xmpKey, new byte[] {1, 0, 0, 0}, Pngs.compressed(element, 6)), false),
                withChunk(
                        withChunk(png, "eXIf", tiff(ByteOrder.BIG_ENDIAN, 0x112, 3, 6), true),
                        "eXIf",
                        new byte[9],
                        false));

        assertThat(turned)
                .allSatisfy(file -> assertThat(reader.read(file).width()).isEqualTo(HEIGHT));
        assertThatLevels(
                reader.read(withChunk(
                        png, "tEXt", Pngs.joined(exifKey, "\nexif\n 4\n4d4".getBytes(StandardCharsets.UTF_8)), false)),
                1);
        assertThatLevels(reader.read(withChunk(png, "zTXt", Pngs.joined(exifKey, new byte[] {0, 1, 2, 3}), false)), 1);
    }

    @Test
    void theOrientationInXmpOfAJpegIsApplied() throws IOException {
        byte[] jpeg = jpeg(smooth(64, 48), false);
        byte[] packet = "http://ns.adobe.com/xap/1.0/\0<rdf:Description tiff:Orientation='8'/>"
                .getBytes(StandardCharsets.UTF_8);
        byte[] segment = Pngs.joined(new byte[] {(byte) 0xff, (byte) 0xe1, 0, (byte) (packet.length + 2)}, packet);

        byte[] turned = Pngs.joined(Arrays.copyOf(jpeg, 2), segment, Arrays.copyOfRange(jpeg, 2, jpeg.length));

        assertThat(reader.read(turned).width()).isEqualTo(48);
    }

    @Test
    void theOrientationIsFoundAmongOtherEntries() {
        byte[] png = Samples.encoded(grey(), "png");
        ByteBuffer tiff = ByteBuffer.allocate(60).order(ByteOrder.LITTLE_ENDIAN);
        tiff.put(new byte[] {'E', 'x', 'i', 'f', 0, 0, 'I', 'I', 42, 0}).putInt(16);
        tiff.position(22).putShort((short) 2);
        tiff.putShort((short) 0x10f).putShort((short) 2).putInt(1 << 30).putInt(-1);
        tiff.putShort((short) 0x112).putShort((short) 3).putInt(1).putInt(6);

        assertThat(reader.read(withChunk(png, "eXIf", tiff.array(), false)).width())
                .isEqualTo(HEIGHT);
    }

    @Test
    void brokenExifDoesNoHarm() {
        byte[] png = Samples.encoded(grey(), "png");
        byte[] whole = tiff(ByteOrder.BIG_ENDIAN, 0x112, 3, 6);
        List<byte[]> broken = new ArrayList<>();
        for (int length = 0; length < 20; length++) {
            broken.add(Arrays.copyOf(whole, length));
        }
        for (int orientation : new int[] {0, 9, 255}) {
            broken.add(tiff(ByteOrder.LITTLE_ENDIAN, 0x112, 3, orientation));
        }
        broken.add(tiff(ByteOrder.LITTLE_ENDIAN, 0x112, 2, 6)); // text
        broken.add(tiff(ByteOrder.LITTLE_ENDIAN, 0x111, 3, 6)); // another tag
        broken.add(ByteBuffer.wrap(whole.clone()).putInt(4, -1).array()); // a directory out of reach
        broken.add(ByteBuffer.wrap(whole.clone()).putInt(4, whole.length - 1).array());
        broken.add(ByteBuffer.wrap(whole.clone()).putInt(14, 0).array()); // no value
        for (byte[] exif : broken) {
            assertThatLevels(reader.read(withChunk(png, "eXIf", exif, false)), 1);
        }
    }

    @Test
    void aFileCutShortAnywhereIsRefused() throws IOException {
        byte[] png = Samples.encoded(smooth(64, 48), "png");
        byte[] baseline = jpeg(smooth(64, 48), false);
        byte[] progressive = jpeg(smooth(64, 48), true);
        for (byte[] file : new byte[][] {png, baseline, progressive}) {
            for (int length = 0; length < file.length; length += 1 + file.length / 200) {
                byte[] cut = Arrays.copyOf(file, length);
                assertThatExceptionOfType(UnreadableImageException.class).isThrownBy(() -> reader.read(cut));
            }
            byte[] withoutLastByte = Arrays.copyOf(file, file.length - 1);
            assertThatExceptionOfType(UnreadableImageException.class).isThrownBy(() -> reader.read(withoutLastByte));
        }
    }

    /** Of colours, a palette and interlaced rows, which ImageIO decodes: compressed pixels that end early, in sound chunks. */
    @Test
    void aPngWithTooFewCompressedPixelsIsRefusedWhateverItsKind() {
        int[] types = {2, 3, 6, 0};
        for (int type : types) {
            int samples = type == 2 ? 3 : type == 6 ? 4 : 1;
            int interlace = type == 0 ? 1 : 0;
            byte[] raw = new byte[(interlace == 1 ? 8 * 8 + 15 : 8 * (8 * samples + 1))];
            byte[] data = Pngs.compressed(raw, 0);
            byte[] palette = type == 3 ? Pngs.chunk("PLTE", new byte[6]) : new byte[0];
            for (int length = data.length; length >= 0; length--) {
                byte[] png = Pngs.joined(
                        Pngs.signature(),
                        Pngs.header(8, type, 8, 8, interlace),
                        palette,
                        Pngs.chunk("IDAT", Arrays.copyOf(data, length)),
                        Pngs.chunk("IEND", new byte[0]));
                if (length == data.length) {
                    assertThat(reader.read(png).samples()).hasSize(64);
                } else {
                    assertThatExceptionOfType(UnreadableImageException.class)
                            .as("%d of %d bytes of colour type %d", length, data.length, type)
                            .isThrownBy(() -> reader.read(png));
                }
            }
        }
    }

    /** As grey ones, which are decoded without ImageIO. */
    @Test
    void bytesBehindThePixelsOfAPngArePassedOverAndMorePixelsAreRefusedWhateverItsKind() {
        for (int type : new int[] {2, 3, 6, 0}) {
            int samples = type == 2 ? 3 : type == 6 ? 4 : 1;
            int interlace = type == 0 ? 1 : 0;
            byte[] raw = new byte[(interlace == 1 ? 8 * 8 + 15 : 8 * (8 * samples + 1))];
            byte[] data = Pngs.compressed(raw, 6);
            byte[] more = Pngs.compressed(Arrays.copyOf(raw, raw.length + 1), 6);

            assertThat(reader.read(coloured(type, interlace, Arrays.copyOf(data, data.length + 9)))
                            .warnings())
                    .anyMatch(warning -> warning.contains("behind its compressed pixels"));
            assertThat(reader.read(coloured(type, interlace, data, new byte[4])).warnings())
                    .anyMatch(warning -> warning.contains("behind its compressed pixels"));
            assertThat(reader.read(coloured(type, interlace, data)).warnings())
                    .noneMatch(warning -> warning.contains("behind"));
            assertThatExceptionOfType(UnreadableImageException.class)
                    .isThrownBy(() -> reader.read(coloured(type, interlace, more)))
                    .withMessageContaining("more pixels");
        }
    }

    private static byte[] coloured(int type, int interlace, byte[]... data) {
        byte[] palette = type == 3 ? Pngs.chunk("PLTE", new byte[6]) : new byte[0];
        byte[] start = Pngs.joined(Pngs.signature(), Pngs.header(8, type, 8, 8, interlace), palette);
        byte[] pixels = Pngs.joined(
                Arrays.stream(data).map(part -> Pngs.chunk("IDAT", part)).toArray(byte[][]::new));
        return Pngs.joined(start, pixels, Pngs.chunk("IEND", new byte[0]));
    }

    @Test
    void aPngOfMoreColoursThanABlockHoldsIsRead() {
        byte[] png = Samples.encoded(new BufferedImage(1500, 1000, BufferedImage.TYPE_INT_RGB), "png");

        assertThat(reader.read(png).samples()).hasSize(1_500_000);
    }

    @Test
    void aDamagedFileIsReadOrRefusedButNothingElse() throws IOException {
        Random random = new Random(8);
        byte[] png = Samples.encoded(smooth(64, 48), "png");
        byte[] baseline = jpeg(smooth(64, 48), false);
        int refused = 0;
        for (int run = 0; run < 3000; run++) {
            byte[] file = (run % 2 == 0 ? png : baseline).clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                file[random.nextInt(file.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(reader.read(file).samples()).isNotEmpty();
            } catch (UnreadableImageException | ImageTooLargeException e) {
                assertThat(e.getMessage()).isNotBlank();
                refused++;
            }
        }
        assertThat(refused).as("every damaged PNG, and many a JPEG").isGreaterThan(1500);
    }

    @Test
    void pixelsAreCountedBeforeTheyAreAllocated() {
        assertThatExceptionOfType(ImageTooLargeException.class)
                .isThrownBy(() -> reader.read(Samples.pngHeader(50_000, 50_000)))
                .withMessageContaining("2500000000");
    }

    @Test
    void bytesAreCounted() {
        assertThatExceptionOfType(ImageTooLargeException.class)
                .isThrownBy(() -> reader.read(new byte[4 * 1024 * 1024 + 1]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "This is no image.", "GIF89a...", "\u00ff\u00d8"})
    void whatIsNoImageIsRefused(String text) {
        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> reader.read(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void aRealImageHasTheHashThatSha256sumPrints() {
        assertThat(reader.read(Samples.read("00022215_012.png")).sha256())
                .isEqualTo("3e11ff2b12453cb8319354ddea2c981354a4bb05a9c7454d23e4736ef1708bfa");
    }

    private static int brightest(Radiograph radiograph) {
        int best = 0;
        for (int i = 0; i < radiograph.samples().length; i++) {
            if (radiograph.samples()[i] > radiograph.samples()[best]) {
                best = i;
            }
        }
        return best;
    }

    private static void assertThatLevels(Radiograph radiograph, int factor) {
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                assertThat(radiograph.samples()[y * WIDTH + x] & 0xffff).isEqualTo(level(x, y) * factor);
            }
        }
    }

    /** Every level from 0 to 255 comes up, among them those that a gamma would change. */
    private static int level(int x, int y) {
        return (y * WIDTH + x) * 255 / (WIDTH * HEIGHT - 1);
    }

    private static BufferedImage grey() {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
        fill(image.getRaster(), 1);
        return image;
    }

    private static void fill(WritableRaster raster, int factor) {
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                for (int band = 0; band < Math.min(3, raster.getNumBands()); band++) {
                    raster.setSample(x, y, band, level(x, y) * factor);
                }
            }
        }
    }

    private static void fillBand(WritableRaster raster, int band, int value) {
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                raster.setSample(x, y, band, value);
            }
        }
    }

    private static BufferedImage smooth(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.getRaster().setSample(x, y, 0, 2 * x + y);
            }
        }
        return image;
    }

    private static byte[] jpeg(BufferedImage image, boolean progressive) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** A TIFF file of one directory with one entry. */
    private static byte[] tiff(ByteOrder order, int tag, int type, int value) {
        return ByteBuffer.allocate(26)
                .order(order)
                .put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M'))
                .put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M'))
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) tag)
                .putShort((short) type)
                .putInt(1)
                .putShort((short) value)
                .array();
    }

    private static byte[] withChunk(byte[] png, String type, byte[] data, boolean behindPixels) {
        int at = behindPixels ? png.length - 12 : 33;
        return Pngs.joined(Arrays.copyOf(png, at), Pngs.chunk(type, data), Arrays.copyOfRange(png, at, png.length));
    }

    /** Puts an APP1 segment with a one-entry TIFF directory behind the start of the file. */
    private static byte[] withExif(byte[] jpeg, int orientation) {
        byte[] exif = {
            (byte) 0xff,
            (byte) 0xe1,
            0,
            34,
            'E',
            'x',
            'i',
            'f',
            0,
            0,
            'M',
            'M',
            0,
            42,
            0,
            0,
            0,
            8,
            0,
            1,
            1,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            (byte) orientation,
            0,
            0,
            0,
            0,
            0,
            0
        };
        byte[] result = new byte[jpeg.length + exif.length];
        System.arraycopy(jpeg, 0, result, 0, 2);
        System.arraycopy(exif, 0, result, 2, exif.length);
        System.arraycopy(jpeg, 2, result, 2 + exif.length, jpeg.length - 2);
        return result;
    }
}
