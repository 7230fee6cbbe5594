// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DicomBuilder;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.dicom.DicomWriter;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents belong to the patient and the study of their image, in the very bytes that the image has. */
class IdentityTest {

    /** With their numbers in PS3.6 and value representations. */
    private static final Map<Attribute, String> IDENTITY = Map.ofEntries(
            Map.entry(Attribute.SPECIFIC_CHARACTER_SET, "00080005 CS"),
            Map.entry(Attribute.ACCESSION_NUMBER, "00080050 SH"),
            Map.entry(Attribute.STUDY_DESCRIPTION, "00081030 LO"),
            Map.entry(Attribute.REFERRING_PHYSICIAN_NAME, "00080090 PN"),
            Map.entry(Attribute.PATIENT_NAME, "00100010 PN"),
            Map.entry(Attribute.PATIENT_ID, "00100020 LO"),
            Map.entry(Attribute.ISSUER_OF_PATIENT_ID, "00100021 LO"),
            Map.entry(Attribute.PATIENT_BIRTH_DATE, "00100030 DA"),
            Map.entry(Attribute.PATIENT_SEX, "00100040 CS"),
            Map.entry(Attribute.OTHER_PATIENT_IDS, "00101000 LO"),
            Map.entry(Attribute.STUDY_INSTANCE_UID, "0020000D UI"),
            Map.entry(Attribute.STUDY_ID, "00200010 SH"));

    private static DicomBuilder image() {
        return new DicomBuilder()
                .identified()
                .add(Attribute.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
                .add(Attribute.ROWS, 4)
                .add(Attribute.COLUMNS, 4);
    }

    private static DicomBuilder add(DicomBuilder builder, Attribute attribute, byte[] value) {
        String about = Objects.requireNonNull(IDENTITY.get(attribute));
        return builder.add(HexFormat.fromHexDigits(about, 0, 8), about.substring(9), value);
    }

    private static SourceImage source(DicomBuilder builder, TransferSyntax syntax) {
        return new SourceImage(DicomFile.read(builder.file(syntax), 1 << 20).dataSet(), 1);
    }

    /** A report, a presentation state and a picture, as others read them. */
    private static Stream<DataSet> documents(SourceImage source) {
        Header header = new Header(
                source,
                "2.25.1",
                "2.25.2",
                9101,
                "Findings",
                new Device("us", "model", "1", "1"),
                DocumentTime.of(Instant.EPOCH));
        List<ReportedFinding> findings =
                List.of(new ReportedFinding("Mass", Code.dcm("1", "Mass"), 0.5, null, List.of()));
        return Stream.of(
                        MeasurementReport.of(header, findings, List.of(), List.of("a warning"), null),
                        PresentationState.of(header, findings, "remark"),
                        SecondaryCapture.of(
                                header,
                                new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB),
                                "ours",
                                List.of("a warning"),
                                PictureFormat.UNCOMPRESSED))
                .map(document -> DicomFile.read(DicomWriter.write(document), 0).dataSet());
    }

    private static void assertSameIdentity(SourceImage source) {
        assertThat(documents(source)).hasSize(3).allSatisfy(document -> assertThat(IDENTITY.keySet())
                .allSatisfy(attribute -> assertThat(hex(document, attribute))
                        .as(attribute.toString())
                        .isEqualTo(hex(source.dataSet(), attribute))));
    }

    private static String hex(DataSet dataSet, Attribute attribute) {
        ByteBuffer bytes = dataSet.bytes(attribute).orElse(ByteBuffer.allocate(0));
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return HexFormat.of().formatHex(copy);
    }

    /** Bytes above 7f are written as Latin-1 characters, an escape as ~ and a zero as ^@. */
    private static byte[] bytes(String text) {
        byte[] bytes = text.replace("^@", "\0").replace('~', '\u001b').getBytes(ISO_8859_1);
        return bytes.length % 2 == 0 ? bytes : Arrays.copyOf(bytes, bytes.length + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "ISO_IR_100|M\u00fcller^J\u00f6rg|M\u00dc-17",
                "|M\u00fcller|\u00d6-1234",
                "ISO_IR 100|M\u00fcller^J\u00f6rg|M\u00dc-17",
                "iso_ir 192|M\u00c3\u00bcller|M\u00c3\u009c-17",
                "ISO_IR 192|M\u00fcller, which is not UTF-8|M\u00dc-17",
                "UTF-8|M\u00c3\u00bcller|M\u00c3\u009c-17",
                "ISO 2022 IR 100\\ISO 2022 IR 144|M\u00fcller=~-L\u00bb\u00ee|~-L\u00bb\u00ee",
                "\\ISO 2022 IR 87|Yamada^Tarou=~$B;3ED~(B^~$BB@O:~(B|~$B;3ED~(B",
                "ISO_IR 13|\u00d4\u00cf\u00c0\u00de|\u00d4\u00cf-17",
                // The second byte of these characters is that of a backslash.
                "GBK|\u0095\\|\u0095\\-17",
                "GB18030|\u0095\\|\u0095\\-17",
                "SHIFT_JIS|\u0083\\|\u0083\\-17",
                "no such set|M\u00fcller|\u00ff\u00fe",
                "ISO_IR 100|  two^spaces  |  17  ",
                "ISO_IR 100|zero^@|17^@^@",
                "ISO_IR 100|a\\b|17\\18",
                "ISO_IR 100|    |    ",
                "ISO_IR 100||",
            })
    void identityKeepsItsBytesWhateverTheCharacterSetIs(String terms, String name, String id) {
        for (TransferSyntax syntax : List.of(
                TransferSyntax.EXPLICIT_LITTLE_ENDIAN,
                TransferSyntax.IMPLICIT_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_BIG_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_LITTLE_ENDIAN)) {
            DicomBuilder image = image();
            if (terms != null) {
                add(image, Attribute.SPECIFIC_CHARACTER_SET, bytes(terms));
            }
            add(image, Attribute.PATIENT_NAME, bytes(name == null ? "" : name));
            for (Attribute attribute : List.of(
                    Attribute.PATIENT_ID,
                    Attribute.ISSUER_OF_PATIENT_ID,
                    Attribute.OTHER_PATIENT_IDS,
                    Attribute.ACCESSION_NUMBER,
                    Attribute.STUDY_ID,
                    Attribute.STUDY_DESCRIPTION,
                    Attribute.REFERRING_PHYSICIAN_NAME,
                    Attribute.PATIENT_BIRTH_DATE,
                    Attribute.PATIENT_SEX)) {
                add(image, attribute, bytes(id == null ? "" : id));
            }

            assertSameIdentity(source(image, syntax));
        }
    }

    @Test
    void anImageWithoutIdentityGetsDocumentsWithout() {
        assertSameIdentity(source(image(), TransferSyntax.EXPLICIT_LITTLE_ENDIAN));
    }

    @ParameterizedTest
    @ValueSource(ints = {66, 1000, 65534})
    void anIdThatIsTooLongIsTheSame(int length) {
        byte[] id = new byte[length];
        Arrays.fill(id, (byte) 0xe9);

        assertSameIdentity(source(add(image(), Attribute.PATIENT_ID, id), TransferSyntax.IMPLICIT_LITTLE_ENDIAN));
    }

    @Test
    void anIdThatNoDocumentCanRepeatIsRefused() {
        SourceImage source =
                source(add(image(), Attribute.PATIENT_ID, new byte[65536]), TransferSyntax.IMPLICIT_LITTLE_ENDIAN);

        assertThatExceptionOfType(UnreferenceableImageException.class)
                .isThrownBy(() -> documents(source).toList())
                .withMessageContaining("(0010,0020)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"IMPLICIT_LITTLE_ENDIAN", "EXPLICIT_LITTLE_ENDIAN", "EXPLICIT_BIG_ENDIAN"})
    void theIssuerOfAnIdIsCopied(TransferSyntax syntax) {
        DicomBuilder image = image().sequence(
                        Attribute.ISSUER_OF_PATIENT_ID_QUALIFIERS_SEQUENCE,
                        new DicomBuilder().add(Attribute.UNIVERSAL_ENTITY_ID, "1.2.3"))
                .sequence(
                        Attribute.OTHER_PATIENT_IDS_SEQUENCE,
                        new DicomBuilder()
                                .add(Attribute.PATIENT_ID, "M\u00dc-17")
                                .sequence(
                                        Attribute.ISSUER_OF_PATIENT_ID_QUALIFIERS_SEQUENCE,
                                        new DicomBuilder().add(Attribute.UNIVERSAL_ENTITY_ID, "1.2.4")));

        assertThat(documents(source(image, syntax))).allSatisfy(document -> {
            assertThat(document.items(Attribute.ISSUER_OF_PATIENT_ID_QUALIFIERS_SEQUENCE))
                    .singleElement()
                    .satisfies(issuer -> assertThat(issuer.string(Attribute.UNIVERSAL_ENTITY_ID))
                            .contains("1.2.3"));
            assertThat(document.items(Attribute.OTHER_PATIENT_IDS_SEQUENCE))
                    .singleElement()
                    .satisfies(other -> {
                        assertThat(hex(other, Attribute.PATIENT_ID)).isEqualTo("4ddc2d313720");
                        assertThat(other.items(Attribute.ISSUER_OF_PATIENT_ID_QUALIFIERS_SEQUENCE))
                                .hasSize(1);
                    });
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.3\\1.2.4", "1.2 3", "x", "../1"})
    void whatIsNoUidCannotBeReferredTo(String uid) {
        DicomBuilder image = image().add(Attribute.STUDY_INSTANCE_UID, uid);

        assertThatExceptionOfType(UnreferenceableImageException.class)
                .isThrownBy(() -> source(image, TransferSyntax.EXPLICIT_LITTLE_ENDIAN))
                .withMessageContaining("(0020,000D)");
    }

    @ParameterizedTest
    @CsvSource({
        "ISO_IR 192, Überblähung α, Überblähung α",
        "ISO_IR 100, Überblähung α, Uberblahung U+03B1",
        "'', 心 × 2 – 3, U+5FC3 U+00D7 2 U+2013 3",
        "GB18030, a\\b, a/b",
    })
    void ourOwnTextIsAsciiUnlessTheImageStatesUtf8(String terms, String text, String legible) {
        SourceImage source =
                source(image().add(Attribute.SPECIFIC_CHARACTER_SET, terms), TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        assertThat(source.legible(text)).isEqualTo(legible);
    }
}
