// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.Application;
import org.cxrlocalizer.Await;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Streams of a node that does no jobs itself, with API keys. Jobs wait until a test starts a node that does them. */
class JobEventsTest {

    private static final String KEY = "a-key-for-a-test-of-events-0123456789";
    private static final int MOST = 3;
    private static final String LIST =
            "Image Index,Finding Label,x,y,w,h,Score\n00013659_019.png,Pneumonia,100,100,300,300,0.9\n";

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final JsonMapper JSON = new JsonMapper();
    private static final String DATABASE = "jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID());

    @TempDir
    static Path folder;

    private static ConfigurableApplicationContext api;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(folder.resolve("keys.json"), """
                [{"name": "tester", "sha256": "%s", "scopes": ["admin", "pacs"]}]
                """.formatted(DigestUtils.sha256Hex(KEY)));
        api = run("api");
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static ConfigurableApplicationContext run(String roles) {
        return new SpringApplication(Application.class)
                .run(
                        "--server.port=0",
                        "--roles=" + roles,
                        "--security.mode=api-key",
                        "--security.api-keys=" + folder.resolve("keys.json"),
                        "--spring.datasource.url=" + DATABASE,
                        "--evaluation.directory=" + folder.resolve("state"),
                        "--pacs.nodes.main.base-url=http://127.0.0.1:1/dicom-web",
                        "--events.interval=100ms",
                        "--events.heartbeat=300ms",
                        "--events.max-streams=" + MOST);
    }

    private static Http http(ConfigurableApplicationContext node) {
        return new Http(node.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(http(api).uri(path)).header("X-API-Key", KEY);
    }

    private static JsonNode send(HttpRequest.Builder request) {
        Http.Answer answer = http(api).send(request.build());
        assertThat(answer.status()).as(answer.text()).isLessThan(300);
        return answer.json();
    }

    private static String evaluation() {
        return "/v1/evaluations/"
                + send(request("/v1/evaluations?draws=20")
                                .header("Content-Type", "text/csv")
                                .POST(HttpRequest.BodyPublishers.ofString(LIST)))
                        .get("id")
                        .asString();
    }

    private static String pacsJob() {
        return "/v1/pacs/jobs/"
                + send(request("/v1/pacs/main/studies/1.2." + System.nanoTime())
                                .POST(HttpRequest.BodyPublishers.noBody()))
                        .get("id")
                        .asString();
    }

    private static void cancel(String job) {
        send(request(job + "/cancel").POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** One event, or a comment. */
    private record Event(String name, String data) {

        JsonNode json() {
            return JSON.readTree(data);
        }

        String state() {
            return json().get("state").asString();
        }
    }

    /** A stream that is read line by line, as a client without a library would. */
    private static final class Reader implements AutoCloseable {

        private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
        private final HttpResponse<Stream<String>> response;
        private final Thread thread;
        private volatile String ended = "";

        Reader(String job) throws IOException, InterruptedException {
            response = CLIENT.send(request(job + "/events").build(), HttpResponse.BodyHandlers.ofLines());
            assertThat(response.statusCode()).isEqualTo(200);
            thread = new Thread(this::read);
            thread.start();
        }

        private void read() {
            List<String> lines = new ArrayList<>();
            try (Stream<String> all = response.body()) {
                all.forEach(line -> {
                    if (line.isEmpty()) {
                        events.add(new Event(field(lines, "event:"), field(lines, "data:")));
                        lines.clear();
                    } else {
                        lines.add(line);
                    }
                });
                ended = "whole";
            } catch (RuntimeException e) {
                ended = e.toString();
            }
        }

        private static String field(List<String> lines, String name) {
            return lines.stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()))
                    .findFirst()
                    .orElse("");
        }

        Event next() throws InterruptedException {
            Event event = events.poll(2, TimeUnit.MINUTES);
            assertThat(event).as("the next event").isNotNull();
            return event;
        }

        /** Passes over comments. */
        Event nextNamed() throws InterruptedException {
            Event event = next();
            while (event.name().isEmpty()) {
                event = next();
            }
            return event;
        }

        void assertEnds() throws InterruptedException {
            thread.join(Duration.ofMinutes(1).toMillis());
            assertThat(ended).isEqualTo("whole");
            assertThat(events).allMatch(event -> event.name().isEmpty());
        }

        @Override
        public void close() {
            response.body().close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"evaluation", "PACS"})
    void aStreamBeginsWithTheStateAndEndsWithTheJob(String kind) throws Exception {
        String job = kind.equals("PACS") ? pacsJob() : evaluation();
        try (Reader stream = new Reader(job)) {
            Event first = stream.nextNamed();
            assertThat(first.name()).isEqualTo("progress");
            assertThat(first.state()).isEqualTo("QUEUED");
            assertThat(stream.next()).as("a heartbeat").isEqualTo(new Event("", ""));

            cancel(job);

            Event last = stream.nextNamed();
            assertThat(last.name()).isEqualTo("end");
            assertThat(last.json()).isEqualTo(send(request(job)));
            assertThat(last.state()).isEqualTo("CANCELLED");
            stream.assertEnds();
            assertThat(stream.response.headers().firstValue("Content-Type")).contains("text/event-stream");
        }
        try (Reader again = new Reader(job)) {
            assertThat(again.nextNamed().name()).as("of a job that has ended").isEqualTo("end");
            again.assertEnds();
        }
    }

    @Test
    void progressOfAnotherNodeIsStreamed() throws Exception {
        String job = evaluation();
        try (Reader stream = new Reader(job);
                ConfigurableApplicationContext worker = run("worker")) {
            List<String> states = new ArrayList<>();
            Event event = stream.nextNamed();
            for (; event.name().equals("progress"); event = stream.nextNamed()) {
                states.add(event.state());
            }
            assertThat(states.get(0)).isEqualTo("QUEUED");
            assertThat(event.name()).isEqualTo("end");
            assertThat(event.json()).isEqualTo(send(request(job)));
            assertThat(event.state()).isEqualTo("SUCCEEDED");
            stream.assertEnds();
            assertThat(http(worker)
                            .send(HttpRequest.newBuilder(http(worker).uri(job + "/events"))
                                    .header("X-API-Key", KEY)
                                    .build())
                            .status())
                    .as("a node without the role api")
                    .isEqualTo(404);
        }
    }

    @Test
    void streamsAreBoundedAndAClientThatLeftGivesItsPlaceBack() throws Exception {
        String job = evaluation();
        List<Reader> open = new ArrayList<>();
        try {
            for (int i = 0; i < MOST; i++) {
                open.add(new Reader(job));
            }
            Http.Answer refused = http(api).send(request(job + "/events").build());
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.json().get("type").asString()).isEqualTo("urn:cxr-localizer:problem:rate-limited");
            assertThat(refused.retryAfter()).isNotEmpty();

            open.remove(0).close();

            Await.until("a place is free", () -> {
                HttpResponse<Stream<String>> answer =
                        CLIENT.send(request(job + "/events").build(), HttpResponse.BodyHandlers.ofLines());
                answer.body().close();
                return answer.statusCode() == 200;
            });
        } finally {
            cancel(job);
            for (Reader reader : open) {
                assertThat(reader.nextNamed().name()).isEqualTo("progress");
                assertThat(reader.nextNamed().name()).isEqualTo("end");
                reader.close();
            }
        }
    }

    @Test
    void aJobThatIsDeletedIsGone() throws Exception {
        String job = evaluation();
        try (Reader stream = new Reader(job)) {
            assertThat(stream.nextNamed().name()).isEqualTo("progress");
            api.getBean(JdbcClient.class)
                    .sql("delete from evaluation where id = :id")
                    .param("id", UUID.fromString(job.substring(job.lastIndexOf('/') + 1)))
                    .update();

            assertThat(stream.nextNamed().name()).isEqualTo("gone");
            stream.assertEnds();
        }
    }

    /** The server must not wait for a next request on a connection that was a stream. */
    @Test
    void theConnectionEndsWithTheStream() throws Exception {
        String job = evaluation();
        cancel(job);
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), http(api).port())) {
            socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
            socket.getOutputStream()
                    .write("GET %s/events HTTP/1.1\r\nHost: localhost\r\nX-API-Key: %s\r\n\r\n"
                            .formatted(job, KEY)
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 200").contains("event:end", "CANCELLED");
        }
    }

    /** More of them than there may be streams: none keeps a place, though its job is open. */
    @Test
    void headRequestsOpenNoStream() {
        String job = evaluation();
        for (int i = 0; i <= MOST; i++) {
            Http.Answer answer = http(api)
                    .send(request(job + "/events")
                            .method("HEAD", HttpRequest.BodyPublishers.noBody())
                            .build());
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.contentType()).startsWith("text/event-stream");
        }
        cancel(job);
    }

    @Test
    void aNodeThatStopsEndsItsStreams() throws Exception {
        String job = evaluation();
        ConfigurableApplicationContext node = run("api");
        long started;
        HttpResponse<Stream<String>> response;
        try {
            response = CLIENT.send(
                    HttpRequest.newBuilder(http(node).uri(job + "/events"))
                            .header("X-API-Key", KEY)
                            .build(),
                    HttpResponse.BodyHandlers.ofLines());
            assertThat(response.statusCode()).isEqualTo(200);
        } finally {
            started = System.nanoTime();
            node.close();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .as("a stop that does not wait for the stream")
                .isLessThan(Duration.ofSeconds(20));
        assertThat(response.body().toList()).contains("event:progress").doesNotContain("event:end");
        cancel(job);
    }

    @Test
    void anUnknownJobAndACallerWithoutAKeyAreRefused() {
        String unknown = "/v1/evaluations/" + UUID.randomUUID() + "/events";

        Http.Answer missing = http(api)
                .send(request(unknown).header("Accept", "text/event-stream").build());
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.contentType()).isEqualTo("application/problem+json");
        assertThat(missing.json().get("type").asString()).endsWith(":unknown-evaluation");
        assertThat(http(api).get(unknown).status()).isEqualTo(401);
    }
}
