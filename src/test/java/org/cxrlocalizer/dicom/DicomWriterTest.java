// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is written is read by our own parser here; `.ci/dicom-output` has pydicom, dicom3tools and PixelMed read it. */
class DicomWriterTest {

    private static DataSetBuilder image() {
        return new DataSetBuilder()
                .text(Attribute.SPECIFIC_CHARACTER_SET, "ISO_IR 192")
                .text(Attribute.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.7")
                .text(Attribute.SOP_INSTANCE_UID, "1.2.3");
    }

    private static DataSet readBack(DataSetBuilder builder) {
        return DicomFile.read(DicomWriter.write(builder.build()), 0).dataSet();
    }

    @Test
    void aFileBeginsWithItsMetaInformation() {
        byte[] file = DicomWriter.write(image().build());

        assertThat(new String(file, 128, 4, StandardCharsets.US_ASCII)).isEqualTo("DICM");
        // Group length: what follows it in group 2 (PS3.10, section 7.1).
        byte[] length = Arrays.copyOfRange(file, 132, 144);
        assertThat(length).startsWith(2, 0, 0, 0, 'U', 'L', 4, 0);
        int behind = 144 + (length[8] & 0xff) + ((length[9] & 0xff) << 8);
        assertThat(Arrays.copyOfRange(file, behind, behind + 4)).containsExactly(8, 0, 5, 0);
        assertThat(DicomFile.read(file, 0).transferSyntax()).isEqualTo(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
    }

    @Test
    void everyValueHasAnEvenLength() {
        byte[] file = DicomWriter.write(image().text(Attribute.PATIENT_ID, "odd")
                .bytes(Attribute.PIXEL_DATA, new byte[] {1, 2, 3})
                .build());

        assertThat(file.length % 2).isZero();
        assertThat(Arrays.copyOfRange(file, file.length - 4, file.length)).containsExactly(1, 2, 3, 0);
        String text = new String(file, StandardCharsets.ISO_8859_1);
        assertThat(text).contains("odd ").contains("1.2.3\0");
    }

    @Test
    void textOfAnotherDataSetKeepsItsBytesAndCharacterSet() {
        // ISO 2022 IR 87, PS3.5, annex H.3.1: Yamada^Tarou=山田^太郎=やまだ^たろう.
        byte[] name =
                "Yamada^Tarou=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B=\u001b$B$d$^$@\u001b(B^\u001b$B$?$m$&\u001b(B"
                        .getBytes(StandardCharsets.ISO_8859_1);
        DataSet source = DicomFile.read(
                        new DicomBuilder()
                                .add(Attribute.SPECIFIC_CHARACTER_SET, "\\ISO 2022 IR 87")
                                .add(
                                        0x00100010,
                                        "PN",
                                        name.length % 2 == 0 ? name : Arrays.copyOf(name, name.length + 1))
                                .file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN),
                        0)
                .dataSet();

        DataSet copy = readBack(
                image().copy(source, Attribute.SPECIFIC_CHARACTER_SET, Attribute.PATIENT_NAME, Attribute.PATIENT_ID));

        assertThat(copy.bytes(Attribute.PATIENT_NAME)).isEqualTo(source.bytes(Attribute.PATIENT_NAME));

        assertThat(copy.text(Attribute.PATIENT_NAME)).contains("Yamada^Tarou=山田^太郎=やまだ^たろう");
        assertThat(copy.text(Attribute.PATIENT_ID)).isEmpty();
    }

    @Test
    void whatHasAnotherStructureThanTextIsNotCopied() {
        DataSet source = DicomFile.read(
                        new DicomBuilder()
                                .sequence(Attribute.PATIENT_ID, new DicomBuilder().add(Attribute.CODE_VALUE, "1"))
                                .file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN),
                        0)
                .dataSet();

        assertThatExceptionOfType(DicomException.class)
                .isThrownBy(() -> image().copy(source, Attribute.PATIENT_ID))
                .withMessageContaining("(0010,0020)");
    }

    @Test
    void numbersAreWrittenInTheAttributesRepresentation() {
        DataSet copy = readBack(image().numbers(Attribute.ROWS, 65535)
                .numbers(Attribute.DISPLAYED_AREA_TOP_LEFT, -1, 2)
                .numbers(Attribute.GRAPHIC_DATA, 1.5, 1e6)
                .numbers(Attribute.PIXEL_SPACING, 1.0 / 3, 1e-12)
                .words(Attribute.LUT_DESCRIPTOR, 4096, 0, 16));

        assertThat(copy.decimals(Attribute.ROWS)).containsExactly(65535);
        assertThat(copy.decimals(Attribute.DISPLAYED_AREA_TOP_LEFT)).containsExactly(-1, 2);
        assertThat(copy.decimals(Attribute.GRAPHIC_DATA)).containsExactly(1.5, 1e6);
        assertThat(copy.strings(Attribute.PIXEL_SPACING)).containsExactly("0.3333333333", "0.000000000001");
        assertThat(copy.words(Attribute.LUT_DESCRIPTOR)).containsExactly(4096, 0, 16);
    }

    /** PS3.5, section 6.2: an exponent is no part of an integer string. */
    @Test
    void integerStringsHaveNoExponent() {
        DataSet copy = readBack(image().numbers(Attribute.REFERENCED_FRAME_NUMBER, 10, 100, 2_000_000)
                .numbers(Attribute.SERIES_NUMBER, 9900)
                .numbers(Attribute.PIXEL_ASPECT_RATIO, 200, 100)
                .numbers(Attribute.WINDOW_WIDTH, 4000));

        assertThat(copy.strings(Attribute.REFERENCED_FRAME_NUMBER)).containsExactly("10", "100", "2000000");
        assertThat(copy.strings(Attribute.SERIES_NUMBER)).containsExactly("9900");
        assertThat(copy.strings(Attribute.PIXEL_ASPECT_RATIO)).containsExactly("200", "100");
        assertThat(copy.strings(Attribute.WINDOW_WIDTH)).containsExactly("4000");
    }

    @Test
    void decimalStringsHaveAtMostSixteenCharacters() {
        double[] values = {Math.PI * 1e-300, -Math.E * 1e300, -123456789.125, 1e10, 0};

        assertThat(readBack(image().numbers(Attribute.RESCALE_SLOPE, values)).strings(Attribute.RESCALE_SLOPE))
                .allMatch(text -> text.length() <= 16)
                .satisfies(texts -> IntStream.range(0, values.length)
                        .forEach(i -> assertThat(Double.parseDouble(texts.get(i)))
                                .isCloseTo(values[i], within(1e-9 * Math.abs(values[i])))));
    }

    @Test
    void sequencesHoldItems() {
        DataSet inner = new DataSetBuilder().text(Attribute.CODE_VALUE, "1").build();

        DataSet copy = readBack(
                image().items(Attribute.VIEW_CODE_SEQUENCE, inner, inner).items(Attribute.ANATOMIC_REGION_SEQUENCE));

        assertThat(copy.items(Attribute.VIEW_CODE_SEQUENCE))
                .hasSize(2)
                .allMatch(
                        item -> item.string(Attribute.CODE_VALUE).orElseThrow().equals("1"));
        assertThat(copy.items(Attribute.ANATOMIC_REGION_SEQUENCE)).isEmpty();
    }

    @Test
    void aDataSetWithoutASopClassIsNotWritten() {
        assertThatExceptionOfType(DicomException.class)
                .isThrownBy(() -> DicomWriter.write(new DataSetBuilder().build()))
                .withMessageContaining("(0008,0016)");
    }

    @Test
    void derivedUidsAreTheSameForTheSamePartsAndValid() {
        assertThat(DerivedUid.of("a", "bc")).isEqualTo(DerivedUid.of("a", "bc")).isNotEqualTo(DerivedUid.of("ab", "c"));
        for (int i = 0; i < 1000; i++) {
            // PS3.5, section 9.1: at most 64 characters, no leading zeros.
            assertThat(DerivedUid.of(String.valueOf(i)))
                    .matches("2\\.25\\.[1-9][0-9]{0,38}")
                    .hasSizeLessThan(65);
        }
    }
}
