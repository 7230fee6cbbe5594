// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.cxrlocalizer.NihData;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DicomBuilder;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.radiograph.NotAFrontalChestRadiographException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrontalChestTest {

    private static final Path REAL = NihData.FOLDER.resolve("dicom");

    @Test
    void aFrontalChestRadiographIsReadWithoutAWarning() {
        assertThat(read(chest(), false).warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "MODALITY, CT, MODALITY",
        "MODALITY, PX, MODALITY",
        "BODY_PART_EXAMINED, SKULL, BODY_PART",
        "BODY_PART_EXAMINED, Knee, BODY_PART",
        "VIEW_POSITION, LL, VIEW",
        "VIEW_POSITION, lateral, VIEW",
        "VIEW_POSITION, RAO, VIEW",
        "PATIENT_ORIENTATION, A\\F, VIEW",
        "PRESENTATION_INTENT_TYPE, FOR PROCESSING, FOR_PROCESSING"
    })
    void whatStatesThatItIsSomethingElseIsRefusedOrForced(Attribute attribute, String value, Reason reason) {
        DicomBuilder file = chest().add(attribute, value);

        assertThatExceptionOfType(NotAFrontalChestRadiographException.class)
                .isThrownBy(() -> read(file, false))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(reason));
        assertThat(read(file, true).warnings()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "MODALITY, OT, made by projection radiography", "MODALITY, '', made by projection radiography",
        "BODY_PART_EXAMINED, '', shows a chest", "BODY_PART_EXAMINED, DOE^JOHN, shows a chest",
        "VIEW_POSITION, '', frontal view", "PATIENT_ORIENTATION, R\\F, right are exchanged",
        "PATIENT_ORIENTATION, L\\H, upside down", "BURNED_IN_ANNOTATION, YES, burned into",
        "IMAGE_LATERALITY, L, one side"
    })
    void whatIsLeftOpenIsNotedAndNeverRepeated(Attribute attribute, String value, String warning) {
        List<String> warnings = read(chest().add(attribute, value), false).warnings();

        assertThat(warnings).singleElement().asString().contains(warning).doesNotContain("DOE");
    }

    @ParameterizedTest
    @MethodSource
    void bodyPartsAreUnderstood(String expected, String part) {
        assertThat(outcome(chest().add(Attribute.BODY_PART_EXAMINED, part))).isEqualTo(expected);
    }

    static Stream<Arguments> bodyPartsAreUnderstood() throws IOException {
        return table("body-parts.csv");
    }

    @ParameterizedTest
    @MethodSource
    void viewPositionsAreUnderstood(String expected, String view) {
        assertThat(outcome(chest().add(Attribute.VIEW_POSITION, view)))
                .isEqualTo(expected.equals("frontal") ? "chest" : expected);
    }

    static Stream<Arguments> viewPositionsAreUnderstood() throws IOException {
        return table("views.csv");
    }

    private static Stream<Arguments> table(String name) throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/radiograph", name)).stream()
                .filter(line -> !line.startsWith("#"))
                .skip(1)
                .flatMap(line -> Arrays.stream(
                                line.substring(line.indexOf(',') + 1).split("\\|"))
                        .map(value ->
                                Arguments.of(line.substring(0, line.indexOf(',')), value.equals("''") ? "" : value)));
    }

    /** What becomes of an image. */
    private static String outcome(DicomBuilder file) {
        try {
            Radiograph radiograph = read(file, false);
            String warnings = String.join(" ", radiograph.warnings());
            boolean claimed = radiograph.claims().equals(new Claims(true, true));
            if (warnings.isEmpty() && claimed) {
                return "chest";
            }
            assertThat(claimed).isFalse();
            return warnings.contains("the chest and its neighbours")
                    ? "near"
                    : warnings.contains("unusual")
                            ? "unusual"
                            : warnings.contains("contradicts")
                                    ? "contradiction"
                                    : warnings.contains("does not state") ? "unsaid" : warnings;
        } catch (NotAFrontalChestRadiographException e) {
            return "refused";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SERIES_DESCRIPTION, CHEST LAT, refused",
        "SERIES_DESCRIPTION, Thorax seitlich, refused",
        "SERIES_DESCRIPTION, W Chest Lat., refused",
        "PROTOCOL_NAME, THORAX LATERAL LEFT, refused",
        "ACQUISITION_DEVICE_PROCESSING_DESCRIPTION, CHEST LATERAL, refused",
        "SERIES_DESCRIPTION, L SPINE AP, refused",
        "PROTOCOL_NAME, KNEE LT, refused",
        "STUDY_DESCRIPTION, LEFT KNEE, refused",
        "REQUESTED_PROCEDURE_DESCRIPTION, XR HAND 3 VIEWS, refused",
        "SERIES_DESCRIPTION, CHEST DECUBITUS, refused",
        "SERIES_DESCRIPTION, RX TORAX PERFIL, refused",
        "SERIES_DESCRIPTION, Chien thorax face, refused",
        "STUDY_DESCRIPTION, CANINE THORAX 3 VIEWS, refused",
        "SERIES_DESCRIPTION, CHEST PA, chest",
        "SERIES_DESCRIPTION, Thorax p.a., chest",
        "PROTOCOL_NAME, RX TORAX PA, chest",
        "SERIES_DESCRIPTION, Thorax de face, chest",
        "SERIES_DESCRIPTION, THORAX AP LIEGEND, chest",
        "SERIES_DESCRIPTION, Chest PA and Lateral, unsaid",
        "SERIES_DESCRIPTION, CHEST, unsaid",
        "STUDY_DESCRIPTION, CHEST PA AND LATERAL, unsaid",
        "STUDY_DESCRIPTION, CHEST LATERAL, unsaid",
        "STUDY_DESCRIPTION, CXR PA, unsaid",
        "STUDY_DESCRIPTION, No Finding, unsaid",
        "STUDY_DESCRIPTION, CHEST TUBE C-ARM, unsaid",
        "SERIES_DESCRIPTION, BABYGRAM AP, near",
        "STUDY_DESCRIPTION, CHEST AND KNEE, unsaid",
        "STUDY_DESCRIPTION, WINCHESTER KNEE, refused",
        "STUDY_DESCRIPTION, Portchester hand, refused",
        "STUDY_DESCRIPTION, SACRED HEART KNEE, refused",
        "STUDY_DESCRIPTION, 'KNEE, CHEST CLINIC', refused",
        "SERIES_DESCRIPTION, Dr Hart hand PA, refused"
    })
    void whereTheFieldsAreEmptyDescriptionsStatePartAndView(Attribute attribute, String text, String expected) {
        DicomBuilder file = chest().add(Attribute.BODY_PART_EXAMINED, "").add(Attribute.VIEW_POSITION, "");

        assertThat(outcome(file.add(attribute, text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "STUDY_DESCRIPTION, WINCHESTER",
        "STUDY_DESCRIPTION, ROCHESTER GENERAL",
        "STUDY_DESCRIPTION, Manchester Royal Infirmary",
        "STUDY_DESCRIPTION, CHESTERFIELD",
        "STUDY_DESCRIPTION, Westchester",
        "STUDY_DESCRIPTION, SACRED HEART HOSPITAL",
        "STUDY_DESCRIPTION, 'HART, J'",
        "STUDY_DESCRIPTION, Herz Jesu Krankenhaus",
        "STUDY_DESCRIPTION, Sacré-Coeur",
        "STUDY_DESCRIPTION, CARDIAC CENTRE",
        "STUDY_DESCRIPTION, CHEST CLINIC",
        "STUDY_DESCRIPTION, Thoraxklinik",
        "STUDY_DESCRIPTION, ABDOMEN (CHEST) REFERRAL",
        "STUDY_DESCRIPTION, CHEST AND KNEE",
        "STUDY_DESCRIPTION, KNEE THORAX",
        "SERIES_DESCRIPTION, Dr Hart PA",
        "SERIES_DESCRIPTION, Sacred Heart AP",
        "SERIES_DESCRIPTION, MANCHESTER PA"
    })
    void namesOfTownsPeopleAndHospitalsDoNotStateAChest(Attribute attribute, String text) {
        DicomBuilder file = chest().add(Attribute.BODY_PART_EXAMINED, "");

        assertThat(outcome(file.add(attribute, text))).isEqualTo("unsaid");
    }

    /** A chest among other parts is not refused: one of the images of its study shows it. */
    @Test
    void aStudyOfTheChestAndAnotherPartIsNotRefusedForTheOtherPart() {
        DicomBuilder file = chest().add(Attribute.STUDY_DESCRIPTION, "CHEST AND KNEE")
                .add(Attribute.REQUESTED_PROCEDURE_DESCRIPTION, "XR KNEE");

        assertThat(outcome(file)).isEqualTo("chest");
        assertThat(outcome(file.add(Attribute.BODY_PART_EXAMINED, ""))).isEqualTo("unsaid");
    }

    @ParameterizedTest
    @CsvSource({
        "HÜFTE RE, refused", "FUß RE, refused", "PÉ ESQUERDO, refused", "HÖFT, refused", "BUKÖVERSIKT, refused",
        "THORAXWIRBELSÄULE, refused", "KRĘGOSŁUP, refused", "ŁOKIEĆ, refused", "TÓRAX, chest", "PULMÃO, chest",
        "PŁUCA, chest", "THORAXÜBERSICHT, chest"
    })
    void utf8ThatNoCharacterSetDeclaresIsUnderstood(String part, String expected) {
        DicomBuilder file = chest().add(0x00180015, "CS", part.getBytes(StandardCharsets.UTF_8));

        assertThat(outcome(file)).isEqualTo(expected);
    }

    /** Each of its 30 words can be taken as one word or as two. */
    @Test
    @Timeout(10)
    void joinedWordsThatCanBeTakenApartInManyWaysAreNotTriedInAll() {
        assertThat(outcome(chest().add(Attribute.BODY_PART_EXAMINED, "LOWERLEG".repeat(30) + "Q")))
                .isEqualTo("unsaid");
    }

    @ParameterizedTest
    @CsvSource({
        "SERIES_DESCRIPTION, CHEST LAT, contradiction", "SERIES_DESCRIPTION, L SPINE, contradiction",
        "STUDY_DESCRIPTION, LEFT KNEE, contradiction", "SERIES_DESCRIPTION, CHEST ABDOMEN, near",
        "STUDY_DESCRIPTION, CHEST 2 VIEWS, chest", "STUDY_DESCRIPTION, CHEST PA AND LATERAL, chest",
        "STUDY_DESCRIPTION, ACUTE ABDOMEN, chest", "STUDY_DESCRIPTION, CHEST/ABDOMEN, chest",
        "SERIES_DESCRIPTION, CHEST PA/LAT, chest", "SERIES_DESCRIPTION, view: PA, chest",
        "STUDY_DESCRIPTION, S/P CABG; R/O PNA, chest", "SERIES_DESCRIPTION, PICC LINE PLACEMENT, chest"
    })
    void descriptionsCanContradictTheFields(Attribute attribute, String text, String expected) {
        assertThat(outcome(chest().add(attribute, text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"816094009", "T-D3000", "51185008", "39607008", "T-28000", "80891009", "9576"})
    void codesOfTheChestAreUnderstood(String code) {
        DicomBuilder file =
                chest().add(Attribute.BODY_PART_EXAMINED, "").sequence(Attribute.ANATOMIC_REGION_SEQUENCE, code(code));

        assertThat(outcome(file)).isEqualTo("chest");
    }

    @ParameterizedTest
    @CsvSource({
        "122496007, SCT, '', refused",
        "T-11503, SRT, '', refused",
        "72696002, '', '', refused",
        "999999999, SCT, '', refused",
        "999999999, SCT, Entire chest, chest",
        "X1, 99ACME, Thorax, chest",
        "X1, 99ACME, Knee, refused",
        "X1, 99ACME, '', unsaid",
        "416550000, SCT, '', near",
        "R-FAB55, SRT, '', near"
    })
    void codesOfRegionsAreReadWithTheirSchemesAndNames(String code, String scheme, String name, String expected) {
        DicomBuilder file = chest().add(Attribute.BODY_PART_EXAMINED, "")
                .sequence(
                        Attribute.ANATOMIC_REGION_SEQUENCE,
                        code(code)
                                .add(Attribute.CODING_SCHEME_DESIGNATOR, scheme)
                                .add(Attribute.CODE_MEANING, name));

        assertThat(outcome(file)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "272479007, chest", "R-10214, chest", "399348003, chest", "R-10206, chest", "399033003, chest",
        "399067008, refused", "R-10236, refused", "399198007, refused", "399173006, refused", "30730003, refused",
        "399135007, refused", "399182000, refused", "399061009, refused", "399308006, unusual"
    })
    void codesOfViewsAreUnderstood(String code, String expected) {
        DicomBuilder file = chest().add(Attribute.VIEW_POSITION, "").sequence(Attribute.VIEW_CODE_SEQUENCE, code(code));

        assertThat(outcome(file)).isEqualTo(expected);
    }

    @Test
    void aTiltedBeamIsUnusualAndALateralCodeContradictsPa() {
        DicomBuilder tilted = chest().sequence(
                        Attribute.VIEW_CODE_SEQUENCE,
                        code("399348003").sequence(Attribute.VIEW_MODIFIER_CODE_SEQUENCE, code("399196006")));
        DicomBuilder contradictory = chest().sequence(Attribute.VIEW_CODE_SEQUENCE, code("399173006"));

        assertThat(outcome(tilted)).isEqualTo("unusual");
        assertThat(outcome(contradictory)).isEqualTo("contradiction");
    }

    @ParameterizedTest
    @CsvSource({
        "PATIENT_SPECIES_DESCRIPTION, Canis lupus familiaris, refused",
                "PATIENT_SPECIES_DESCRIPTION, Homo sapiens, chest",
        "PATIENT_BREED_DESCRIPTION, Beagle, refused", "PATIENT_SEX_NEUTERED, ALTERED, refused",
        "PATIENT_SPECIES_DESCRIPTION, HUMAN, chest"
    })
    void animalsAreRefused(Attribute attribute, String value, String expected) {
        assertThat(outcome(chest().add(attribute, value))).isEqualTo(expected);
    }

    @Test
    void speciesCodesAreRead() {
        assertThat(outcome(chest().sequence(Attribute.PATIENT_SPECIES_CODE_SEQUENCE, code("448771007"))))
                .isEqualTo("refused");
        assertThat(outcome(chest().sequence(Attribute.PATIENT_SPECIES_CODE_SEQUENCE, code("337915000"))))
                .isEqualTo("chest");
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.840.10008.5.1.4.1.1.6.1, Ultrasound Image Storage",
        "1.2.840.10008.5.1.4.1.1.2, CT Image Storage",
        "1.2.840.10008.5.1.4.1.1.4, MR Image Storage",
        "1.2.840.10008.5.1.4.1.1.1.2, Digital Mammography X-Ray Image Storage - For Presentation",
        "1.2.840.10008.5.1.4.1.1.1.3, Digital Intra-Oral X-Ray Image Storage - For Presentation",
        "1.2.840.10008.5.1.4.1.1.104.1, Encapsulated PDF Storage",
        "1.2.840.10008.5.1.4.1.1.9999, SOP class"
    })
    void sopClassesOfOtherObjectsAreRefusedByName(String uid, String name) {
        assertThatExceptionOfType(NotAFrontalChestRadiographException.class)
                .isThrownBy(() -> read(chest().add(Attribute.SOP_CLASS_UID, uid), false))
                .withMessageContaining(name)
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Reason.MODALITY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.840.10008.5.1.4.1.1.1", "1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.5.1.4.1.1.7",
                "1.2.840.10008.5.1.4.1.1.7.2", "1.2.840.10008.5.1.4.1.1.7.3", "1.2.840.10008.5.1.4.1.1.7.4"
            })
    void sopClassesOfRadiographsAndSecondaryCapturesAreRead(String uid) {
        assertThat(outcome(chest().add(Attribute.SOP_CLASS_UID, uid))).isEqualTo("chest");
    }

    @Test
    void rawDetectorDataAndFluoroscopyAreRecognizedByTheSopClass() {
        assertThatExceptionOfType(NotAFrontalChestRadiographException.class)
                .isThrownBy(() -> read(chest().add(Attribute.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.1.1.1"), false))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Reason.FOR_PROCESSING));
        assertThat(read(chest().add(Attribute.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.12.2"), false)
                        .warnings())
                .singleElement()
                .asString()
                .contains("X-Ray Radiofluoroscopic Image Storage");
        assertThat(read(chest().add(Attribute.SOP_CLASS_UID, "1.3.6.1.4.1.99.1"), false)
                        .warnings())
                .singleElement()
                .asString()
                .doesNotContain("1.3.6.1");
    }

    @ParameterizedTest
    @CsvSource({
        "F\\L, on its side",
        "H\\R, on its side",
        "LA\\F, obliquely",
        "L\\L, contradicts",
        "L, not one of a person",
        "LE\\V, not one of a person",
        "L\\H, upside down",
        "R\\F, exchanged"
    })
    void unusualOrientationsAreNoted(String orientation, String warning) {
        assertThat(read(chest().add(Attribute.PATIENT_ORIENTATION, orientation), false)
                        .warnings())
                .singleElement()
                .asString()
                .contains(warning);
    }

    @Test
    void anAxialOrientationIsRefusedAndAnUprightOneIsNot() {
        assertThat(outcome(chest().add(Attribute.PATIENT_ORIENTATION, "L\\P"))).isEqualTo("refused");
        assertThat(outcome(chest().add(Attribute.PATIENT_ORIENTATION, "L\\F"))).isEqualTo("chest");
        assertThat(outcome(chest().add(Attribute.PATIENT_ORIENTATION, "\\"))).isEqualTo("chest");
    }

    @Test
    void codesOfAnotherPartAndOfLateralViewsAreRefused() {
        DicomBuilder skull = chest().add(Attribute.BODY_PART_EXAMINED, "")
                .sequence(Attribute.ANATOMIC_REGION_SEQUENCE, code("89546000"));
        DicomBuilder lateral =
                chest().add(Attribute.VIEW_POSITION, "").sequence(Attribute.VIEW_CODE_SEQUENCE, code("R-10236"));
        DicomBuilder frontal =
                chest().add(Attribute.VIEW_POSITION, "").sequence(Attribute.VIEW_CODE_SEQUENCE, code("399348003"));

        assertThatExceptionOfType(NotAFrontalChestRadiographException.class).isThrownBy(() -> read(skull, false));
        assertThatExceptionOfType(NotAFrontalChestRadiographException.class).isThrownBy(() -> read(lateral, false));
        assertThat(read(frontal, false).warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "nih_dx_implicit_le, 1024, 1024",
        "cr_pa_jpeg_baseline, 1024, 1024",
        "cr_pa_jpeg_baseline_rsna, 1024, 1024",
        "cr_pa_jpeg_baseline_wrongly_monochrome1, 1024, 1024",
        "cr_pa_15bit_monochrome1_jpeg2000, 1841, 1955"
    })
    void realChestRadiographsAreRead(String name, int width, int height) throws IOException {
        Radiograph radiograph = RadiographReaders.reader().read(real(name));

        assertThat(radiograph.width()).isEqualTo(width);
        assertThat(radiograph.height()).isEqualTo(height);
        assertThat(radiograph.mediaType()).isEqualTo("application/dicom");
    }

    @Test
    void theRealSkullIsRefused() throws IOException {
        byte[] skull = real("not_a_chest_skull_dx");

        assertThatExceptionOfType(NotAFrontalChestRadiographException.class)
                .isThrownBy(() -> RadiographReaders.reader().read(skull))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Reason.BODY_PART));
        assertThat(RadiographReaders.reader()
                        .read(skull, new ReadOptions(false, 1, true))
                        .warnings())
                .anyMatch(warning -> warning.contains("another part"));
    }

    private static byte[] real(String name) throws IOException {
        Path file = REAL.resolve(name + ".dcm");
        assumeTrue(Files.exists(file), "the shared NIH data are not there");
        return Files.readAllBytes(file);
    }

    private static DicomBuilder code(String code) {
        return new DicomBuilder().add(Attribute.CODE_VALUE, code);
    }

    private static DicomBuilder chest() {
        return DicomRadiographTest.pixels(DicomRadiographTest.chest(8, 8, 7, 0), 8, new int[13 * 7]);
    }

    private static Radiograph read(DicomBuilder file, boolean force) {
        return RadiographReaders.reader()
                .read(file.file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN), new ReadOptions(false, 1, force));
    }
}
