// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.CellsPackage;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** A package with operating points and calibrated probabilities, and plain cut-offs for one label. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class OperatingPointsApiTest {

    private static final String SAMPLE = "00022215_012.png";
    private static final String PLAIN = """
            cutoffs:
              chosenOn: nothing
              probabilities: {Cardiomegaly: 0.25}
            """;

    @TempDir
    private static Path models;

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void serveThePackage(DynamicPropertyRegistry registry) {
        CellsPackage.write(
                models, PLAIN + new String(Samples.content("fixtures/points-platt.yaml"), StandardCharsets.UTF_8));
        registry.add("model.directory", models::toString);
        registry.add("model.name", () -> CellsPackage.NAME);
        registry.add("spring.datasource.url", () -> "jdbc:h2:mem:points");
    }

    private Http.Answer post(String path, Map<String, String> parameters) {
        return new Http(port).multipart(path, SAMPLE, Samples.read(SAMPLE), parameters);
    }

    private JsonNode model() {
        return new Http(port).get("/v1/models/" + CellsPackage.NAME).json();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sensitive", "balanced", "specific"})
    void theCutoffsOfThePointDecide(String point) {
        JsonNode answer =
                post("/v1/localizations", Map.of("operatingPoint", point)).json();

        assertThat(answer.get("operatingPoint").asString()).isEqualTo(point);
        assertThat(answer.get("findings")).hasSize(2).allSatisfy(finding -> {
            double cutoff = model().at("/operatingPoints/%s/%s/probability"
                            .formatted(finding.get("label").asString(), point))
                    .asDouble();
            double probability = finding.get("probability").asDouble();
            assertThat(cutoff).isPositive();
            assertThat(finding.get("cutoff").asDouble()).isEqualTo(cutoff);
            assertThat(finding.get("positive").asBoolean()).isEqualTo(probability >= cutoff);
            assertThat(finding.get("cutoffRatio").asDouble()).isCloseTo(probability / cutoff, within(1e-12));
        });
    }

    @Test
    void anotherPointMayDecideOtherwise() {
        List<Boolean> sensitive = positive("sensitive");

        assertThat(sensitive).contains(true);
        assertThat(positive("specific")).isNotEqualTo(sensitive);
    }

    private List<Boolean> positive(String point) {
        return post("/v1/localizations", Map.of("operatingPoint", point))
                .json()
                .get("findings")
                .valueStream()
                .map(finding -> finding.get("positive").asBoolean())
                .toList();
    }

    @Test
    void plainCutoffsDecideWhereNoPointIsNamed() {
        JsonNode answer = post("/v1/localizations", Map.of()).json();

        assertThat(answer.get("operatingPoint").isNull()).isTrue();
        assertThat(finding(answer, "Cardiomegaly").get("cutoff").asDouble()).isEqualTo(0.25);
        assertThat(finding(answer, "Pneumonia").get("cutoff").isNull()).isTrue();
        assertThat(finding(answer, "Pneumonia").get("cutoffRatio").isNull()).isTrue();
        assertThat(finding(answer, "Pneumonia").get("positive").isNull()).isTrue();
    }

    /** By the slope and the intercept in the file. */
    @Test
    void calibratedProbabilitiesAreOnTheLineOfTheLogit() {
        JsonNode answer = post("/v1/localizations", Map.of()).json();
        String yaml = new String(Samples.content("fixtures/points-platt.yaml"), StandardCharsets.UTF_8);
        double slope = lastNumber(yaml, "slope");
        double intercept = lastNumber(yaml, "intercept");

        JsonNode pneumonia = finding(answer, "Pneumonia");

        assertThat(pneumonia.get("calibratedProbability").asDouble())
                .isCloseTo(1 / (1 + Math.exp(-slope * pneumonia.get("logit").asDouble() - intercept)), within(1e-12));
        assertThat(model().get("calibrationMethod").asString()).isEqualTo("platt");
        assertThat(model().get("calibrationError").asDouble()).isBetween(0.001, 0.1);
    }

    /** Of the last label, which is Pneumonia. */
    private static double lastNumber(String yaml, String key) {
        return Double.parseDouble(yaml.substring(yaml.lastIndexOf(key + ": ") + key.length() + 2)
                .lines()
                .findFirst()
                .orElseThrow());
    }

    private static JsonNode finding(JsonNode answer, String label) {
        return answer.get("findings")
                .valueStream()
                .filter(finding -> finding.get("label").asString().equals(label))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theModelHasItsPointsWithTheirFigures() {
        JsonNode points = model().at("/operatingPoints/Pneumonia");

        assertThat(points.get("positives").asInt() + points.get("negatives").asInt())
                .isEqualTo(2000);
        assertThat(points.at("/sensitive/sensitivity").asDouble()).isGreaterThanOrEqualTo(0.9);
        assertThat(points.at("/specific/specificity").asDouble()).isGreaterThanOrEqualTo(0.9);
        assertThat(points.at("/specific/crossFitted/specificity").asDouble()).isBetween(0.8, 1.0);
        assertThat(points.get("balanced").propertyNames())
                .containsExactly("probability", "sensitivity", "specificity", "crossFitted");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/localizations",
        "/v1/overlays",
        "/v1/structured-reports",
        "/v1/presentation-states",
        "/v1/secondary-captures"
    })
    void aPointThatDoesNotExistIsRefused(String path) {
        Http.Answer answer = post(path, Map.of("operatingPoint", "strict"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("type").asString()).isEqualTo("urn:cxr-localizer:problem:invalid-parameter");
        assertThat(answer.json().get("detail").asString()).contains("'strict'", "sensitive, balanced, specific");
    }

    @Test
    void reportsNameThePointThatDecided() {
        String specific = report(Map.of("operatingPoint", "specific"));

        assertThat(specific).contains("operating point: specific", "Cut-offs: operating point 'specific'.");
        assertThat(report(Map.of())).doesNotContain("operating point");
        assertThat(uid(specific))
                .as("another object than that of another point")
                .isNotEqualTo(uid(report(Map.of("operatingPoint", "sensitive"))))
                .isEqualTo(uid(report(Map.of("operatingPoint", "specific"))));
    }

    @Test
    void thePageStartsAtTheSpecificPointAndFollowsTheChosenOne() {
        try (Browser browser = Browser.launch()) {
            Page page = browser.open("http://127.0.0.1:%d/".formatted(port));
            page.click("[data-sample='" + SAMPLE + "']");
            PlaywrightAssertions.assertThat(page.locator("body")).hasAttribute("data-state", "opened");
            PlaywrightAssertions.assertThat(page.locator("#operating-point")).hasValue("specific");
            assertThat(page.locator(".finding .said").allTextContents())
                    .containsExactlyInAnyOrderElementsOf(words("specific"));
            PlaywrightAssertions.assertThat(page.locator("#claim-words"))
                    .containsText(
                            positive("specific").contains(true) ? "Positive at" : "No finding above the cut-off at");
            PlaywrightAssertions.assertThat(page.locator("#claim-words")).containsText("“specific”");

            page.selectOption("#operating-point", "sensitive");

            PlaywrightAssertions.assertThat(page.locator("#json")).containsText("\"operatingPoint\": \"sensitive\"");
            assertThat(page.locator(".finding .said").allTextContents())
                    .containsExactlyInAnyOrderElementsOf(words("sensitive"));
            PlaywrightAssertions.assertThat(page.locator("#claim-words"))
                    .containsText("Positive at the operating point “sensitive”");
            page.locator(".finding.positive input").first().check();
            PlaywrightAssertions.assertThat(page.locator("#claim-detail"))
                    .containsText("On validation images the cut-off has a sensitivity of");
            page.waitForURL(url -> url.contains("operatingPoint=sensitive"));
            PlaywrightAssertions.assertThat(page.locator("#curl")).containsText("operatingPoint=sensitive");
            browser.close(page);
        }
    }

    private List<String> words(String point) {
        return positive(point).stream()
                .map(positive -> positive ? "positive" : "below the cut-off")
                .toList();
    }

    /** The SOP Instance UID (0008,0018) of an explicit little endian file. */
    private static String uid(String file) {
        int at = file.indexOf("\b\0\u0018\0UI");
        return file.substring(at + 8, at + 8 + file.charAt(at + 6)).strip();
    }

    private String report(Map<String, String> parameters) {
        return new String(post("/v1/structured-reports", parameters).body(), StandardCharsets.ISO_8859_1);
    }
}
