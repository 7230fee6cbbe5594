// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.cxrlocalizer.Application;
import org.cxrlocalizer.Await;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.cli.CommandLineInterface;
import org.jobrunr.jobs.states.StateName;
import org.jobrunr.storage.StorageProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** Evaluations over HTTP, by a service with its database in a file. */
class EvaluationApiTest {

    private static final String PREDICTIONS = """
            Image Index,Finding Label,Bbox [x,y,w,h],Score
            00013659_019.png,Pneumonia,100,100,300,300,0.9
            00022215_012.png,Cardiomegaly,300,400,400,400,0.8
            nothing.png,Mass,1,1,1,1,0.1
            00022215_012.png,Cardiomegaly,x,400,400,400,0.8
            """;

    private static final Pattern PICTURE = Pattern.compile("src=\"data:image/jpeg;base64,([^\"]*)\"");

    /** Enough to be cancelled, or restarted, in the middle. */
    private static final int MANY = 200;

    @TempDir
    static Path folder;

    private static ConfigurableApplicationContext service;

    @BeforeAll
    static void start() throws IOException {
        Path samples = Files.createDirectories(folder.resolve("samples"));
        for (String name : Samples.NAMES) {
            Files.write(samples.resolve(name), Samples.read(name));
        }
        Path many = Files.createDirectories(folder.resolve("many"));
        for (int i = 0; i < MANY; i++) {
            Files.createLink(
                    many.resolve("%08d_000.png".formatted(90_000_000 + i)), samples.resolve(Samples.NAMES.get(0)));
        }
        Path linked = Files.createDirectories(folder.resolve("linked"));
        Files.write(linked.resolve(Samples.NAMES.get(0)), Samples.read(Samples.NAMES.get(0)));
        Files.createSymbolicLink(linked.resolve("00000001_000.png"), samples.resolve(Samples.NAMES.get(1)));
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.write(elsewhere.resolve("secret.png"), Samples.read(Samples.NAMES.get(2)));
        Files.createSymbolicLink(linked.resolve("00000002_000.png"), elsewhere.resolve("secret.png"));
        Files.createSymbolicLink(linked.resolve("directory"), elsewhere);
        String stem = Samples.NAMES.get(0).substring(0, Samples.NAMES.get(0).lastIndexOf('.') + 1);
        for (char ending = 'a'; ending <= 'z'; ending++) {
            Files.createSymbolicLink(linked.resolve(stem + ending), elsewhere.resolve("secret.png"));
        }
        Files.writeString(linked.resolve(stem + "txt"), "no image");
        Files.createDirectories(folder.resolve("empty"));
        service = run();
    }

    private static ConfigurableApplicationContext run() {
        return new SpringApplication(Application.class)
                .run(
                        "--server.port=0",
                        "--evaluation.directory=" + folder.resolve("state"),
                        "--spring.datasource.url=jdbc:h2:async:" + folder.resolve("state/database") + ";WRITE_DELAY=0",
                        "--evaluation.datasets.samples.images=" + folder.resolve("samples"),
                        "--evaluation.datasets.many.images=" + folder.resolve("many"),
                        "--evaluation.datasets.empty.images=" + folder.resolve("empty"),
                        "--evaluation.datasets.linked.images=" + folder.resolve("linked"),
                        "--evaluation.roots=" + folder.resolve("samples"),
                        "--evaluation.max-upload=10KB",
                        "--evaluation.memory=120MB");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Http http() {
        return new Http(service.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    private static Http.Answer post(String json) {
        return http().post("/v1/evaluations", "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    private static Http.Answer upload(String type, byte[] body) {
        return http().post("/v1/evaluations?draws=50", type, body);
    }

    private static String started(Http.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.json().get("state").asString()).isEqualTo("QUEUED");
        return "/v1/evaluations/" + answer.json().get("id").asString();
    }

    private static JsonNode awaited(String path, Predicate<JsonNode> wanted) {
        return Await.until("the evaluation is as far", () -> http().get(path).json(), wanted);
    }

    private static Predicate<JsonNode> state(String state) {
        return job -> job.get("state").asString().equals(state);
    }

    private static void assertProblem(Http.Answer answer, int status, String type, String detail) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.json().get("type").asString()).isEqualTo("urn:cxr-localizer:problem:" + type);
        assertThat(answer.json().get("detail").asString()).contains(detail);
    }

    @Test
    void theServiceWritesTheReportThatTheCommandLineWrites() throws IOException {
        String path = started(post("""
                {"dataset": "samples", "draws": 50, "methods": ["layercam"], "policies": [{"type": "wang"}, {"type": "otsu"}]}"""));

        JsonNode job = awaited(path, state("SUCCEEDED"));

        assertThat(job.get("imagesDone").asInt()).isEqualTo(3);
        assertThat(job.get("imagesTotal").asInt()).isEqualTo(3);
        assertThat(job.at("/policies/1/type").asString()).isEqualTo("otsu");
        Path out = folder.resolve("command-line");
        assertThat(CommandLineInterface.run(
                        Application.class,
                        "evaluate",
                        "--images",
                        folder.resolve("samples").toString(),
                        "--out",
                        out.toString(),
                        "--draws",
                        "50",
                        "--method",
                        "layercam",
                        "--policy",
                        "wang",
                        "--policy",
                        "otsu"))
                .isZero();
        assertThat(http().get(path + "/report.json").body()).isEqualTo(Files.readAllBytes(out.resolve("report.json")));
        assertThat(http().get(path + "/report.html").body()).isEqualTo(Files.readAllBytes(out.resolve("report.html")));
        Http.Answer csv = http().get(path + "/report.csv");
        assertThat(csv.contentType()).startsWith("text/csv");
        assertThat(csv.body()).isEqualTo(Files.readAllBytes(out.resolve("figures.csv")));
    }

    @Test
    void uploadedBoxesAreScoredAndUnusableLinesAreReported() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(PREDICTIONS.getBytes(StandardCharsets.UTF_8));
        }
        String plain = started(upload("text/csv", PREDICTIONS.getBytes(StandardCharsets.UTF_8)));
        String gzip = started(upload("application/gzip", packed.toByteArray()));

        awaited(plain, state("SUCCEEDED"));
        awaited(gzip, state("SUCCEEDED"));

        JsonNode report = http().get(plain + "/report.json").json();
        assertThat(report.at("/images/boxes").asInt()).isEqualTo(984);
        assertThat(report.get("problems").valueStream().map(problem -> problem.get("line")
                        .asInt()))
                .containsExactlyInAnyOrder(4, 5);
        assertThat(http().get(gzip + "/report.json").json().get("localization")).isEqualTo(report.get("localization"));
    }

    @Test
    void aCancelledEvaluationEndsAndCanBeDeleted() {
        String path = started(post("""
                {"dataset": "many"}"""));
        JsonNode running = awaited(path, job -> job.get("imagesDone").asInt() > 0);
        assertThat(running.get("imagesTotal").asInt()).isEqualTo(MANY);
        assertProblem(http().get(path + "/report.json"), 409, "evaluation-without-report", "RUNNING");
        assertProblem(delete(path), 409, "evaluation-not-ended", "Cancel");

        JsonNode cancelled =
                http().post(path + "/cancel", "application/json", new byte[0]).json();

        assertThat(cancelled.get("state").asString()).isEqualTo("CANCELLED");
        assertProblem(
                http().post(path + "/cancel", "application/json", new byte[0]), 409, "evaluation-ended", "CANCELLED");
        Await.until("no node works at it", () -> !areJobsAtWork());
        assertThat(http().get(path).json().get("imagesDone").asInt()).isLessThan(MANY);
        assertThat(delete(path).status()).isEqualTo(204);
        assertProblem(http().get(path), 404, "unknown-evaluation", "There is no evaluation");
        assertThat(folder.resolve("state").resolve(path.substring(path.lastIndexOf('/') + 1)))
                .doesNotExist();
    }

    /** Jobs of the library that a node runs now. */
    private static boolean areJobsAtWork() {
        return service.getBean(StorageProvider.class).countJobs(StateName.PROCESSING) > 0;
    }

    private static Http.Answer delete(String path) {
        return http().send(HttpRequest.newBuilder(http().uri(path)).DELETE().build());
    }

    @Test
    void anEvaluationGoesOnAfterARestart() throws IOException {
        String path = started(post("""
                {"dataset": "many", "draws": 20, "methods": ["layercam"], "policies": [{"type": "wang"}]}"""));
        int before = awaited(path, job -> job.get("imagesDone").asInt() > 5)
                .get("imagesDone")
                .asInt();

        service.close();
        service = run();

        JsonNode job = http().get(path).json();
        assertThat(job.get("state").asString()).isEqualTo("RUNNING");
        int after = awaited(path, now -> now.get("imagesDone").asInt() > before)
                .get("imagesDone")
                .asInt();
        assertThat(after).isGreaterThan(before);
        Path log = folder.resolve("state")
                .resolve(path.substring(path.lastIndexOf('/') + 1))
                .resolve("predictions.jsonl");
        awaited(path, state("SUCCEEDED"));
        try (Stream<String> lines = Files.lines(log)) {
            assertThat(lines.map(line -> line.replaceAll("^\\{\"image\":\"([^\"]*)\".*", "$1"))
                            .distinct())
                    .hasSize(MANY + 1);
        }
        JsonNode images = http().get(path + "/report.json").json().get("images");
        assertThat(images.get("scored").asInt()).isEqualTo(MANY);
        assertThat(images.get("failed")).isEmpty();
    }

    @Test
    void whatCannotBeScoredIsAVisibleFailure() {
        JsonNode job = awaited(started(post("""
                {"dataset": "empty"}""")), state("FAILED"));

        assertThat(job.get("failure").asString()).contains("no PNG, JPEG or DICOM image to score");
        assertThat(job.get("reports")).isEmpty();
    }

    @Test
    void linksAreFollowedIntoAllowedDirectoriesOnly() {
        String path = started(post("""
                {"dataset": "linked", "draws": 20, "methods": ["layercam"], "policies": [{"type": "wang"}]}"""));
        awaited(path, state("SUCCEEDED"));

        JsonNode images = http().get(path + "/report.json").json().get("images");

        assertThat(images.get("scored").asInt()).isEqualTo(2);
        assertThat(images.get("failed").toString()).contains("00000002_000.png", "link out of the directories");
        assertThat(images.toString()).doesNotContain("secret.png");
        String clean = started(post("""
                {"dataset": "samples", "draws": 20, "methods": ["layercam"], "policies": [{"type": "wang"}]}"""));
        awaited(clean, state("SUCCEEDED"));
        assertThat(pictures(path))
                .as("the gallery has the file that was scored, whatever has a similar name")
                .isNotEmpty()
                .isSubsetOf(pictures(clean));
    }

    private static List<String> pictures(String path) {
        return PICTURE.matcher(http().get(path + "/report.html").text())
                .results()
                .map(picture -> picture.group(1))
                .toList();
    }

    @Test
    void whatNeedsMoreMemoryThanThereIsIsRefusedWithTheEstimate() {
        String policies = IntStream.range(50, 70)
                .mapToObj("{\"type\": \"percentile\", \"percentile\": %d}"::formatted)
                .collect(Collectors.joining(","));

        Http.Answer answer = post("""
                {"dataset": "many", "methods": ["cam", "layercam", "gradcam_pp", "ablation_cam", "finer_cam"], "policies": [%s]}""".formatted(policies));

        assertProblem(answer, 422, "evaluation-too-large", MANY + " images, 100 systems");
        assertThat(answer.json().get("estimatedBytes").asLong())
                .isGreaterThan(answer.json().get("limitBytes").asLong());
        assertThat(http().get("/v1/evaluations").text()).doesNotContain("\"percentile\":69");
    }

    @Test
    void badRequestsAreAnsweredWithWhatIsWrong() throws IOException {
        assertProblem(
                post("{\"dataset\": \"/etc\"}"), 400, "unknown-dataset", "there are empty, linked, many, samples");
        assertProblem(post("{}"), 400, "invalid-parameter", "dataset");
        assertProblem(post("{\"dataset\": \"samples\", \"draws\": 0}"), 400, "invalid-parameter", "draws");
        assertProblem(post("{\"dataset\": \"samples\", \"methods\": [\"magic\"]}"), 400, "unknown-method", "magic");
        assertProblem(
                post("{\"dataset\": \"samples\", \"policies\": [{\"type\": \"magic\"}]}"),
                400,
                "malformed-request",
                "");
        assertProblem(upload("text/csv", new byte[0]), 422, "invalid-predictions", "is empty");
        assertProblem(
                upload("text/csv", "a,b\n".getBytes(StandardCharsets.UTF_8)), 422, "invalid-predictions", "Line 1");
        assertProblem(upload("text/csv", new byte[20_000]), 413, "predictions-too-large", "10240");
        for (String bomb : List.of(PREDICTIONS.repeat(1000), "\n".repeat(100_000))) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write((PREDICTIONS + bomb).getBytes(StandardCharsets.UTF_8));
            }
            assertThat(packed.size()).isLessThan(10_240);
            assertProblem(upload("application/gzip", packed.toByteArray()), 422, "invalid-predictions", "unpacked");
        }
        assertProblem(upload("text/plain", new byte[1]), 415, "unsupported-media-type", "text/plain");
        assertProblem(http().get("/v1/evaluations/7"), 400, "invalid-parameter", "");
        assertProblem(
                http().get("/v1/evaluations/" + UUID.randomUUID() + "/report.csv"), 404, "unknown-evaluation", "");
    }

    @Test
    void theListHasTheNewestFirst() {
        String first = started(upload("text/csv", PREDICTIONS.getBytes(StandardCharsets.UTF_8)));
        String second = started(upload("text/csv", PREDICTIONS.getBytes(StandardCharsets.UTF_8)));

        JsonNode list = http().get("/v1/evaluations").json();

        assertThat(list.get("datasets").valueStream().map(JsonNode::asString))
                .containsExactly("empty", "linked", "many", "samples");
        assertThat(list.get("evaluations")
                        .valueStream()
                        .map(job -> "/v1/evaluations/" + job.get("id").asString()))
                .containsSubsequence(second, first);
    }
}
