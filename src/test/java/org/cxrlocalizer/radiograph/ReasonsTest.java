// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DicomBuilder;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Why an image is refused, in words that help who sent it. */
class ReasonsTest {

    /** Names of classes and packages, and what the JDK says of arrays. */
    private static final Pattern OF_CODE = Pattern.compile(
            "[a-z]\\.[a-z]+\\.|[a-z][A-Z]|Exception|Error\\b|\\bnull\\b|\\b[Ii]ndex \\d|out of bounds|\\[width=|\\w@[0-9a-f]{4}");

    private static final RadiographReader READER = RadiographReaders.reader();

    @ParameterizedTest
    @CsvSource({
        "1.2.840.10008.5.1.4.1.1.88.59, KO, Key Object Selection",
        "1.2.840.10008.5.1.4.1.1.88.11, SR, Basic Text SR",
        "1.2.840.10008.5.1.4.1.1.11.1, PR, Presentation State",
        "1.2.840.10008.5.1.4.1.1.104.1, DOC, Encapsulated PDF",
        "1.2.840.10008.5.1.4.1.1.9.1.1, ECG, ECG",
        "1.2.840.10008.5.1.4.1.1.1, CR, Computed Radiography"
    })
    void anObjectWithoutPixelsHoldsNoImage(String sopClass, String modality, String name) {
        DicomBuilder file = new DicomBuilder()
                .add(Attribute.SOP_CLASS_UID, sopClass)
                .add(Attribute.MODALITY, modality)
                .add(Attribute.PATIENT_ID, "SECRET");

        assertThatHoldsNoImage(file.file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN), name);
    }

    @Test
    void aDirectoryAndAWorkListHoldNoImage() {
        DicomBuilder record = new DicomBuilder().add(Attribute.PATIENT_ID, "SECRET");
        byte[] directory = DicomBuilder.file(
                TransferSyntax.EXPLICIT_LITTLE_ENDIAN.uid(),
                new DicomBuilder().add(Attribute.MEDIA_STORAGE_SOP_CLASS_UID, "1.2.840.10008.1.3.10"),
                new DicomBuilder()
                        .sequence(Attribute.DIRECTORY_RECORD_SEQUENCE, record)
                        .bare(TransferSyntax.EXPLICIT_LITTLE_ENDIAN));
        DicomBuilder step = new DicomBuilder().add(Attribute.MODALITY, "CR");
        byte[] workList = new DicomBuilder()
                .add(Attribute.SPECIFIC_CHARACTER_SET, "ISO_IR 100")
                .add(Attribute.PATIENT_ID, "SECRET")
                .sequence(Attribute.SCHEDULED_PROCEDURE_STEP_SEQUENCE, step)
                .bare(TransferSyntax.IMPLICIT_LITTLE_ENDIAN);

        assertThatHoldsNoImage(directory, "DICOMDIR");
        assertThatHoldsNoImage(workList, "work list");
    }

    @Test
    void aRadiographWithoutItsPixelsHoldsNoImage() {
        DicomBuilder file = DicomRadiographTest.chest(16, 12, 11, 0);

        assertThatHoldsNoImage(file.file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN), "(7FE0,0010)");
        assertThatHoldsNoImage(
                file.add(Attribute.PIXEL_DATA, new int[0]).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN), "(7FE0,0010)");
    }

    @Test
    void aFrameThatIsNoJpegHoldsNone() {
        byte[] png = Samples.encoded(new BufferedImage(13, 7, BufferedImage.TYPE_BYTE_GRAY), "png");
        for (byte[] frame : List.of(png, new byte[200], "no picture at all".getBytes(StandardCharsets.US_ASCII))) {
            byte[] file = DicomRadiographTest.chest(8, 8, 7, 0)
                    .fragments(new int[0], frame)
                    .file(TransferSyntax.JPEG_BASELINE);

            assertThatRefused(file, "has no JPEG");
        }
    }

    @Test
    void compressionThatContradictsTheTransferSyntaxIsNamed() {
        DicomBuilder file = DicomRadiographTest.chest(8, 8, 7, 0);
        byte[] jpeg = Samples.encoded(new BufferedImage(13, 7, BufferedImage.TYPE_BYTE_GRAY), "jpeg");

        assertThatRefused(
                DicomRadiographTest.pixels(file, 8, new int[13 * 7]).file(TransferSyntax.JPEG_BASELINE),
                "is not compressed");
        assertThatRefused(
                file.fragments(new int[0], jpeg).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN), "is compressed");
    }

    @ParameterizedTest
    @EnumSource(FuzzTarget.class)
    void noReasonNamesCode(FuzzTarget target) throws IOException {
        Random random = new Random(25);
        for (Path seed : target.inputs()) {
            byte[] bytes = Files.readAllBytes(seed);
            for (int run = 0; run < 60 && bytes.length > 0; run++) {
                byte[] damaged = run % 4 == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
                for (int i = 0; i <= random.nextInt(6) && damaged.length > 0; i++) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                }
                try {
                    target.decode(damaged);
                } catch (RuntimeException e) {
                    assertThat(e.getMessage()).isNotBlank().doesNotContainPattern(OF_CODE);
                }
            }
        }
    }

    /** Files of the JDK's encoders, whose readers fail in many ways. */
    @Test
    void noReasonOfADamagedPictureNamesCode() {
        Random random = new Random(26);
        BufferedImage picture = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 48; i++) {
            picture.setRGB(i % 64, i / 64, random.nextInt());
        }
        Stream.of("png", "jpeg").map(format -> Samples.encoded(picture, format)).forEach(bytes -> {
            for (int run = 0; run < 3000; run++) {
                byte[] damaged = bytes.clone();
                for (int i = 0; i <= random.nextInt(3); i++) {
                    damaged[random.nextInt(Math.min(damaged.length, 700))] = (byte) random.nextInt(256);
                }
                try {
                    READER.read(damaged);
                } catch (RuntimeException e) {
                    assertThat(e.getMessage()).isNotBlank().doesNotContainPattern(OF_CODE);
                }
            }
        });
    }

    private static void assertThatHoldsNoImage(byte[] file, String what) {
        assertThatRefused(file, "holds no image");
        assertThatRefused(file, what);
        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> READER.read(file, new ReadOptions(true, 1, true)))
                .withMessageContaining("holds no image");
    }

    private static void assertThatRefused(byte[] file, String reason) {
        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> READER.read(file, new ReadOptions(true, 1, false)))
                .withMessageContaining(reason)
                .withMessageNotContaining("SECRET");
    }
}
