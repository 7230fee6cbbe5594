package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cxrlocalizer.Application;
import org.cxrlocalizer.Await;
import org.cxrlocalizer.ChildJvm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Evaluations on a service with a heap of 512 MB, which ends at the first {@code OutOfMemoryError}. */
class EvaluationMemoryTest {

    private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");
    private static final String HEADER = "Image Index,Finding Label,Bbox [x,y,w,h],Score\n";
    private static final String ROW = "00013659_019.png,Pneumonia,100,100,300,300,0.9\n";

    @TempDir
    Path folder;

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final List<Process> started = new ArrayList<>();
    private Path log = Path.of("");

    @AfterEach
    void end() throws InterruptedException {
        callers.shutdownNow();
        for (Process service : started) {
            service.destroyForcibly().waitFor();
        }
    }

    private Process start() throws IOException {
        log = folder.resolve("log-%d".formatted(started.size()));
        Process service = new ProcessBuilder(ChildJvm.command(
                        List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError"),
                        Application.class,
                        "--server.port=0",
                        "--evaluation.directory=" + folder.resolve("state"),
                        "--spring.datasource.url=jdbc:h2:async:" + folder.resolve("state/database") + ";WRITE_DELAY=0"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        started.add(service);
        return service;
    }

    private String logged() throws IOException {
        return Files.readString(log);
    }

    private void await(String what, Process service, Callable<Boolean> condition) throws IOException {
        Await.until(what, () -> condition.call() || !service.isAlive());
        assertThat(service.isAlive()).as(logged()).isTrue();
    }

    private Http http(Process service) throws IOException {
        await("the service has started", service, () -> logged().contains("Started Application"));
        Matcher port = STARTED.matcher(logged());
        assertThat(port.find()).isTrue();
        return new Http(Integer.parseInt(port.group(1)));
    }

    private static Http.Answer upload(Http http, int rows, int draws) {
        return http.post(
                "/v1/evaluations?draws=" + draws,
                "text/csv",
                (HEADER + ROW.repeat(rows)).getBytes(StandardCharsets.UTF_8));
    }

    private static String path(Http.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return "/v1/evaluations/" + answer.json().get("id").asString();
    }

    /** The evaluation once it has ended; the service answers that it lives meanwhile. */
    private JsonNode ended(Process service, Http http, String path) throws IOException {
        await("the evaluation has ended", service, () -> {
            assertThat(http.get("/actuator/health/liveness").status()).isEqualTo(200);
            Http.Answer answer = http.get(path);
            assertThat(answer.status()).as("%s %s", answer.text(), logged()).isEqualTo(200);
            return !answer.json().get("finished").isNull();
        });
        return http.get(path).json();
    }

    @Test
    void whatIsAcceptedIsScoredAndWhatIsTooMuchIsRefused() throws Exception {
        Process service = start();
        Http http = http(service);
        List<Future<Http.Answer>> uploads = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            uploads.add(callers.submit(() -> upload(http, 200_000, 2)));
        }
        List<String> accepted = new ArrayList<>();
        for (Future<Http.Answer> one : uploads) {
            accepted.add(path(one.get()));
        }
        accepted.add(path(upload(http, 1, 50)));

        Http.Answer tooMuch = upload(http, 1_000_000, 2);

        assertThat(tooMuch.status()).as(tooMuch.text()).isEqualTo(422);
        assertThat(tooMuch.json().get("type").asString()).endsWith("evaluation-too-large");
        assertThat(tooMuch.json().get("estimatedBytes").asLong())
                .isGreaterThan(tooMuch.json().get("limitBytes").asLong());
        for (String path : accepted) {
            JsonNode job = ended(service, http, path);
            assertThat(job.get("state").asString()).as(job.toString()).isEqualTo("SUCCEEDED");
        }
        service.destroy();
        assertThat(service.waitFor()).as(logged()).isEqualTo(143);
    }

    @Test
    void aScoringWhoseProcessEndedFailsAfterTheRestartAndOneThatWasStoppedGoesOn() throws Exception {
        Process first = start();
        Http http = http(first);
        String path = path(upload(http, 1, 100_000));
        await("the first is scored", first, () -> logged().contains("Scoring the evaluation"));
        first.destroyForcibly().waitFor();

        Process second = start();
        Http again = http(second);
        JsonNode job = ended(second, again, path);
        assertThat(job.get("state").asString()).isEqualTo("FAILED");
        assertThat(job.get("failure").asString()).contains("memory", "not tried again");

        String stopped = path(upload(again, 1, 100));
        await("the second is scored", second, () -> logged().contains("Scoring the evaluation"));
        second.destroy();
        assertThat(second.waitFor()).isEqualTo(143);

        Process third = start();
        job = ended(third, http(third), stopped);
        assertThat(job.get("state").asString()).as(job.toString()).isEqualTo("SUCCEEDED");
    }
}
