package org.cxrlocalizer.radiograph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DicomBuilder;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.radiograph.NotAFrontalChestRadiographException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrontalChestTest {

    private static final Path REAL = Path.of(System.getProperty("cxr.shared", "../shared/nih"), "dicom");

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
    void whatSaysThatItIsSomethingElseIsRefusedOrForced(Attribute attribute, String value, Reason reason) {
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
    @ValueSource(strings = {"PORT CHEST", "THORAX", "Chest PA", "LUNG"})
    void namesOfTheChestInUseAreUnderstood(String part) {
        assertThat(read(chest().add(Attribute.BODY_PART_EXAMINED, part), false).warnings())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"T-D3000", "51185008"})
    void codesOfTheChestAreUnderstood(String code) {
        DicomBuilder file =
                chest().add(Attribute.BODY_PART_EXAMINED, "").sequence(Attribute.ANATOMIC_REGION_SEQUENCE, code(code));

        assertThat(read(file, false).warnings()).isEmpty();
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
