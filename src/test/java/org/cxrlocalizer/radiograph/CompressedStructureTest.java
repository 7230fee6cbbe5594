// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.cxrlocalizer.radiograph.RawDicom.explicit;
import static org.cxrlocalizer.radiograph.RawDicom.join;
import static org.cxrlocalizer.radiograph.RawDicom.text;
import static org.cxrlocalizer.radiograph.RawDicom.with;
import static org.cxrlocalizer.radiograph.RawDicom.words;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.radiograph.RawDicom.Bytes;
import org.cxrlocalizer.radiograph.RawDicom.Part;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.junit.jupiter.api.Test;

/** Compressed pixel data as it is in real files: fragments that nothing says the frames of, and colours with a wrong label. */
class CompressedStructureTest {

    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;
    private static final int ITEM = 0xfffee000;
    private static final int END = 0xfffee0dd;

    private static final byte[] FIRST = jpeg(false);
    private static final byte[] SECOND = jpeg(true);

    @Test
    void framesAreSeparatedByTheirSignaturesWithoutATable() {
        for (byte[] table : List.of(item(), item(numbers(0, 7)), item(numbers(0, 0, 0)), new byte[0])) {
            byte[] file = frames(2, table, fragments(FIRST, 100), fragments(SECOND, 333), end());

            assertThat(read(file, 1).samples()).isEqualTo(samples(FIRST));
            assertThat(read(file, 2).samples()).isEqualTo(samples(SECOND));
        }
    }

    @Test
    void aMissingOffsetTableIsNoted() {
        Radiograph radiograph = read(frames(1, new byte[0], fragments(FIRST, 200), end()), 1);

        assertThat(radiograph.samples()).isEqualTo(samples(FIRST));
        assertThat(radiograph.warnings()).anyMatch(warning -> warning.contains("no offset table"));
    }

    @Test
    void aMissingDelimiterIsNotedAndASecondOneToo() {
        Radiograph none = read(frames(1, item(), fragments(FIRST, 200)), 1);
        Radiograph two = read(frames(1, item(), fragments(FIRST, 200), end(), end()), 1);

        assertThat(none.samples()).isEqualTo(two.samples()).isEqualTo(samples(FIRST));
        assertThat(none.warnings()).anyMatch(warning -> warning.contains("has no delimiter"));
        assertThat(two.warnings()).anyMatch(warning -> warning.contains("delimiter where nothing"));
    }

    @Test
    void anImageAloneIsTheOnlyFrameWhateverNumberIsStated() {
        for (int size : new int[] {100_000, 200}) {
            byte[] file = frames(2, item(), fragments(FIRST, size), end());
            Radiograph radiograph = read(file, 1);

            assertThat(radiograph.samples()).isEqualTo(samples(FIRST));
            assertThat(radiograph.warnings()).anyMatch(warning -> warning.contains("number of frames"));
            assertThatExceptionOfType(NoSuchFrameException.class).isThrownBy(() -> read(file, 2));
        }
    }

    @Test
    void aBlankValueRepresentationOfCompressedPixelsIsReadWithAWarning() {
        for (String blank : List.of("  ", "??", "\0\0")) {
            byte[] file = frames(1, item(), fragments(FIRST, 200), end());
            int at = RawDicom.find(file, 0x7fe00010, "OB");
            file[at + 4] = (byte) blank.charAt(0);
            file[at + 5] = (byte) blank.charAt(1);
            Radiograph radiograph = read(file, 1);

            assertThat(radiograph.samples()).isEqualTo(samples(FIRST));
            assertThat(radiograph.warnings()).anyMatch(warning -> warning.contains("value representation"));
        }
    }

    @Test
    void framesThatCannotBeSeparatedAreRefused() {
        byte[] file = frames(3, item(), fragments(FIRST, 100), fragments(SECOND, 100), end());

        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> read(file, 1))
                .withMessageContaining("hold 3 frames");
    }

    /** ITU-T T.871: what has a JFIF segment is YCbCr. Adobe's segment says which of both it is (T.872, section 6.5.3). */
    @Test
    void theJpegDecidesWhatItsColoursAre() {
        byte[] jfif = coloured();
        byte[] adobe = withAdobe(jfif, 1);
        byte[] adobeRgb = withAdobe(jfif, 0);
        byte[] silent = withoutApplicationSegments(jfif);
        short[] lumas = read(labelled("YBR_FULL_422", jfif), 1).samples();
        short[] channels = read(labelled("RGB", adobeRgb), 1).samples();

        assertThat(lumas).isNotEqualTo(channels);
        assertThat(read(labelled("RGB", jfif), 1).samples()).isEqualTo(lumas);
        assertThat(read(labelled("RGB", adobe), 1).samples()).isEqualTo(lumas);
        assertThat(read(labelled("YBR_FULL_422", silent), 1).samples()).isEqualTo(lumas);
        assertThat(read(labelled("RGB", silent), 1).samples())
                .as("its components are of different sizes")
                .isEqualTo(lumas);
        assertThat(read(labelled("YBR_FULL_422", adobeRgb), 1).samples()).isEqualTo(channels);
        assertThat(read(labelled("RGB", jfif), 1).warnings()).anyMatch(warning -> warning.contains("own colours"));
        assertThat(read(labelled("YBR_FULL_422", adobeRgb), 1).warnings())
                .anyMatch(warning -> warning.contains("own colours"));
        assertThat(read(labelled("YBR_FULL_422", jfif), 1).warnings())
                .noneMatch(warning -> warning.contains("own colours"));
    }

    private static Radiograph read(byte[] file, int frame) {
        return RadiographReaders.reader().read(file, new ReadOptions(true, frame, false));
    }

    private static short[] samples(byte[] jpeg) {
        short[] samples = RadiographReaders.reader().read(jpeg).samples().clone();
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (257 * samples[i]);
        }
        return samples;
    }

    private static byte[] jpeg(boolean mirrored) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            int x = i % WIDTH;
            image.getRaster().setSample(mirrored ? WIDTH - 1 - x : x, i / WIDTH, 0, 3 * x + i / WIDTH);
        }
        return Samples.encoded(image, "jpeg");
    }

    private static byte[] coloured() {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            image.setRGB(i % WIDTH, i / WIDTH, ((4 * (i % WIDTH)) << 16) | ((5 * (i / WIDTH)) << 8) | 40);
        }
        return Samples.encoded(image, "jpeg");
    }

    private static byte[] withoutApplicationSegments(byte[] jpeg) {
        int at = 2;
        while ((jpeg[at + 1] & 0xf0) == 0xe0) {
            at += 2 + (((jpeg[at + 2] & 0xff) << 8) | (jpeg[at + 3] & 0xff));
        }
        return join(Arrays.copyOf(jpeg, 2), Arrays.copyOfRange(jpeg, at, jpeg.length));
    }

    private static byte[] withAdobe(byte[] jpeg, int transform) {
        byte[] segment = join(
                new byte[] {(byte) 0xff, (byte) 0xee, 0, 14},
                "Adobe".getBytes(StandardCharsets.US_ASCII),
                new byte[] {0, 100, 0, 0, 0, 0, (byte) transform});
        byte[] silent = withoutApplicationSegments(jpeg);
        return join(Arrays.copyOf(silent, 2), segment, Arrays.copyOfRange(silent, 2, silent.length));
    }

    private static byte[] labelled(String photometric, byte[] jpeg) {
        List<Part> parts = with(eightBits(), words(0x00280002, "US", 3));
        return file(
                with(parts, text(0x00280004, "CS", photometric)), join(item(), fragments(jpeg, jpeg.length), end()));
    }

    private static byte[] frames(int frames, byte[]... pixelData) {
        return file(with(eightBits(), text(0x00280008, "IS", String.valueOf(frames))), join(pixelData));
    }

    private static List<Part> eightBits() {
        List<Part> parts = RawDicom.chest();
        for (int tag : new int[] {0x00281050, 0x00281051, 0x7fe00010}) {
            parts = RawDicom.without(parts, tag);
        }
        parts = with(parts, words(0x00280010, "US", HEIGHT));
        parts = with(parts, words(0x00280011, "US", WIDTH));
        parts = with(parts, words(0x00280100, "US", 8));
        parts = with(parts, words(0x00280101, "US", 8));
        return with(parts, words(0x00280102, "US", 7));
    }

    private static byte[] file(List<Part> parts, byte[] pixelData) {
        byte[] header = new Bytes().tag(0x7fe00010).text("OB").two(0).four(-1).toArray();
        return RawDicom.file(TransferSyntax.JPEG_BASELINE.uid(), join(explicit(parts), header, pixelData));
    }

    private static byte[] fragments(byte[] frame, int size) {
        Bytes bytes = new Bytes();
        byte[] even = Arrays.copyOf(frame, frame.length + frame.length % 2);
        for (int from = 0; from < even.length; from += size + size % 2) {
            bytes.add(item(Arrays.copyOfRange(even, from, Math.min(even.length, from + size + size % 2))));
        }
        return bytes.toArray();
    }

    private static byte[] numbers(int... values) {
        Bytes bytes = new Bytes();
        Arrays.stream(values).forEach(bytes::four);
        return bytes.toArray();
    }

    private static byte[] item(byte... content) {
        return new Bytes().tag(ITEM).four(content.length).add(content).toArray();
    }

    private static byte[] end() {
        return new Bytes().tag(END).four(0).toArray();
    }
}
