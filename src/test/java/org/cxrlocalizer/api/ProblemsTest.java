// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** Bad input gets its own problem, and the service goes on. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ProblemsTest {

    private static final byte[] IMAGE = Samples.read("00015069_001.png");
    private static final byte[] TEXT = "This is no image.".getBytes(StandardCharsets.UTF_8);
    private static final int TWO_HUNDRED_MEGABYTES = 200_000_000;

    @LocalServerPort
    private int port;

    private Http http() {
        return new Http(port);
    }

    @AfterEach
    void theServiceStillAnswers() {
        assertThat(http().localizeRaw(IMAGE, "image/png", Map.of()).status()).isEqualTo(200);
    }

    static Stream<Arguments> images() {
        byte[] jpeg = Samples.encoded(new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY), "jpeg");
        return Stream.of(
                Arguments.of("empty body", new byte[0], 422, "unreadable-image", "empty"),
                Arguments.of("text named .png", TEXT, 422, "unreadable-image", "neither a PNG nor a JPEG"),
                Arguments.of("truncated PNG", Arrays.copyOf(IMAGE, 200_000), 422, "unreadable-image", "cut short"),
                Arguments.of(
                        "truncated JPEG", Arrays.copyOf(jpeg, jpeg.length - 9), 422, "unreadable-image", "cut short"),
                Arguments.of(
                        "header of 50,000²", Samples.pngHeader(50_000, 50_000), 413, "image-too-large", "2500000000"),
                Arguments.of("a strip", Samples.pngHeader(20_000_000, 1), 422, "unreadable-image", "times the other"),
                Arguments.of("200 MB", new byte[TWO_HUNDRED_MEGABYTES], 413, "image-too-large", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("images")
    void anUnreadableImageIsRefusedWithTheReason(String name, byte[] body, int status, String type, String detail) {
        assertThatProblem(http().localizeRaw(body, "image/png", Map.of()), status, type, detail);
        assertThatProblem(http().localizeMultipart("a.png", body, Map.of()), status, type, detail);
        assertThatProblem(http().multipart("/v1/overlays", "a.png", body, Map.of()), status, type, detail);
    }

    static Stream<Arguments> parameters() {
        return Stream.of(
                Arguments.of("labels", "Cough", "unknown-label", "Cough"),
                Arguments.of("method", "magic", "unknown-method", "magic"),
                Arguments.of("policy", "{\"type\":\"otsu\",\"colour\":1}", "invalid-policy", "colour"),
                Arguments.of("policy", "{\"type\":\"magic\"}", "invalid-policy", "magic"),
                Arguments.of("policy", "{\"type\":\"fraction\",\"fraction\":NaN}", "invalid-policy", "NaN"),
                Arguments.of("policy", "{\"type\":\"fraction\",\"fraction\":\"NaN\"}", "invalid-policy", "fraction"),
                Arguments.of("policy", "otsu", "invalid-policy", "otsu"),
                Arguments.of("minProbability", "2", "invalid-parameter", "minProbability"),
                Arguments.of("minProbability", "NaN", "invalid-parameter", "minProbability"),
                Arguments.of("minProbability", "high", "invalid-parameter", "minProbability"),
                Arguments.of("includeMaps", "perhaps", "invalid-parameter", "includeMaps"),
                Arguments.of("imageIndex", "../../etc/passwd", "invalid-image-index", "file name"),
                Arguments.of("imageIndex", "a\u0000.png", "invalid-image-index", "file name"));
    }

    @ParameterizedTest(name = "{0} = {1}")
    @MethodSource("parameters")
    void aWrongParameterIsNamed(String parameter, String value, String type, String detail) {
        assertThatProblem(http().localizeRaw(IMAGE, "image/png", Map.of(parameter, value)), 400, type, detail);
        assertThatProblem(http().localizeMultipart("a.png", IMAGE, Map.of(parameter, value)), 400, type, detail);
    }

    @Test
    void ofAPathLikeFileNameTheLastPartAloneIsRead() {
        Http.Answer answer = http().localizeMultipart("../../00015069_001.png", IMAGE, Map.of());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("findings"))
                .isEqualTo(http().localizeMultipart("00015069_001.png", IMAGE, Map.of())
                        .json()
                        .get("findings"));
    }

    @Test
    void aPathLikeGroundTruthIndexIsRefused() {
        assertThatProblem(http().get("/v1/ground-truth/..%2F..%2Fetc%2Fpasswd"), 400, "malformed-request", "address");
        assertThatProblem(http().get("/v1/ground-truth/a%5Cb.png"), 400, "malformed-request", "address");
        assertThatProblem(http().get("/v1/ground-truth/a%20b.png"), 400, "invalid-image-index", "file name");
        assertThatProblem(http().get("/v1/ground-truth/00000001_000.png"), 404, "unknown-image", "00000001_000.png");
    }

    @Test
    void aMediaTypeThatIsNotTakenIsNamed() {
        assertThatProblem(
                http().localizeRaw(IMAGE, "image/tiff", Map.of()), 415, "unsupported-media-type", "image/tiff");
        assertThatProblem(
                http().post("/v1/localizations", "application/json", TEXT), 415, "unsupported-media-type", "json");
        assertThatProblem(http().post("/v1/comparisons", "text/plain", TEXT), 415, "unsupported-media-type", "text");
    }

    @Test
    void aMultipartRequestWithoutAnImageIsRefusedAsThat() {
        String body =
                "--b\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\nx\r\n--b--\r\n";

        assertThatProblem(
                http().post(
                                "/v1/localizations",
                                "multipart/form-data; boundary=b",
                                body.getBytes(StandardCharsets.UTF_8)),
                400,
                "missing-image",
                "'image'");
        assertThatProblem(
                http().post(
                                "/v1/localizations",
                                "multipart/form-data; boundary=b",
                                body.substring(0, body.length() - 9).getBytes(StandardCharsets.UTF_8)),
                400,
                "malformed-request",
                "multipart");
    }

    @Test
    void wrongBoxesAreRefused() {
        assertThatProblem(
                compare("{\"boxes\":[{\"x\":0,\"y\":0,\"width\":0,\"height\":1}],\"truths\":[]}"),
                400,
                "invalid-box",
                "positive");
        assertThatProblem(compare("{\"boxes\":[{\"x\":0,\"y\":0}],\"truths\":[]}"), 400, "malformed-request", "");
        assertThatProblem(compare("{\"boxes\":[null],\"truths\":[]}"), 400, "invalid-parameter", "");
        assertThatProblem(compare("{\"boxes\":[]}"), 400, "invalid-parameter", "");
        assertThatProblem(compare("{\"boxes\":[],\"truths\":[],\"colour\":1}"), 400, "malformed-request", "");
        assertThatProblem(compare("nonsense"), 400, "malformed-request", "");
    }

    private Http.Answer compare(String json) {
        return http().post("/v1/comparisons", "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsMissingHasAProblemOfItsOwn() {
        assertThatProblem(http().get("/v1/models/magic"), 404, "unknown-model", "");
        assertThatProblem(http().get("/v1/nothing"), 404, "not-found", "");
        assertThatProblem(http().get("/v1/localizations"), 405, "method-not-allowed", "");
        assertThatProblem(
                http().send(HttpRequest.newBuilder(http().uri("/v1/models"))
                        .header("Accept", "image/png")
                        .build()),
                406,
                "not-acceptable",
                "");
    }

    private static void assertThatProblem(Http.Answer answer, int status, String type, String detail) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.contentType()).isEqualTo("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.get("type").asString()).isEqualTo("urn:cxr-localizer:problem:" + type);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asString()).isNotBlank();
        assertThat(problem.get("detail").asString()).containsIgnoringCase(detail);
        assertThat(answer.text())
                .doesNotContain("Exception")
                .doesNotContain("at org.")
                .doesNotContain("trace");
    }

    @Test
    void statisticsNeedADataEntryFile() {
        assertThatProblem(http().get("/v1/dataset/statistics"), 404, "dataset-not-configured", "dataset.entries");
    }
}
