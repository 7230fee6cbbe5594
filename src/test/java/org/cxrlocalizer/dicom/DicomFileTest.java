// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DicomFileTest {

    private static final int MOST = 1 << 20;

    @ParameterizedTest
    @EnumSource(TransferSyntax.class)
    void theSameElementsAreReadInEveryTransferSyntax(TransferSyntax syntax) {
        DicomFile file = DicomFile.read(everything().file(syntax), MOST);

        assertThat(file.transferSyntax()).isEqualTo(syntax);
        assertThatEverythingIsIn(file.dataSet());
    }

    @ParameterizedTest
    @EnumSource(
            value = TransferSyntax.class,
            names = {"IMPLICIT_LITTLE_ENDIAN", "EXPLICIT_LITTLE_ENDIAN"})
    void theEncodingOfABareDataSetIsFound(TransferSyntax syntax) {
        DicomFile file = DicomFile.read(everything().bare(syntax), MOST);

        assertThat(file.transferSyntax()).isEqualTo(syntax);
        assertThatEverythingIsIn(file.dataSet());
    }

    @Test
    void metaInformationIsReadWithoutAPreambleToo() {
        byte[] file = everything().file(TransferSyntax.EXPLICIT_BIG_ENDIAN);

        assertThatEverythingIsIn(
                DicomFile.read(Arrays.copyOfRange(file, 132, file.length), MOST).dataSet());
    }

    @Test
    void zerosBehindTheDataSetArePassedOver() {
        byte[] file = everything().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        assertThatEverythingIsIn(
                DicomFile.read(Arrays.copyOf(file, file.length + 5), MOST).dataSet());
    }

    @Test
    void groupLengthsPrivateElementsAndTrailingPaddingMayStandAnywhere() {
        byte[] file = everything()
                .add(0x00080000, "UL", new byte[4])
                .add(0x00090010, "LO", ascii("OURS"))
                .add(0x00091001, "QQ", ascii("of a future value representation"))
                .add(0xfffcfffc, "OB", new byte[20])
                .file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        assertThatEverythingIsIn(DicomFile.read(file, MOST).dataSet());
    }

    @Test
    void aPrivateSequenceOfUnknownRepresentationHoldsImplicitEncoding() {
        DicomBuilder inner = new DicomBuilder().add(Attribute.MODALITY, "XX");
        byte[] file =
                everything().sequence(0x00091002, "UN", true, inner, inner).file(TransferSyntax.EXPLICIT_BIG_ENDIAN);

        assertThatEverythingIsIn(DicomFile.read(file, MOST).dataSet());
    }

    @Test
    void aKnownSequenceOfUnknownRepresentationIsReadAsOne() {
        byte[] file = new DicomBuilder()
                .sequence(
                        Attribute.VOI_LUT_SEQUENCE.tag(),
                        "UN",
                        false,
                        new DicomBuilder().add(Attribute.LUT_DESCRIPTOR, 256, 0, 8))
                .file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        DataSet item = DicomFile.read(file, MOST)
                .dataSet()
                .items(Attribute.VOI_LUT_SEQUENCE)
                .get(0);
        assertThat(item.words(Attribute.LUT_DESCRIPTOR)).containsExactly(256, 0, 8);
    }

    @Test
    void elementsOutOfOrderAreReadWithANote() {
        byte[] later = new DicomBuilder().add(Attribute.ROWS, 4).bytes(Encoding.EXPLICIT_LITTLE);
        byte[] earlier = new DicomBuilder().add(Attribute.MODALITY, "SECRET").bytes(Encoding.EXPLICIT_LITTLE);
        ByteArrayOutputStream wrong = new ByteArrayOutputStream();
        wrong.writeBytes(later);
        wrong.writeBytes(earlier);

        DicomFile file = DicomFile.read(
                DicomBuilder.file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN.uid(), wrong.toByteArray()), MOST);

        assertThat(file.dataSet().string(Attribute.MODALITY)).contains("SECRET");
        assertThat(file.dataSet().requiredInteger(Attribute.ROWS)).isEqualTo(4);
        assertThat(file.notes()).singleElement().asString().contains("ascending order");
    }

    @Test
    void anElementTwiceIsReadOnceIfBothAreTheSame() {
        byte[] once = new DicomBuilder().add(Attribute.ROWS, 4).bytes(Encoding.IMPLICIT_LITTLE);
        byte[] other = new DicomBuilder().add(Attribute.ROWS, 5).bytes(Encoding.IMPLICIT_LITTLE);

        DicomFile file = DicomFile.read(twice(once, once), MOST);

        assertThat(file.dataSet().requiredInteger(Attribute.ROWS)).isEqualTo(4);
        assertThat(file.notes()).singleElement().asString().contains("(0028,0010) twice");
        assertThatExceptionOfType(DicomException.class)
                .isThrownBy(() -> DicomFile.read(twice(once, other), MOST))
                .withMessageContaining("(0028,0010)");
    }

    @ParameterizedTest
    @CsvSource({
        "12, 12",
        "' 1.5 ', 1.5",
        "'0,143', 0.143",
        "-1e3, -1000",
        ".5, 0.5",
        "'7\n', 7",
        "abc, NaN",
        "'', NaN",
        "1d, NaN",
        "0x10, NaN",
        "1e999, NaN",
        "NaN, NaN",
        "'1,000.5', NaN",
        "'1 2', NaN"
    })
    void decimalStringsAreReadWithAPointOrAComma(String text, Double number) {
        assertThat(DecimalString.parse(text)).isEqualTo(number);
    }

    @Test
    void valuesWithoutNumberTakeNoMemory() {
        byte[] file = new DicomBuilder()
                .add(0x00281050, "DS", ascii("\\".repeat(1 << 20)))
                .file(TransferSyntax.IMPLICIT_LITTLE_ENDIAN);

        assertThat(DicomFile.read(file, MOST).dataSet().decimals(Attribute.WINDOW_CENTER))
                .hasSizeLessThan(2000);
    }

    @Test
    void aLongNumberTakesNoLongTime() {
        assertThat(DecimalString.parse(" ".repeat(1 << 20) + "x")).isNaN();
        assertThat(DecimalString.parse("1".repeat(1 << 20) + "x")).isNaN();
    }

    private static byte[] twice(byte[] first, byte[] second) {
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        twice.writeBytes(first);
        twice.writeBytes(second);
        return DicomBuilder.file(TransferSyntax.IMPLICIT_LITTLE_ENDIAN.uid(), twice.toByteArray());
    }

    @Test
    void aLengthBeyondTheEndIsRefusedBeforeAnythingIsAllocated() {
        byte[] file = new DicomBuilder().add(0x00100010, "OB", new byte[4]).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        file[file.length - 5] = 0x7f; // the length's highest byte

        assertThatExceptionOfType(DicomException.class)
                .isThrownBy(() -> DicomFile.read(file, MOST))
                .withMessageContaining("(0010,0010)")
                .withMessageContaining("2130706436 bytes, and 4 are left");
    }

    @Test
    void sequencesMayLieDeepInOneAnotherButNotWithoutEnd() {
        assertThat(DicomFile.read(nested(30).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN), MOST)
                        .dataSet()
                        .size())
                .isEqualTo(1);
        assertThatExceptionOfType(DicomException.class)
                .isThrownBy(() -> DicomFile.read(nested(40).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN), MOST))
                .withMessageContaining("deep");
    }

    @Test
    void elementsWithoutNumberAreRefused() {
        DicomBuilder[] items = new DicomBuilder[250_000];
        Arrays.fill(items, new DicomBuilder());
        byte[] file =
                new DicomBuilder().sequence(0x00091002, "SQ", false, items).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        assertThatExceptionOfType(DicomException.class)
                .isThrownBy(() -> DicomFile.read(file, MOST))
                .withMessageContaining("more than 200000 elements");
    }

    @Test
    void whatInflatesBeyondTheLimitIsRefused() {
        byte[] bomb = new DicomBuilder()
                .add(0x00091001, "OB", new byte[2 * MOST])
                .file(TransferSyntax.DEFLATED_EXPLICIT_LITTLE_ENDIAN);

        assertThat(bomb).hasSizeLessThan(10_000);
        assertThatExceptionOfType(DataSetTooLargeException.class).isThrownBy(() -> DicomFile.read(bomb, MOST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.4.201", "1.2.3.4"})
    void otherTransferSyntaxesAreNamed(String uid) {
        assertThatExceptionOfType(UnsupportedTransferSyntaxException.class)
                .isThrownBy(() -> DicomFile.read(DicomBuilder.file(uid, new byte[0]), MOST))
                .withMessageContaining(uid)
                .withMessageContaining("another one from the PACS");
    }

    @Test
    void aTransferSyntaxThatIsNoneIsNotRepeated() {
        assertThatExceptionOfType(DicomException.class)
                .isThrownBy(() -> DicomFile.read(DicomBuilder.file("Doe^John", new byte[0]), MOST))
                .withMessageNotContaining("Doe");
    }

    @ParameterizedTest
    @EnumSource(
            value = TransferSyntax.class,
            names = {"IMPLICIT_LITTLE_ENDIAN", "EXPLICIT_BIG_ENDIAN", "RLE_LOSSLESS"})
    void aFileCutShortOrDamagedIsReadOrRefusedButNothingElse(TransferSyntax syntax) {
        DicomBuilder builder = everything().sequence(0x00091002, "UN", true, everything());
        byte[] file = (syntax == TransferSyntax.RLE_LOSSLESS
                        ? builder.fragments(new int[] {0}, new byte[64], new byte[6])
                        : builder)
                .file(syntax);
        Random random = new Random(6);
        for (int length = 0; length < file.length; length++) {
            readOrRefuse(Arrays.copyOf(file, length));
        }
        for (int run = 0; run < 3_000; run++) {
            byte[] damaged = file.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                damaged[132 + random.nextInt(file.length - 132)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : -1);
            }
            readOrRefuse(damaged);
        }
    }

    private static void readOrRefuse(byte[] bytes) {
        try {
            DataSet dataSet = DicomFile.read(bytes, MOST).dataSet();
            for (Attribute attribute : Attribute.values()) {
                dataSet.strings(attribute);
                dataSet.words(attribute);
                dataSet.text(attribute);
                dataSet.items(attribute);
            }
        } catch (DicomException | UnsupportedTransferSyntaxException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("SECRET");
        }
    }

    private static DicomBuilder nested(int depth) {
        DicomBuilder builder = new DicomBuilder();
        for (int i = 0; i < depth; i++) {
            builder = new DicomBuilder().sequence(0x00091002, "SQ", i % 2 == 0, builder);
        }
        return builder;
    }

    private static DicomBuilder everything() {
        DicomBuilder lut =
                new DicomBuilder().add(Attribute.LUT_DESCRIPTOR, 4, 0, 16).add(Attribute.LUT_DATA, 1, 2, 3, 4);
        return new DicomBuilder()
                .add(Attribute.SPECIFIC_CHARACTER_SET, "ISO_IR 192")
                .add(Attribute.MODALITY, "DX")
                .add(0x00100010, "PN", "SECRET^Änne".getBytes(StandardCharsets.UTF_8))
                .add(Attribute.BODY_PART_EXAMINED, "")
                .add(Attribute.ROWS, 40_000)
                .add(Attribute.PIXEL_SPACING, "0.139\\1.5e-1 ")
                .add(Attribute.PIXEL_PADDING_VALUE, "SS", 0xfffe)
                .sequence(Attribute.MODALITY_LUT_SEQUENCE, lut)
                .sequence(Attribute.VOI_LUT_SEQUENCE.tag(), "SQ", true, lut, new DicomBuilder(), lut)
                .add(Attribute.PIXEL_DATA, 1, 2, 0x1234);
    }

    private static void assertThatEverythingIsIn(DataSet dataSet) {
        assertThat(dataSet.string(Attribute.MODALITY)).contains("DX");
        assertThat(dataSet.string(Attribute.BODY_PART_EXAMINED)).isEmpty();
        assertThat(dataSet.text(Attribute.PATIENT_NAME)).contains("SECRET^Änne");
        assertThat(dataSet.requiredInteger(Attribute.ROWS)).isEqualTo(40_000);
        assertThat(dataSet.decimals(Attribute.PIXEL_SPACING)).containsExactly(0.139, 0.15);
        assertThat(dataSet.words(Attribute.PIXEL_PADDING_VALUE)).containsExactly(0xfffe);
        assertThat(dataSet.items(Attribute.MODALITY_LUT_SEQUENCE)).hasSize(1);
        assertThat(dataSet.items(Attribute.VOI_LUT_SEQUENCE)).hasSize(3);
        DataSet last = dataSet.items(Attribute.VOI_LUT_SEQUENCE).get(2);
        assertThat(last.words(Attribute.LUT_DESCRIPTOR)).containsExactly(4, 0, 16);
        assertThat(last.words(Attribute.LUT_DATA)).containsExactly(1, 2, 3, 4);
        assertThat(dataSet.bytes(Attribute.PIXEL_DATA).orElseThrow().getShort(4))
                .isEqualTo((short) 0x1234);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
