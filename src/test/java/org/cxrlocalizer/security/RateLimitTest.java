// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.cxrlocalizer.TestClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** How often a key may ask, and which other origins may. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "security.mode=api-key",
            "security.requests-per-minute=10",
            "security.burst=5",
            "security.allowed-origins=https://viewer.example"
        })
@Import(TestClock.Bean.class)
class RateLimitTest {

    private static final String BUSY = ApiKey.random();
    private static final String OTHER = ApiKey.random();

    @TempDir
    static Path folder;

    @LocalServerPort
    private int port;

    @Autowired
    private TestClock clock;

    @DynamicPropertySource
    static void keys(DynamicPropertyRegistry registry) {
        Path file = KeyFile.write(
                folder,
                List.of(
                        ApiKey.of("busy", Set.of(Scope.LOCALIZE), BUSY),
                        ApiKey.of("other", Set.of(Scope.LOCALIZE), OTHER)));
        registry.add("security.api-keys", file::toString);
    }

    @Test
    void aPrincipalAboveItsRateIsRefusedAndOthersAreNot() {
        List<Integer> statuses = IntStream.range(0, 10)
                .mapToObj(i -> Caller.withKey(port, BUSY).get("/v1/models").statusCode())
                .toList();

        assertThat(statuses.subList(0, 5)).containsOnly(200);
        assertThat(statuses.subList(5, 10)).containsOnly(429);
        HttpResponse<String> refusal = Caller.withKey(port, BUSY).get("/v1/models");
        assertThat(refusal.body()).contains("urn:cxr-localizer:problem:rate-limited");
        int seconds =
                Integer.parseInt(refusal.headers().firstValue("Retry-After").orElseThrow());
        assertThat(seconds).isEqualTo(6);
        assertThat(Caller.withKey(port, OTHER).get("/v1/models").statusCode()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(seconds - 1));
        assertThat(Caller.withKey(port, BUSY).get("/v1/models").statusCode()).isEqualTo(429);
        clock.advance(Duration.ofSeconds(1));
        assertThat(Caller.withKey(port, BUSY).get("/v1/models").statusCode()).isEqualTo(200);
    }

    @Test
    void onlyListedOriginsAreAllowed() {
        assertThat(allowed("https://viewer.example")).isEqualTo("https://viewer.example");
        assertThat(allowed("https://elsewhere.example")).isEqualTo("none");
    }

    private String allowed(String origin) {
        return Caller.send(Caller.nobody(port)
                        .request("/v1/localizations")
                        .header("Origin", origin)
                        .header("Access-Control-Request-Method", "POST")
                        .header("Access-Control-Request-Headers", "X-API-Key")
                        .method("OPTIONS", HttpRequest.BodyPublishers.noBody()))
                .headers()
                .firstValue("Access-Control-Allow-Origin")
                .orElse("none");
    }
}
