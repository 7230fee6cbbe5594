// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.radiograph.jpeg.JpegScans;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** JPEGs made by libjpeg-turbo, ImageIO and DCMTK, and what becomes of them on the way. */
class JpegScansTest {

    private static final byte[] END = {(byte) 0xff, (byte) 0xd9};

    /** Of one component or three, in one scan or many, with restart intervals or not. */
    @ParameterizedTest
    @ValueSource(
            strings = {"grey-turned", "rgb", "rgb-progressive", "cmyk", "restart-intervals", "progressive-restart"})
    void aFileThatIsCutButHasAnEndIsRefused(String name) throws IOException {
        byte[] jpeg = Files.readAllBytes(Path.of("src/test/fuzz/jpeg", name));
        assertThat(RadiographReaders.reader().read(jpeg).samples()).isNotEmpty();

        for (int length = 2; length < jpeg.length - 2; length++) {
            byte[] cut = joined(Arrays.copyOf(jpeg, length), END);
            assertThatIsRefused(cut);
        }
    }

    @Test
    void aMissingOrRepeatedRestartIntervalIsRefused() {
        byte[] jpeg = restartIntervals();
        List<Integer> restarts = restarts(jpeg);
        assertThat(restarts).hasSize(5);
        int end = jpeg.length - 2;
        for (int i = 0; i < restarts.size(); i++) {
            int from = restarts.get(i);
            int to = i + 1 < restarts.size() ? restarts.get(i + 1) : end;

            assertThatIsRefused(joined(Arrays.copyOf(jpeg, from), Arrays.copyOfRange(jpeg, to, jpeg.length)));
            assertThatIsRefused(joined(Arrays.copyOf(jpeg, to), Arrays.copyOfRange(jpeg, from, jpeg.length)));
            byte[] counted = joined(Arrays.copyOf(jpeg, end), Arrays.copyOfRange(jpeg, from, to), END);
            counted[end + 1] = (byte) 0xd5;
            assertThatIsRefused(counted);
        }
    }

    @Test
    void aRestartMarkerBehindTheLastIntervalDoesNoHarm() {
        byte[] jpeg = restartIntervals();
        byte[] more = joined(Arrays.copyOf(jpeg, jpeg.length - 2), new byte[] {(byte) 0xff, (byte) 0xd5}, END);

        Radiograph radiograph = RadiographReaders.reader().read(more);

        assertThat(radiograph.samples())
                .isEqualTo(RadiographReaders.reader().read(jpeg).samples());
        assertThat(radiograph.warnings()).isEmpty();
    }

    @Test
    void bytesBehindTheEndDoNoHarmAndBytesBeforeItAreNoted() throws IOException {
        byte[] jpeg = Files.readAllBytes(Path.of("src/test/fuzz/jpeg/rgb"));
        Radiograph whole = RadiographReaders.reader().read(jpeg);
        byte[] trailing = {13, 10, 0, (byte) 0xff, (byte) 0xd8, 1};

        Radiograph behind = RadiographReaders.reader().read(joined(jpeg, trailing));
        Radiograph before = RadiographReaders.reader()
                .read(joined(Arrays.copyOf(jpeg, jpeg.length - 2), new byte[] {1, 2, 3}, END));

        assertThat(behind.samples()).isEqualTo(whole.samples());
        assertThat(behind.warnings()).isEqualTo(whole.warnings());
        assertThat(before.samples()).isEqualTo(whole.samples());
        assertThat(before.warnings()).anyMatch(warning -> warning.contains("more compressed data"));
    }

    /** Each scan of a progressive file has coefficients, or bits of them, that no other has. */
    @Test
    void aMissingScanIsRefused() throws IOException {
        byte[] jpeg = Files.readAllBytes(Path.of("src/test/fuzz/jpeg/rgb-progressive"));
        List<Integer> scans = markers(jpeg, 0xda);
        assertThat(scans).hasSizeGreaterThan(5);
        for (int i = 0; i < scans.size(); i++) {
            int to = i + 1 < scans.size() ? scans.get(i + 1) : jpeg.length - 2;

            assertThatIsRefused(joined(Arrays.copyOf(jpeg, scans.get(i)), Arrays.copyOfRange(jpeg, to, jpeg.length)));
            if (i > 0) {
                assertThatIsRefused(joined(Arrays.copyOf(jpeg, scans.get(i)), END));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg-lossless-sv1-16.dcm", "jpeg-lossless-sv1-12.dcm", "jpeg-lossless-57-16.dcm"})
    void aLosslessFrameThatIsCutIsRefused(String name) {
        byte[] jpeg = frame(name);
        int stored = name.contains("12") ? 12 : 16;
        short[] whole = read(jpeg, stored).samples();
        int[] ends = {jpeg.length - 2, jpeg.length - 3, jpeg.length * 3 / 4, jpeg.length / 2, jpeg.length / 4, 40, 2};
        for (int end : Arrays.copyOfRange(ends, 2, ends.length)) {
            assertThatExceptionOfType(UnreadableImageException.class)
                    .isThrownBy(() -> read(joined(Arrays.copyOf(jpeg, end), END), stored));
            assertThatExceptionOfType(UnreadableImageException.class)
                    .isThrownBy(() -> read(Arrays.copyOf(jpeg, end), stored));
        }
        assertThat(read(joined(jpeg, new byte[] {0, 1, 2}), stored).samples()).isEqualTo(whole);
    }

    /** The fragments of a DICOM file say where an image ends; of an upload nothing else does. */
    @Test
    void aFrameWithoutEndMarkerIsReadWithANote() {
        byte[] jpeg = frame("jpeg-lossless-sv1-16.dcm");
        int end = markers(jpeg, 0xd9).get(0);

        Radiograph radiograph = read(Arrays.copyOf(jpeg, end), 16);

        assertThat(radiograph.samples()).isEqualTo(read(jpeg, 16).samples());
        assertThat(radiograph.warnings()).anyMatch(warning -> warning.contains("no end marker"));
    }

    @Test
    void aBaselineFrameThatIsCutIsRefused() throws IOException {
        byte[] jpeg = restartIntervals();
        for (int length = 2; length < jpeg.length - 2; length += 7) {
            byte[] cut = joined(Arrays.copyOf(jpeg, length), END);
            assertThatExceptionOfType(UnreadableImageException.class).isThrownBy(() -> readBaseline(cut));
        }
        assertThat(readBaseline(jpeg).warnings()).noneMatch(warning -> warning.contains("JPEG"));
    }

    @Test
    void tooManyScansAreRefusedBeforeTheyTakeLong() throws IOException {
        byte[] jpeg = Files.readAllBytes(Path.of("src/test/fuzz/jpeg/rgb-progressive"));
        List<Integer> scans = markers(jpeg, 0xda);
        byte[] first = Arrays.copyOfRange(jpeg, scans.get(0), scans.get(1));
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(jpeg, 0, scans.get(0));
        for (int i = 0; i < 300; i++) {
            many.writeBytes(first);
        }
        many.write(jpeg, scans.get(1), jpeg.length - scans.get(1));

        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> RadiographReaders.reader().read(many.toByteArray()))
                .withMessageContaining("more scans");
    }

    @Test
    void damagedScansAreReadOrRefusedButNothingElse() throws IOException {
        Random random = new Random(4);
        for (int run = 0; run < 2000; run++) {
            byte[] jpeg = Files.readAllBytes(Path.of(
                    "src/test/fuzz/jpeg",
                    List.of("rgb-progressive", "restart-intervals", "rgb").get(run % 3)));
            for (int i = 0; i <= random.nextInt(3); i++) {
                jpeg[random.nextInt(jpeg.length)] = (byte) random.nextInt(256);
            }
            try {
                JpegScans.check(jpeg, RadiographReaders.LIMITS::checkPixels, new ArrayList<>());
            } catch (UnreadableImageException | ImageTooLargeException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private static void assertThatIsRefused(byte[] jpeg) {
        assertThatExceptionOfType(UnreadableImageException.class)
                .as("%d bytes", jpeg.length)
                .isThrownBy(() -> RadiographReaders.reader().read(jpeg));
    }

    private static byte[] restartIntervals() {
        return Samples.content("jpeg/restart-intervals.jpg");
    }

    private static List<Integer> restarts(byte[] jpeg) {
        List<Integer> found = new ArrayList<>();
        for (int number = 0; number < 8; number++) {
            found.addAll(markers(jpeg, 0xd0 + number));
        }
        return found;
    }

    /** Where markers lie; no segment of these files looks like one inside. */
    private static List<Integer> markers(byte[] jpeg, int marker) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i + 1 < jpeg.length; i++) {
            if ((jpeg[i] & 0xff) == 0xff && (jpeg[i + 1] & 0xff) == marker) {
                found.add(i);
            }
        }
        return found;
    }

    private static byte[] frame(String name) {
        return DicomFile.read(Samples.content("dicom/" + name), 1 << 20)
                .dataSet()
                .encapsulatedFrame(0, 1);
    }

    private static Radiograph read(byte[] jpeg, int stored) {
        return readFile(DicomRadiographTest.chest(16, stored, stored - 1, 0)
                .add(Attribute.COLUMNS, 64)
                .add(Attribute.ROWS, 48)
                .fragments(new int[0], jpeg)
                .file(TransferSyntax.JPEG_LOSSLESS));
    }

    private static Radiograph readBaseline(byte[] jpeg) {
        return readFile(DicomRadiographTest.chest(8, 8, 7, 0)
                .add(Attribute.COLUMNS, 64)
                .add(Attribute.ROWS, 48)
                .fragments(new int[0], jpeg)
                .file(TransferSyntax.JPEG_BASELINE));
    }

    private static Radiograph readFile(byte[] file) {
        return DicomRadiograph.read(
                file,
                null,
                "",
                ReadOptions.DEFAULT,
                RadiographReaders.limits(new RadiographProperties(DataSize.ofMegabytes(1), 1_000_000)));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(joined::writeBytes);
        return joined.toByteArray();
    }
}
