// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DicomBuilder;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** DICOM files over real HTTP: one of the bundled images as a scanner would have sent it. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
class DicomApiTest {

    private static final String SAMPLE = "00022215_012.png";
    private static final String DICOM = "application/dicom";

    @LocalServerPort
    private int port;

    private Http http() {
        return new Http(port);
    }

    @Test
    void aDicomFileIsAnsweredAsThePngOfTheSamePixels() throws IOException {
        byte[] file = chest().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        JsonNode png =
                http().localizeRaw(Samples.read(SAMPLE), "image/png", Map.of()).json();

        JsonNode raw = http().localizeRaw(file, DICOM, Map.of()).json();
        JsonNode multipart = http().localizeMultipart("any.dcm", file, Map.of()).json();

        assertThat(raw.at("/image/mediaType").asString()).isEqualTo(DICOM);
        assertThat(raw.at("/warnings").isEmpty()).isTrue();
        assertThat(raw.at("/geometry/pixelWidth").asDouble()).isEqualTo(0.168);
        assertThat(raw.at("/geometry/plane").asString()).isEqualTo("detector");
        assertThat(raw.get("findings")).isEqualTo(multipart.get("findings"));
        for (int i = 0; i < 14; i++) {
            assertThat(raw.at("/findings/" + i + "/label")).isEqualTo(png.at("/findings/" + i + "/label"));
            assertThat(raw.at("/findings/" + i + "/logit").asDouble())
                    .isCloseTo(png.at("/findings/" + i + "/logit").asDouble(), within(1e-4));
        }
    }

    @Test
    void aBareDataSetIsReadWhateverItIsDeclaredAs() {
        byte[] bare = chest().bare(TransferSyntax.IMPLICIT_LITTLE_ENDIAN);

        assertThat(http().localizeRaw(bare, DICOM, Map.of()).status()).isEqualTo(200);
        assertThat(http().localizeRaw(bare, "image/png", Map.of())
                        .json()
                        .at("/image/mediaType")
                        .asString())
                .isEqualTo(DICOM);
    }

    @Test
    void anOverlayOfADicomFileHasItsSize() throws IOException {
        byte[] png = http().multipart(
                        "/v1/overlays", "any.dcm", chest().file(TransferSyntax.EXPLICIT_BIG_ENDIAN), Map.of())
                .body();

        BufferedImage overlay = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(overlay.getWidth()).isEqualTo(1024);
    }

    @Test
    void whatIsNoFrontalChestRadiographIsRefusedWithAReason() {
        byte[] skull = chest().add(Attribute.BODY_PART_EXAMINED, "SKULL").file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        Http.Answer refusal = http().localizeRaw(skull, DICOM, Map.of());
        assertThat(refusal.status()).isEqualTo(422);
        assertThat(refusal.json().get("type").asString()).endsWith(":not-a-frontal-chest-radiograph");
        assertThat(refusal.json().get("reason").asString()).isEqualTo("body-part");

        Http.Answer forced = http().localizeRaw(skull, DICOM, Map.of("force", "true"));
        assertThat(forced.status()).isEqualTo(200);
        assertThat(forced.json().at("/warnings/0").asString()).contains("another part of the body");
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.840.10008.1.2.4.110, JPEG XL Lossless",
        "1.2.840.10008.1.2.4.201, High-Throughput JPEG 2000 Lossless",
        "1.2.840.10008.1.2.4.202, High-Throughput JPEG 2000 Lossless with RPCL",
        "1.2.840.10008.1.2.4.203, High-Throughput JPEG 2000"
    })
    void aTransferSyntaxThatIsNotReadIsNamed(String uid, String name) {
        Http.Answer refusal = http().localizeRaw(DicomBuilder.file(uid, new byte[0]), DICOM, Map.of());

        assertThat(refusal.status()).isEqualTo(415);
        assertThat(refusal.json().get("type").asString()).endsWith(":unsupported-transfer-syntax");
        assertThat(refusal.json().get("detail").asString())
                .contains("%s (%s)".formatted(name, uid), "another one from the PACS");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x7f7f, 0xffff})
    void aFileOfOneGreyValueHasNoBoxesAndNoPositiveFindings(int pixels) {
        int[] words = new int[1024 * 1024 / 2];
        Arrays.fill(words, pixels);
        byte[] blank = chest().add(Attribute.PIXEL_DATA, words).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        JsonNode answer = http().localizeRaw(blank, DICOM, Map.of()).json();

        assertThat(answer.at("/warnings/0").asString()).contains("one grey value");
        assertThat(answer.get("findings")).hasSize(14).allSatisfy(finding -> {
            assertThat(finding.get("boxes").isEmpty()).isTrue();
            assertThat(finding.get("positive").asBoolean(true)).isFalse();
            assertThat(finding.get("noBoxReason").asString()).isEqualTo("map-constant");
        });
    }

    @Test
    void aFrameThatIsNotThereIsAnInvalidParameter() {
        byte[] file = chest().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        for (String frame : new String[] {"0", "2", "first"}) {
            Http.Answer refusal = http().localizeRaw(file, DICOM, Map.of("frame", frame));
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.json().get("type").asString()).endsWith(":invalid-parameter");
        }
    }

    @Test
    void nothingOfAPatientIsInAProblemOrALog(CapturedOutput output) {
        DicomBuilder planted = chest().add(Attribute.PATIENT_NAME, "PLANTED^NAME")
                .add(Attribute.PATIENT_ID, "PLANTED")
                .add(Attribute.MODALITY, "PLANTED")
                .add(Attribute.PHOTOMETRIC_INTERPRETATION, "PLANTED")
                .add(Attribute.VIEW_POSITION, "PLANTED")
                .add(Attribute.NUMBER_OF_FRAMES, "PLANTED");
        byte[] file = planted.file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        for (Map<String, String> parameters : List.<Map<String, String>>of(Map.of(), Map.of("force", "true"))) {
            Http.Answer refusal = http().localizeRaw(file, DICOM, parameters);
            assertThat(refusal.status()).isEqualTo(422);
            assertThat(refusal.text()).doesNotContain("PLANTED");
        }
        assertThat(output.getAll()).doesNotContain("PLANTED");
    }

    private static DicomBuilder chest() {
        return DicomSamples.chest(SAMPLE);
    }
}
