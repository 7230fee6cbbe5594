// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.png;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.cxrlocalizer.Extent;
import org.cxrlocalizer.NihData;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.RadiographReaders;
import org.cxrlocalizer.radiograph.pixels.GreyPixels;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle is ImageIO, which shares no code with our reader. */
class GreyPngTest {

    private final Random random = new Random(11);

    @ParameterizedTest
    @CsvSource({"8, 0", "8, 1", "8, 2", "8, 3", "8, 4", "16, 0", "16, 1", "16, 2", "16, 3", "16, 4"})
    void everyFilterIsReversedAsByImageIo(int depth, int filter) throws IOException {
        for (int run = 0; run < 20; run++) {
            assertThatReadAsByImageIo(depth, 1 + random.nextInt(20), 1 + random.nextInt(20), y -> filter);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16})
    void filtersMayChangeFromRowToRow(int depth) throws IOException {
        for (int run = 0; run < 200; run++) {
            assertThatReadAsByImageIo(depth, 1 + random.nextInt(20), 1 + random.nextInt(20), y -> random.nextInt(5));
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 700, 400", "16, 700, 400", "8, 70000, 3", "16, 40000, 3"})
    void imagesLargerThanABlockAndRowsLongerThanOneAreRead(int depth, int width, int height) {
        short[] samples = noise(depth, width * height);

        byte[] png = file(depth, width, samples, y -> y % 5);

        assertThat(read(png).samples()).isEqualTo(samples);
    }

    @Test
    void pixelsMayComeInChunksOfAnySize() {
        short[] samples = noise(8, 300 * 300);
        byte[] data = Pngs.compressed(Pngs.filtered(8, 300, samples, y -> y % 5), 6);
        List<byte[]> parts = new ArrayList<>(List.of(Pngs.signature(), Pngs.header(8, 0, 300, 300, 0)));
        for (int from = 0; from < data.length; ) {
            int to = Math.min(data.length, from + random.nextInt(1000));
            parts.add(Pngs.chunk("IDAT", Arrays.copyOfRange(data, from, to)));
            from = to;
        }
        parts.add(Pngs.chunk("IDAT", new byte[0]));
        parts.add(Pngs.chunk("tEXt", "Comment\0after the pixels".getBytes(StandardCharsets.US_ASCII)));
        parts.add(Pngs.chunk("IEND", new byte[0]));

        assertThat(read(Pngs.joined(parts.toArray(byte[][]::new))).samples()).isEqualTo(samples);
    }

    @Test
    void paethsPredictorIsThatOfTheSpecificationForAllBytes() {
        int wrong = 0;
        for (int left = 0; left < 256; left++) {
            for (int up = 0; up < 256; up++) {
                for (int corner = 0; corner < 256; corner++) {
                    wrong += PngRow.predict(left, up, corner) == Pngs.paeth(left, up, corner) ? 0 : 1;
                }
            }
        }
        assertThat(wrong).isZero();
    }

    @Test
    void theBundledSamplesAreReadAsByImageIo() throws IOException {
        for (String name : Samples.NAMES) {
            assertThatReadAsByImageIo(Samples.read(name));
        }
    }

    @Test
    void realImagesAreReadAsByImageIo() throws IOException {
        for (Path image : Extent.of(NihData.boxed(), 4)) {
            assertThatReadAsByImageIo(Files.readAllBytes(image));
        }
    }

    @Test
    void interlacedAndTransparentImagesAreLeftToImageIo() {
        assertThat(PngHeader.of(Pngs.joined(Pngs.signature(), Pngs.header(8, 0, 4, 4, 1)))
                        .isPlainGrey())
                .isFalse();
        byte[] data = Pngs.compressed(new byte[] {0, 7, 9}, 6);
        byte[] transparent = Pngs.joined(
                Pngs.signature(),
                Pngs.header(8, 0, 2, 1, 0),
                Pngs.chunk("tRNS", new byte[] {0, 9}),
                Pngs.chunk("IDAT", data),
                Pngs.chunk("IEND", new byte[0]));

        Radiograph radiograph = RadiographReaders.reader().read(transparent);

        assertThat(radiograph.samples()).containsExactly((short) 7, (short) 9);
        assertThat(radiograph.warnings()).hasSize(1).first().asString().contains("transparen");
    }

    @Test
    void fewerPixelsThanTheHeaderStatesAreRefused() {
        assertThatRefused(Pngs.file(8, 3, 3, Pngs.compressed(new byte[11], 6)), "fewer pixels");
        assertThatRefused(Pngs.file(8, 3, 3, new byte[0]), "fewer pixels");
        assertThatRefused(
                Pngs.joined(Pngs.signature(), Pngs.header(8, 0, 3, 3, 0), Pngs.chunk("IEND", new byte[0])),
                "fewer pixels");
    }

    @Test
    void morePixelsThanTheHeaderStatesAreRefused() {
        assertThatRefused(Pngs.file(8, 3, 3, Pngs.compressed(new byte[13], 6)), "more pixels");
        assertThatRefused(Pngs.file(8, 3, 3, Pngs.compressed(new byte[50_000_000], 9)), "more pixels");
    }

    @Test
    void bytesBehindTheCompressedPixelsArePassedOverWithANote() {
        byte[] good = Pngs.compressed(Pngs.filtered(8, 30, noise(8, 900), y -> 4), 6);
        short[] samples = read(Pngs.file(8, 30, 30, good)).samples();

        for (byte[] png : List.of(
                Pngs.file(8, 30, 30, Arrays.copyOf(good, good.length + 1)),
                Pngs.file(8, 30, 30, Arrays.copyOf(good, good.length + 5000)),
                Pngs.joined(
                        Pngs.signature(),
                        Pngs.header(8, 0, 30, 30, 0),
                        Pngs.chunk("IDAT", good),
                        Pngs.chunk("IDAT", new byte[3]),
                        Pngs.chunk("IEND", new byte[0])))) {
            assertThat(read(png).samples()).isEqualTo(samples);
            assertThat(read(png).warnings()).singleElement().asString().contains("behind its compressed pixels");
        }
    }

    @Test
    void damageThatTheChecksumsOfTheChunksDoNotShowIsRefused() {
        byte[] good = Pngs.compressed(Pngs.filtered(8, 30, noise(8, 900), y -> 4), 6);
        byte[] wrongSum = good.clone();
        wrongSum[good.length - 1]++;
        assertThatRefused(Pngs.file(8, 30, 30, wrongSum), "cannot be decompressed");
        assertThatRefused(Pngs.file(8, 30, 30, Arrays.copyOf(good, good.length - 1)), "check sum is missing");
        assertThatRefused(Pngs.file(8, 30, 30, Arrays.copyOf(good, good.length / 2)), "fewer pixels");
        assertThatRefused(Pngs.file(8, 1, 1, Pngs.compressed(new byte[] {5, 0}, 6)), "no filter");
        assertThatRefused(Pngs.file(8, 1, 1, Pngs.compressed(new byte[] {-1, 0}, 6)), "no filter has the number 255");
    }

    @Test
    void pixelsThatNeedADictionaryAreRefused() {
        Deflater deflater = new Deflater();
        deflater.setDictionary(new byte[] {1, 2, 3});
        deflater.setInput(new byte[12]);
        deflater.finish();
        byte[] data = new byte[100];
        int length = deflater.deflate(data);
        deflater.end();

        assertThatRefused(Pngs.file(8, 3, 3, Arrays.copyOf(data, length)), "fewer pixels");
    }

    @Test
    void pixelsThatAreInterruptedAreRefused() {
        byte[] data = Pngs.compressed(new byte[12], 6);
        assertThatRefused(
                Pngs.joined(
                        Pngs.signature(),
                        Pngs.header(8, 0, 3, 3, 0),
                        Pngs.chunk("IDAT", Arrays.copyOf(data, 4)),
                        Pngs.chunk("tEXt", new byte[3]),
                        Pngs.chunk("IDAT", Arrays.copyOfRange(data, 4, data.length)),
                        Pngs.chunk("IEND", new byte[0])),
                "interrupted");
    }

    @Test
    void aFileThatDoesNotStartWithAHeaderIsRefused() {
        assertThatRefused(
                Pngs.joined(Pngs.signature(), Pngs.chunk("tEXt", new byte[13]), Pngs.header(8, 0, 3, 3, 0)),
                "does not start with a header");
    }

    @Test
    void randomDamageInsideTheCompressedPixelsIsRefusedOrHarmless() {
        short[] samples = noise(8, 40 * 40);
        byte[] good = Pngs.compressed(Pngs.filtered(8, 40, samples, y -> y % 5), 6);
        for (int run = 0; run < 2000; run++) {
            byte[] data = good.clone();
            data[random.nextInt(data.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(read(Pngs.file(8, 40, 40, data)).samples()).isEqualTo(samples);
            } catch (UnreadableImageException e) {
                assertThat(e.getMessage()).startsWith("The PNG");
            }
        }
    }

    private void assertThatReadAsByImageIo(int depth, int width, int height, IntUnaryOperator filterOfRow)
            throws IOException {
        short[] samples = random.nextBoolean() ? noise(depth, width * height) : ramp(width * height);
        assertThatReadAsByImageIo(file(depth, width, samples, filterOfRow));
    }

    private static void assertThatReadAsByImageIo(byte[] png) throws IOException {
        GreyPixels ours = read(png);
        GreyPixels expected =
                GreyPixels.of(ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(png))));
        assertThat(ours.width()).isEqualTo(expected.width());
        assertThat(ours.height()).isEqualTo(expected.height());
        assertThat(ours.maximum()).isEqualTo(expected.maximum());
        assertThat(ours.warnings()).isEqualTo(expected.warnings());
        assertThat(Arrays.equals(ours.samples(), expected.samples())).isTrue();
    }

    private static void assertThatRefused(byte[] png, String reason) {
        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> RadiographReaders.reader().read(png))
                .withMessageContaining(reason);
    }

    private static GreyPixels read(byte[] png) {
        PngHeader header = PngHeader.of(png);
        assertThat(header.isPlainGrey()).isTrue();
        return GreyPng.read(png, header, PngChunks.read(png));
    }

    private byte[] file(int depth, int width, short[] samples, IntUnaryOperator filterOfRow) {
        byte[] data = Pngs.compressed(Pngs.filtered(depth, width, samples, filterOfRow), random.nextInt(10));
        return Pngs.file(depth, width, samples.length / width, data);
    }

    private short[] noise(int depth, int count) {
        short[] samples = new short[count];
        for (int i = 0; i < count; i++) {
            samples[i] = (short) random.nextInt(1 << depth);
        }
        return samples;
    }

    private static short[] ramp(int count) {
        short[] samples = new short[count];
        for (int i = 0; i < count; i++) {
            samples[i] = (short) (i * 255L / count);
        }
        return samples;
    }
}
