// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.cxrlocalizer.Application;
import org.cxrlocalizer.Await;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** Uploaded lists, and what becomes of evaluations when the state directory is full or its files are removed. */
class EvaluationStateTest {

    private static final String HEADER = "Image Index,Finding Label,x,y,w,h,Score\n";
    private static final String LIST = HEADER + "00013659_019.png,Pneumonia,100,100,300,300,0.9\n";

    @TempDir
    static Path folder;

    private static Path state;
    private static ConfigurableApplicationContext service;

    @BeforeAll
    static void start() {
        state = folder.resolve("state");
        service = new SpringApplication(Application.class)
                .run("--server.port=0", "--evaluation.directory=" + state, "--evaluation.max-upload=10MB");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Http http() {
        return new Http(service.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    private static Http.Answer upload(String type, byte[] body) {
        return http().post("/v1/evaluations?draws=20", type, body);
    }

    private static Http.Answer upload(String list) {
        return upload("text/csv", list.getBytes(StandardCharsets.UTF_8));
    }

    private static String succeeded() {
        Http.Answer answer = upload(LIST);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        String path = "/v1/evaluations/" + answer.json().get("id").asString();
        Await.until("it is scored", () -> http().get(path).json(), job -> job.get("state")
                .asString()
                .equals("SUCCEEDED"));
        return path;
    }

    private static void assertProblem(Http.Answer answer, int status, String type, String detail) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.json().get("type").asString()).isEqualTo("urn:cxr-localizer:problem:" + type);
        assertThat(answer.json().get("detail").asString()).contains(detail);
    }

    @Test
    void aRemovedReportIsGoneAsTheStateShows() throws IOException {
        String path = succeeded();
        assertThat(http().get(path).json().get("reports")).hasSize(3);
        FileSystemUtils.deleteRecursively(state.resolve(path.substring(path.lastIndexOf('/') + 1)));

        for (String form : List.of("json", "html", "csv")) {
            assertProblem(http().get(path + "/report." + form), 410, "evaluation-report-gone", "was removed");
        }
        JsonNode job = http().get(path).json();
        assertThat(job.get("reports")).isEmpty();
        assertThat(job.get("failure").asString()).contains("report was removed");
    }

    @Test
    void withoutRoomForAnUploadTheCallerMayComeBack() throws IOException {
        Path aside = folder.resolve("aside");
        Files.move(state, aside);
        Files.createFile(state); // in which no file can be written
        try {
            Http.Answer answer = upload(LIST);

            assertProblem(answer, 503, "not-ready", "no room for the upload");
            assertThat(answer.retryAfter()).isNotEmpty();
        } finally {
            Files.delete(state);
            Files.move(aside, state);
        }
    }

    @Test
    void theListIsPaged() {
        List<String> started = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            started.add(upload(LIST).json().get("id").asString());
        }

        List<String> paged = new ArrayList<>();
        String query = "?limit=2";
        while (query != null) {
            JsonNode page = http().get("/v1/evaluations" + query).json();
            page.get("evaluations").forEach(job -> paged.add(job.get("id").asString()));
            query = page.get("next").isNull()
                    ? null
                    : "?limit=2&cursor=" + page.get("next").asString();
        }

        assertThat(paged).doesNotHaveDuplicates().containsAll(started);
        assertProblem(http().get("/v1/evaluations?cursor=7"), 400, "invalid-parameter", "cursor");
        assertProblem(http().get("/v1/evaluations?limit=0"), 400, "invalid-parameter", "limit");
    }

    @Test
    void listsThatAreDamagedOrHugeOrWithoutAUsableLineAreRefused() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(LIST.repeat(100).getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = packed.toByteArray();
        byte[] corrupted = whole.clone();
        corrupted[whole.length - 8] ^= 1;
        for (byte[] damaged : List.of(Arrays.copyOf(whole, whole.length / 2), corrupted)) {
            assertProblem(upload("application/gzip", damaged), 422, "invalid-predictions", "damaged, or not whole");
        }
        assertProblem(upload(HEADER + "1".repeat(9_000_000)), 422, "invalid-predictions", "is not a table of");
        assertProblem(upload(HEADER + ",1".repeat(1_000_000)), 422, "invalid-predictions", "is not a table of");
        assertProblem(upload("x".repeat(9_000_000)), 422, "invalid-predictions", "Line 1");
        assertProblem(
                upload(HEADER + "00013659_019.png,Cough,1,2,3,4,1\n"),
                422,
                "invalid-predictions",
                "line 2: 'Cough' is not a label");
        assertProblem(
                upload(HEADER + "00000001_000.png,Mass,1,2,3,4,1\n"),
                422,
                "invalid-predictions",
                "line 2: the image '00000001_000.png' is not scored");
        try (var kept = Files.list(state)) {
            assertThat(kept.filter(Files::isDirectory).filter(path -> !Files.exists(path.resolve("predictions.csv"))))
                    .as("nothing of what was refused stays")
                    .isEmpty();
        }
    }
}
