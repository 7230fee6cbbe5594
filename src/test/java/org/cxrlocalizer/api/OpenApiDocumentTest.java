// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The committed document is what the service serves. {@code -Dopenapi.update=true} writes it. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class OpenApiDocumentTest {

    private static final Path COMMITTED = Path.of("src/main/openapi/cxr-localizer.json");
    private static final String COMMAND =
            "the document; write it by ./mvnw test -Dtest=OpenApiDocumentTest -Dopenapi.update=true";
    private static final JsonMapper JSON = new JsonMapper();

    @LocalServerPort
    private int port;

    @Test
    void theCommittedDocumentIsTheServedOne() throws IOException {
        JsonNode served = new Http(port).get("/v3/api-docs").json();
        if (Boolean.getBoolean("openapi.update")) {
            Files.createDirectories(COMMITTED.getParent());
            Files.writeString(COMMITTED, served.toPrettyString() + "\n");
        }

        assertThat(served.get("openapi").asString()).startsWith("3.1");
        if (!served.equals(JSON.readTree(Files.readString(COMMITTED)))) {
            // Whole documents would be printed otherwise, and not the lines that differ.
            assertThat(COMMITTED).as(COMMAND).hasContent(served.toPrettyString());
        }
    }

    @Test
    void bodiesOfImagesAreBinary() {
        JsonNode document = new Http(port).get("/v3/api-docs").json();
        JsonNode content = document.at("/paths/~1v1~1localizations/post/requestBody/content");

        assertThat(content.at("/image~1png/schema/format").asString()).isEqualTo("binary");
        assertThat(content.at("/image~1jpeg/schema/format").asString()).isEqualTo("binary");
        assertThat(document.at("/components/schemas/ImageForm/properties/image/format")
                        .asString())
                .isEqualTo("binary");
        assertThat(document.at("/paths/~1v1~1overlays/post/responses/200/content/image~1png/schema/format")
                        .asString())
                .isEqualTo("binary");
    }

    @Test
    void theDocumentStatesWhatTheServiceRefusesAndWhereAnswersLead() {
        JsonNode document = new Http(port).get("/v3/api-docs").json();

        assertThat(document.at("/paths/~1v1~1localizations/post/requestBody/content")
                        .propertyNames())
                .startsWith("multipart/form-data")
                .contains("application/octet-stream");
        assertThat(document.at("/components/schemas/Box/properties/width/minimum")
                        .asDouble())
                .isPositive();
        assertThat(document.at("/components/schemas/Box/properties/height/minimum")
                        .asDouble())
                .isPositive();
        assertThat(document.at("/components/schemas/EvaluationRequest/additionalProperties")
                        .asBoolean(true))
                .isFalse();
        assertThat(document.at("/paths/~1v1~1models~1{name}/get/responses").has("400"))
                .isTrue();
        assertThat(document.at("/paths/~1v1~1evaluations/post/responses/202/links")
                        .propertyNames())
                .contains("getEvaluation", "cancelEvaluation", "deleteEvaluation", "getEvaluationReport");
        assertThat(document.at("/paths/~1v1~1pacs~1{node}~1studies~1{studyUid}/post/responses/202/links")
                        .propertyNames())
                .contains("getPacsJob", "cancelPacsJob", "retryPacsJob");
    }
}
