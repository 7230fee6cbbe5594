// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.cxrlocalizer.Application;
import org.cxrlocalizer.AuditLines;
import org.cxrlocalizer.CellsPackage;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.geometry.Box;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** The bundled model, one of two labels, and a shadow that has the bundled network under another name. */
class SeveralModelsTest {

    private static final String BUNDLED = "cxr14-cells";
    private static final String SHADOW = "tried";
    private static final String SAMPLE = "00022215_012.png";

    @TempDir
    private static Path folder;

    private static ConfigurableApplicationContext service;

    @BeforeAll
    static void start() throws IOException {
        Path models = folder.resolve("models");
        CellsPackage.write(models, "");
        Path shadow = Files.createDirectories(models.resolve(SHADOW));
        for (String file : List.of("model.pt", "README.md", "calibration-images.txt")) {
            Files.copy(Path.of("models", BUNDLED, file), shadow.resolve(file));
        }
        Files.writeString(
                shadow.resolve("model.yaml"),
                Files.readString(Path.of("models", BUNDLED, "model.yaml"))
                        .replaceFirst("(?m)^manifestSha256: .*\n", "")
                        .replaceFirst("(?m)^name: .*", "name: " + SHADOW));
        Path samples = Files.createDirectories(folder.resolve("samples"));
        Files.write(samples.resolve(SAMPLE), Samples.read(SAMPLE));
        service = new SpringApplication(Application.class)
                .run(
                        "--server.port=0",
                        "--model.directory=" + models,
                        "--model.name=" + BUNDLED,
                        "--model.others=" + CellsPackage.NAME,
                        "--model.shadow=" + SHADOW,
                        "--inference.workers=1",
                        "--inference.variant=reference",
                        "--inference.models." + CellsPackage.NAME + ".max-batch=3",
                        "--evaluation.directory=" + folder.resolve("state"),
                        "--evaluation.datasets.samples.images=" + samples,
                        "--management.endpoints.web.exposure.include=health,model,prometheus");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Http http() {
        return new Http(service.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    private static Http.Answer localize(Map<String, String> parameters) {
        return http().localizeMultipart(SAMPLE, Samples.read(SAMPLE), parameters);
    }

    private static List<String> texts(JsonNode all, String field) {
        return StreamSupport.stream(all.spliterator(), false)
                .map(it -> it.get(field).asString())
                .toList();
    }

    @Test
    void theModelsAreListedWithTheDefaultFirstAndWithoutTheShadow() {
        JsonNode models = http().get("/v1/models").json().get("models");

        assertThat(texts(models, "name")).containsExactly(BUNDLED, CellsPackage.NAME);
        assertThat(texts(models, "state")).containsOnly("ready");
        assertThat(models.at("/1/devices/0").asString()).startsWith("cpu");
        assertThat(models.at("/0/figures/labels").asInt()).isEqualTo(14);
        assertThat(models.at("/0/figures/images").asInt()).isEqualTo(1408);
        assertThat(models.at("/0/figures/sensitivity").asDouble()).isBetween(0.5, 1.0);
        assertThat(models.at("/0/figures/calibrationError").asDouble()).isBetween(0.0, 0.02);
        assertThat(models.at("/1/figures/sensitivity").isNull())
                .as("the fixture has no operating points")
                .isTrue();
        assertThat(http().get("/v1/models/" + CellsPackage.NAME)
                        .json()
                        .at("/labels/1")
                        .asString())
                .isEqualTo("Pneumonia");
        assertThat(http().get("/v1/models/" + CellsPackage.NAME + "/card").text())
                .contains("A fixture");
    }

    @Test
    void aModelHasTheShareThatIsConfiguredForIt() {
        for (String name : List.of(BUNDLED, CellsPackage.NAME)) {
            JsonNode execution = http().get("/v1/models/" + name).json().get("execution");
            assertThat(execution.get("workers").asInt()).isEqualTo(1);
            assertThat(execution.get("maxBatch").asInt()).isEqualTo(name.equals(BUNDLED) ? 1 : 3);
        }
    }

    @Test
    void theAuditLineNamesEachModelThatTookPart() {
        try (AuditLines audit = new AuditLines()) {
            localize(Map.of("model", BUNDLED + "," + CellsPackage.NAME));

            assertThat(audit.with("route=/v1/localizations", "model=" + BUNDLED + "@", "," + CellsPackage.NAME + "@"))
                    .contains("status=200");
        }
    }

    @Test
    void aRequestChoosesItsModel() {
        assertThat(localize(Map.of()).json().at("/model/name").asString()).isEqualTo(BUNDLED);

        JsonNode answer = localize(Map.of("model", CellsPackage.NAME)).json();
        assertThat(answer.at("/model/name").asString()).isEqualTo(CellsPackage.NAME);
        assertThat(texts(answer.get("findings"), "label")).containsExactlyInAnyOrder("Cardiomegaly", "Pneumonia");
        assertThat(answer.get("otherModels")).isEmpty();
    }

    @Test
    void severalModelsAnswerAsEachOfThemDoesAlone() {
        JsonNode one = localize(Map.of()).json();
        JsonNode other = localize(Map.of("model", CellsPackage.NAME)).json();

        JsonNode both =
                localize(Map.of("model", BUNDLED + "," + CellsPackage.NAME)).json();

        assertThat(both.get("findings")).isEqualTo(one.get("findings"));
        JsonNode second = both.at("/otherModels/0");
        assertThat(second.at("/model/name").asString()).isEqualTo(CellsPackage.NAME);
        assertThat(second.get("findings")).isEqualTo(other.get("findings"));
        assertThat(second.get("warnings")).isEqualTo(other.get("warnings"));
        assertThat(texts(second.get("agreements"), "label")).containsExactlyInAnyOrder("Cardiomegaly", "Pneumonia");
        for (JsonNode agreement : second.get("agreements")) {
            String label = agreement.get("label").asString();
            assertThat(agreement.get("probabilityDifference").asDouble())
                    .isEqualTo(finding(other, label).get("probability").asDouble()
                            - finding(one, label).get("probability").asDouble());
            assertThat(agreement.get("sameDecision").isNull())
                    .as("the fixture has no cut-offs")
                    .isTrue();
            JsonNode boxes = finding(other, label).get("boxes");
            if (boxes.isEmpty()) {
                assertThat(agreement.get("iou").isNull()).isTrue();
            } else {
                assertThat(agreement.get("iou").asDouble())
                        .isEqualTo(box(finding(one, label).at("/boxes/0")).iou(box(boxes.get(0))));
            }
        }
    }

    private static JsonNode finding(JsonNode answer, String label) {
        return StreamSupport.stream(answer.get("findings").spliterator(), false)
                .filter(it -> it.get("label").asString().equals(label))
                .findFirst()
                .orElseThrow();
    }

    private static Box box(JsonNode it) {
        return new Box(
                it.get("x").asDouble(),
                it.get("y").asDouble(),
                it.get("width").asDouble(),
                it.get("height").asDouble());
    }

    @Test
    void picturesAndDicomObjectsAreThoseOfTheChosenModel() {
        Map<String, String> parameters = Map.of("label", "Pneumonia", "model", CellsPackage.NAME);
        assertThat(http().multipart("/v1/overlays", SAMPLE, Samples.read(SAMPLE), parameters)
                        .body())
                .isNotEqualTo(
                        http().multipart("/v1/overlays", SAMPLE, Samples.read(SAMPLE), Map.of("label", "Pneumonia"))
                                .body());

        byte[] dicom = DicomSamples.identified(SAMPLE).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        Http.Answer report =
                http().multipart("/v1/structured-reports", "chest.dcm", dicom, Map.of("model", CellsPackage.NAME));
        assertThat(report.status()).as(report.text()).isEqualTo(200);
        assertThat(new String(report.body(), StandardCharsets.ISO_8859_1)).contains(CellsPackage.NAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", SHADOW, BUNDLED + ",nothing"})
    void aModelThatIsNotServedIsRefused(String name) {
        Http.Answer answer = localize(Map.of("model", name));

        assertThat(answer.status()).as(answer.text()).isEqualTo(404);
        assertThat(answer.json().get("type").asString()).endsWith(":unknown-model");
        assertThat(answer.json().get("detail").asString()).contains(BUNDLED + ", " + CellsPackage.NAME);
    }

    @Test
    void theShadowRunsOnWhatIsAnsweredAndIsOnlyMeasured() {
        assertThat(localize(Map.of()).text()).doesNotContain(SHADOW);

        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(metrics())
                .contains("cxr_shadow_images_total{model=\"tried\",outcome=\"compared\"}")
                .contains("cxr_shadow_decisions_total{label=\"Cardiomegaly\",model=\"tried\",same=\"true\"}")
                .contains("cxr_shadow_iou_count{label=\"Cardiomegaly\",model=\"tried\"}"));
        assertThat(metrics())
                .as("it has the same network")
                .doesNotContain("same=\"false\",model=\"tried\"")
                .contains("cxr_shadow_iou_max{label=\"Cardiomegaly\",model=\"tried\"} 1.0")
                .contains("cxr_batch_size_count{model=\"cells\"}");
    }

    private static String metrics() {
        return http().get("/actuator/prometheus").text();
    }

    @Test
    void anEvaluationIsOfTheChosenModel() {
        Http.Answer unknown = http().post(
                        "/v1/evaluations",
                        "application/json",
                        "{\"dataset\": \"samples\", \"model\": \"nothing\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(unknown.status()).isEqualTo(404);

        Http.Answer started = http().post(
                        "/v1/evaluations",
                        "application/json",
                        "{\"dataset\": \"samples\", \"model\": \"cells\", \"draws\": 10, \"leaveOutCalibration\": false, \"methods\": [\"cam\"], \"policies\": [{\"type\": \"otsu\"}]}"
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(started.status()).as(started.text()).isEqualTo(202);
        String address = "/v1/evaluations/" + started.json().get("id").asString();
        await().atMost(Duration.ofMinutes(2))
                .until(() -> !http().get(address).json().get("finished").isNull());

        assertThat(http().get(address).json().get("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(http().get(address + "/report.json")
                        .json()
                        .at("/manifest/model/name")
                        .asString())
                .isEqualTo(CellsPackage.NAME);
    }

    @Test
    void thePageShowsASecondModelBesideAndTheAddressKeepsTheFirst() {
        int port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        try (Browser browser = Browser.launch()) {
            Page page = browser.open("http://127.0.0.1:%d/".formatted(port));
            page.click("[data-sample='" + SAMPLE + "']");
            page.selectOption("#beside", CellsPackage.NAME);

            JsonNode answer = localize(Map.of("model", BUNDLED + "," + CellsPackage.NAME, "operatingPoint", "specific"))
                    .json();
            Locator row = page.locator(".finding", new Page.LocatorOptions().setHasText("Cardiomegaly"));
            assertThat(row.locator(".other-model")).containsText(CellsPackage.NAME + ": ");
            assertThat(page.locator(".other-model:not(:empty)")).hasCount(2);
            int boxes = finding(answer.at("/otherModels/0"), "Cardiomegaly")
                    .get("boxes")
                    .size();
            assertThat(page.locator("#boxes .other")).hasCount(boxes);
            assertThat(page.locator("#key-other")).isVisible();
            assertThat(page.locator("#curl")).containsText("model=" + BUNDLED + "," + CellsPackage.NAME);

            page.selectOption("#model-name", CellsPackage.NAME);
            assertThat(page.locator(".finding")).hasCount(2);
            assertThat(page.locator("#key-other")).isHidden();
            page.waitForURL("**/#localize?model=" + CellsPackage.NAME + "*");
            Page again = browser.open(page.url());
            assertThat(again.locator("#model-name")).hasValue(CellsPackage.NAME);
            browser.close(again);
            browser.close(page);
        }
    }

    @Test
    void eachModelIsReloadedByItself() {
        for (String name : List.of(CellsPackage.NAME, SHADOW)) {
            Http.Answer answer = http().post("/actuator/model/" + name, "application/json", new byte[0]);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.json().get("name").asString()).isEqualTo(name);
        }
        assertThat(http().post("/actuator/model/nothing", "application/json", new byte[0])
                        .status())
                .isEqualTo(422);
    }
}
