// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cxrlocalizer.Extent;
import org.cxrlocalizer.ServiceProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Evaluations on a service with a heap of 512 MB, which ends at the first {@code OutOfMemoryError}. */
class EvaluationMemoryTest {

    private static final String HEADER = "Image Index,Finding Label,Bbox [x,y,w,h],Score\n";
    private static final String ROW = "00013659_019.png,Pneumonia,100,100,300,300,0.9\n";

    @TempDir
    Path folder;

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final List<ServiceProcess> started = new ArrayList<>();

    @AfterEach
    void end() {
        callers.shutdownNow();
        started.forEach(ServiceProcess::close);
    }

    private ServiceProcess start() throws IOException {
        ServiceProcess service = ServiceProcess.start(
                folder.resolve("log-%d".formatted(started.size())),
                List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError"),
                "--evaluation.directory=" + folder.resolve("state"),
                "--spring.datasource.url=jdbc:h2:async:" + folder.resolve("state/database")
                        + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE");
        started.add(service);
        return service;
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
    private JsonNode ended(ServiceProcess service, Http http, String path) throws IOException {
        service.await("the evaluation has ended", () -> {
            assertThat(http.get("/actuator/health/liveness").status()).isEqualTo(200);
            Http.Answer answer = http.get(path);
            assertThat(answer.status())
                    .as("%s %s", answer.text(), service.log())
                    .isEqualTo(200);
            return !answer.json().get("finished").isNull();
        });
        return http.get(path).json();
    }

    @Test
    void whatIsAcceptedIsScoredAndWhatIsTooMuchIsRefused() throws Exception {
        ServiceProcess service = start();
        Http http = new Http(service.port());
        List<Future<Http.Answer>> uploads = new ArrayList<>();
        for (int i = 0; i < Extent.times(5, 3); i++) {
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
        service.stop();
    }

    @Test
    void aScoringWhoseProcessEndedFailsAfterTheRestartAndOneThatWasStoppedGoesOn() throws Exception {
        ServiceProcess first = start();
        Http http = new Http(first.port());
        String path = path(upload(http, 1, 100_000));
        first.await("the first is scored", () -> first.log().contains("Scoring the evaluation"));
        first.kill();

        ServiceProcess second = start();
        Http again = new Http(second.port());
        JsonNode job = ended(second, again, path);
        assertThat(job.get("state").asString()).isEqualTo("FAILED");
        assertThat(job.get("failure").asString()).contains("memory", "not tried again");

        String stopped = path(upload(again, 1, 100));
        second.await("the second is scored", () -> second.log().contains("Scoring the evaluation"));
        second.stop();

        ServiceProcess third = start();
        job = ended(third, new Http(third.port()), stopped);
        assertThat(job.get("state").asString()).as(job.toString()).isEqualTo("SUCCEEDED");
    }
}
