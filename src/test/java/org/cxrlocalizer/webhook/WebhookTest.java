// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.cxrlocalizer.Application;
import org.cxrlocalizer.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The ends of jobs, posted to a real server that fails at first. */
@ExtendWith(OutputCaptureExtension.class)
class WebhookTest {

    private static final byte[] KEY = "a secret of thirty-two bytes, ok".getBytes(StandardCharsets.UTF_8);
    private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(KEY);
    private static final String TOKEN_IN_THE_ADDRESS = "token-in-the-address";
    private static final String LIST =
            "Image Index,Finding Label,x,y,w,h,Score\n00013659_019.png,Pneumonia,100,100,300,300,0.9\n";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    private final AtomicInteger redirected = new AtomicInteger();

    /** The status for an attempt, by its number from 1. */
    private volatile IntUnaryOperator answers = attempt -> 204;

    private HttpServer receiver;

    /** One request to the receiver. */
    private record Attempt(String id, String timestamp, String signature, String event, byte[] body) {

        JsonNode json() {
            return JSON.readTree(body);
        }
    }

    @BeforeEach
    void startTheReceiver() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(Executors.newCachedThreadPool());
        receiver.createContext("/ends", this::take);
        receiver.createContext("/elsewhere", exchange -> {
            redirected.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stopTheReceiver() {
        receiver.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            assertThat(exchange.getRequestMethod()).isEqualTo("POST");
            attempts.add(new Attempt(
                    exchange.getRequestHeaders().getFirst("webhook-id"),
                    exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                    exchange.getRequestHeaders().getFirst("webhook-signature"),
                    exchange.getRequestHeaders().getFirst("cxr-event"),
                    exchange.getRequestBody().readAllBytes()));
            int status = answers.applyAsInt(attempts.size());
            if (status / 100 == 3) {
                exchange.getResponseHeaders().set("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private ConfigurableApplicationContext run() {
        return new SpringApplication(Application.class)
                .run(
                        "--server.port=0",
                        "--evaluation.directory=" + folder.resolve("state"),
                        "--spring.datasource.url=jdbc:h2:async:" + folder.resolve("database")
                                + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE",
                        "--jobrunr.jobs.retry-back-off-time-seed=1",
                        "--pacs.nodes.main.base-url=http://127.0.0.1:1/dicom-web",
                        "--webhook.url=http://127.0.0.1:%d/ends?token=%s"
                                .formatted(receiver.getAddress().getPort(), TOKEN_IN_THE_ADDRESS),
                        "--webhook.secret=" + SECRET);
    }

    private static JsonNode send(ConfigurableApplicationContext service, String path, String type, String body) {
        int port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (!type.isEmpty()) {
            request.header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body));
        }
        try {
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
            return JSON.readTree(answer.body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String evaluation(ConfigurableApplicationContext service) {
        return "/v1/evaluations/"
                + send(service, "/v1/evaluations?draws=20", "text/csv", LIST)
                        .get("id")
                        .asString();
    }

    private static String pacsJob(ConfigurableApplicationContext service) {
        return "/v1/pacs/jobs/"
                + send(service, "/v1/pacs/main/studies/1.2.3", "application/json", "")
                        .get("id")
                        .asString();
    }

    private static void cancel(ConfigurableApplicationContext service, String job) {
        send(service, job + "/cancel", "application/json", "");
    }

    private void awaitAttempts(int number) {
        Await.until(number + " attempts", () -> attempts.size() >= number);
    }

    private static void assertSigned(Attempt attempt) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        mac.update((attempt.id() + "." + attempt.timestamp() + ".").getBytes(StandardCharsets.UTF_8));
        assertThat(attempt.signature())
                .isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal(attempt.body())));
        assertThat(Instant.ofEpochSecond(Long.parseLong(attempt.timestamp())))
                .isBetween(Instant.now().minus(Duration.ofMinutes(10)), Instant.now());
    }

    @Test
    void anEndIsPostedUntilItIsTakenAndIsSigned(CapturedOutput output) throws Exception {
        answers = attempt -> attempt == 1 ? 500 : attempt == 2 ? 302 : 204;
        try (ConfigurableApplicationContext service = run()) {
            String job = evaluation(service);

            awaitAttempts(3);

            JsonNode answer = send(service, job, "", "");
            assertThat(answer.get("state").asString()).isEqualTo("SUCCEEDED");
            for (Attempt attempt : attempts) {
                assertThat(attempt.event()).isEqualTo("evaluation-ended");
                assertThat(attempt.id()).isEqualTo(attempts.get(0).id());
                assertThat(attempt.json()).as("the answer of the API").isEqualTo(answer);
                assertSigned(attempt);
            }
            assertThat(redirected).as("redirects that were followed").hasValue(0);

            String study = pacsJob(service);
            cancel(service, study);
            awaitAttempts(4);
            assertThat(attempts.get(3).event()).isEqualTo("pacs-job-ended");
            assertThat(attempts.get(3).json()).isEqualTo(send(service, study, "", ""));
            assertSigned(attempts.get(3));

            send(service, study + "/retry", "application/json", "");
            cancel(service, study);
            awaitAttempts(5);
            assertThat(attempts.get(4).id())
                    .as("another end of the same job")
                    .isNotEqualTo(attempts.get(3).id());
        }
        assertThat(attempts).as("no end is posted again once it was taken").hasSize(5);
        assertThat(output)
                .contains("The webhook's address answered 500.")
                .doesNotContain(SECRET, SECRET.substring(6), TOKEN_IN_THE_ADDRESS);
    }

    @Test
    void aRestartLosesNone() throws Exception {
        answers = attempt -> 503;
        String job;
        try (ConfigurableApplicationContext service = run()) {
            job = evaluation(service);
            cancel(service, job);
            awaitAttempts(1);
        }
        int before = attempts.size();
        answers = attempt -> 204;

        try (ConfigurableApplicationContext service = run()) {
            awaitAttempts(before + 1);

            Attempt taken = attempts.get(before);
            assertThat(taken.id()).isEqualTo(attempts.get(0).id());
            assertThat(taken.json()).isEqualTo(send(service, job, "", ""));
            assertSigned(taken);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1/x, whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz, true",
        "https://receiver/x?y=z, MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz, true",
        ", , true",
        "ftp://receiver/x, MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz, false",
        "https://user@receiver/x, MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz, false",
        "/x, MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz, false",
        "https://receiver/x, , false",
        ", MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz, false",
        "https://receiver/x, c2hvcnQ=, false",
        "https://receiver/x, not base64 at all but long enough, false"
    })
    void anAddressNeedsASecretOfEnoughBytes(URI url, String secret, boolean isValid) {
        WebhookProperties properties =
                new WebhookProperties(url, secret, null, Duration.ofSeconds(5), Duration.ofSeconds(5));

        try (ValidatorFactory validators = Validation.buildDefaultValidatorFactory()) {
            assertThat(validators.getValidator().validate(properties).isEmpty()).isEqualTo(isValid);
        }
        if (secret != null) {
            assertThat(properties.toString()).doesNotContain(secret);
        }
    }
}
