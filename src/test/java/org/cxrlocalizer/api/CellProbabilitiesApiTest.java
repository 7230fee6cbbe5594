// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Page;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.CellsPackage;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A package whose default method was fitted on boxes, from answers to the page. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class CellProbabilitiesApiTest {

    private static final String SAMPLE = "00022215_012.png";
    private static final String EXPECTED_IOU = "{\"type\":\"expected-iou\"}";
    private static final String OTSU = "{\"type\":\"otsu\"}";

    @TempDir
    private static Path models;

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void serveThePackage(DynamicPropertyRegistry registry) {
        CellsPackage.write(models, "");
        registry.add("model.directory", models::toString);
        registry.add("model.name", () -> CellsPackage.NAME);
        registry.add("spring.datasource.url", () -> "jdbc:h2:mem:cells");
    }

    private Http.Answer localize(Map<String, String> parameters) {
        return new Http(port).localizeMultipart(SAMPLE, Samples.read(SAMPLE), parameters);
    }

    @Test
    void boxesOfTheDefaultMethodHaveTheirExpectedIouAsScore() {
        JsonNode answer = localize(Map.of("includeMaps", "true")).json();

        assertThat(answer.get("method").asString()).isEqualTo("calibrated");
        assertThat(answer.get("supervision").asString()).isEqualTo("boxes");
        assertThat(answer.at("/policy/type").asString()).isEqualTo("calibrated");
        assertThat(answer.get("findings")).hasSize(2).allSatisfy(finding -> {
            JsonNode map = finding.get("map");
            assertThat(map.get("width").asInt()).isEqualTo(5);
            assertThat(map.get("height").asInt()).isEqualTo(8);
            assertThat(map.get("unit").asString()).isEqualTo("probability");
            assertThat(map.get("sumResidual").isNull()).isTrue();
            JsonNode box = finding.at("/boxes/0");
            assertThat(box.get("score").asDouble()).isCloseTo(expectedIou(box, map.get("values")), within(1e-6));
        });
    }

    @Test
    void aComparisonWarnsWhereTheBoxesWereFittedOnThePatient() {
        assertThat(localize(Map.of()).json().get("warnings"))
                .singleElement()
                .satisfies(warning -> assertThat(warning.asString()).contains("fitted on boxes of patient 00022215"));
        assertThat(localize(Map.of("method", "cam", "policy", OTSU)).json().get("warnings"))
                .as("nothing that this answer comes from was fitted on boxes")
                .isEmpty();
    }

    /** Of a box of whole cells, on an image of 1024 × 1024 pixels. */
    private static double expectedIou(JsonNode box, JsonNode values) {
        double left = box.get("x").asDouble();
        double top = box.get("y").asDouble();
        double inside = 0;
        double total = 0;
        int area = 0;
        for (int i = 0; i < 40; i++) {
            double x = 1024 / 5.0 * (i % 5 + 0.5);
            int row = i / 5;
            double y = 1024 / 8.0 * (row + 0.5);
            total += values.get(i).asDouble();
            if (x > left
                    && x < left + box.get("width").asDouble()
                    && y > top
                    && y < top + box.get("height").asDouble()) {
                inside += values.get(i).asDouble();
                area++;
            }
        }
        return inside / (area + total - inside);
    }

    @Test
    void anotherMethodIsCutByAPolicyThatFitsIt() {
        JsonNode answer = localize(Map.of("method", "cam")).json();

        assertThat(answer.get("supervision").asString()).isEqualTo("imageLabels");
        assertThat(answer.at("/policy/type").asString()).isEqualTo("fraction");
        assertThat(answer.at("/findings/0/map/unit").asString()).isEqualTo("logit");
        assertThat(answer.at("/findings/0/map/width").asInt()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {EXPECTED_IOU, "{\"type\":\"calibrated\"}"})
    void aPolicyThatDoesNotFitTheMethodIsRefused(String policy) {
        Http.Answer answer = localize(Map.of("method", "cam", "policy", policy));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("type").asString()).isEqualTo("urn:cxr-localizer:problem:invalid-policy");
        assertThat(answer.json().get("detail").asString()).contains("expected-iou", "'logit'");
    }

    @Test
    void modelAndReportStateTheSupervisionOfTheMethod() {
        JsonNode model = new Http(port).get("/v1/models/" + CellsPackage.NAME).json();
        assertThat(model.at("/supervision/cam").asString()).isEqualTo("imageLabels");
        assertThat(model.at("/supervision/calibrated").asString()).isEqualTo("boxes");

        assertThat(report(Map.of())).contains("class activation method: calibrated, calibrated on boxes");
        assertThat(report(Map.of("method", "cam")))
                .contains("class activation method: cam")
                .doesNotContain("calibrated on boxes");
    }

    private String report(Map<String, String> parameters) {
        byte[] report = new Http(port)
                .multipart("/v1/structured-reports", SAMPLE, Samples.read(SAMPLE), parameters)
                .body();
        return new String(report, StandardCharsets.ISO_8859_1);
    }

    @Test
    void thePageShowsItAndCutsAsTheServiceDoes() {
        try (Browser browser = Browser.launch()) {
            Page page = browser.open("http://127.0.0.1:%d/".formatted(port));
            page.click("[data-sample='" + SAMPLE + "']");
            assertThat(page.locator("body")).hasAttribute("data-state", "opened");
            assertThat(page.locator("#status")).containsText("calibrated (calibrated on boxes)");
            assertThat(page.locator("#method option").allTextContents())
                    .containsExactly("cam", "calibrated (calibrated on boxes)");

            page.selectOption("#policy", "expected-iou");
            JsonNode shown = new JsonMapper().readTree(page.textContent("#json"));
            JsonNode answer = localize(Map.of("policy", EXPECTED_IOU)).json();
            assertThat(shown.get("policy").toString()).isEqualTo(EXPECTED_IOU);
            assertThat(numbers(shown.at("/findings/0/boxes/0")))
                    .hasSize(5)
                    .containsExactlyElementsOf(numbers(answer.at("/findings/0/boxes/0")));

            page.selectOption("#method", "cam");
            assertThat(page.locator("#status")).containsText(", cam");
            assertThat(page.locator("#policy")).hasValue("fraction");
            assertThat(page.locator("#policy option[value=expected-iou]")).hasAttribute("disabled", "");
            browser.close(page);
        }
    }

    private static List<Double> numbers(JsonNode box) {
        return box.valueStream()
                .filter(JsonNode::isNumber)
                .map(JsonNode::asDouble)
                .toList();
    }
}
