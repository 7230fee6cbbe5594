// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.api.web.ImageUpload;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** Files that are made to pass for two things at once. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class PolyglotTest {

    private static final String SAMPLE = "00022215_012.png";

    @LocalServerPort
    private int port;

    @Test
    void aFileThatIsTwoThingsIsReadAsOne() {
        byte[] dicom = DicomSamples.chest(SAMPLE).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        byte[] executable = dicom.clone();
        byte[] header = "MZ<script>alert(1)</script>".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(header, 0, executable, 0, header.length); // the preamble is anybody's
        byte[] png = Samples.read(SAMPLE);
        byte[] archive = Arrays.copyOf(png, png.length + 4096);
        System.arraycopy("PK\u0003\u0004".getBytes(StandardCharsets.US_ASCII), 0, archive, png.length, 4);

        JsonNode fromDicom = new Http(port)
                .localizeRaw(executable, ImageUpload.DICOM, Map.of())
                .json();
        JsonNode fromPng =
                new Http(port).localizeRaw(archive, "image/png", Map.of()).json();

        JsonNode plain = new Http(port).localizeRaw(png, "image/png", Map.of()).json();
        assertThat(fromDicom.at("/image/mediaType").asString()).isEqualTo("application/dicom");
        assertThat(fromPng.at("/image/mediaType").asString()).isEqualTo("image/png");
        for (int i = 0; i < plain.get("findings").size(); i++) {
            String probability = "/findings/%d/probability".formatted(i);
            double expected = plain.at(probability).asDouble();
            assertThat(fromPng.at(probability).asDouble()).isCloseTo(expected, within(1e-5));
            assertThat(fromDicom.at(probability).asDouble()).isCloseTo(expected, within(1e-5));
        }
        assertThat(fromDicom.toString()).doesNotContain("script");
        // A PNG that is declared as DICOM is refused; a DICOM file with a PNG in its preamble is a DICOM file.
        assertThat(new Http(port).localizeRaw(png, ImageUpload.DICOM, Map.of()).status())
                .isEqualTo(422);
        byte[] disguised = dicom.clone();
        System.arraycopy(png, 0, disguised, 0, 128);
        assertThat(new Http(port)
                        .localizeRaw(disguised, "image/png", Map.of())
                        .json()
                        .at("/image/mediaType")
                        .asString())
                .isEqualTo("application/dicom");
    }
}
