// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.cxrlocalizer.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** An issuer that is found by its metadata, fails, and hangs. */
class IssuerOutageTest {

    private final RSAKey key = key();
    private final CountDownLatch hang = new CountDownLatch(1);
    private final ExecutorService callers = Executors.newFixedThreadPool(250);
    private HttpServer issuer;
    private ConfigurableApplicationContext service;

    private static RSAKey key() {
        try {
            return new RSAKeyGenerator(2048).keyID("one").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() throws IOException {
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.setExecutor(Executors.newCachedThreadPool());
        issuer.start();
        service = new SpringApplication(Application.class)
                .run(
                        "--server.port=0",
                        "--spring.datasource.url=jdbc:h2:mem:issuer",
                        "--security.mode=jwt",
                        "--spring.security.oauth2.resourceserver.jwt.issuer-uri=" + address(),
                        "--spring.security.oauth2.resourceserver.jwt.audiences=cxr-localizer");
    }

    @AfterEach
    void stop() {
        hang.countDown();
        service.close();
        issuer.stop(0);
        callers.shutdownNow();
    }

    private String address() {
        return "http://127.0.0.1:%d/realm".formatted(issuer.getAddress().getPort());
    }

    private int port() {
        return service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private void answer(String path, String json) {
        issuer.createContext(path, exchange -> {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private HttpResponse<String> ask() {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(),
                    new JWTClaimsSet.Builder()
                            .issuer(address())
                            .audience("cxr-localizer")
                            .subject("viewer")
                            .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                            .claim("scope", "localize")
                            .build());
            token.sign(new RSASSASigner(key));
            return Caller.withToken(port(), token.serialize()).get("/v1/models");
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertThatItIsNotReady(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).contains("urn:cxr-localizer:problem:not-ready", "issuer does not answer");
    }

    @Test
    void aTokenThatCannotBeCheckedIsAProblemAndKnownKeysSurviveAnOutage() {
        assertThatItIsNotReady(ask());

        answer(
                "/realm/.well-known/openid-configuration",
                "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(address(), address()));
        answer("/realm/keys", new JWKSet(key.toPublicJWK()).toString());
        org.cxrlocalizer.Await.until("the issuer is asked again", () -> ask().statusCode() == 200);

        issuer.stop(0);
        assertThat(ask().statusCode()).isEqualTo(200);
    }

    @Test
    @Timeout(120)
    void anIssuerThatHangsDoesNotHoldTheThreads() {
        issuer.createContext("/", exchange -> {
            try {
                hang.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        List<CompletableFuture<HttpResponse<String>>> asked = IntStream.range(0, 240)
                .mapToObj(i -> CompletableFuture.supplyAsync(this::ask, callers))
                .toList();
        long start = System.nanoTime();

        assertThat(Caller.nobody(port()).get("/actuator/health/liveness").statusCode())
                .isEqualTo(200);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
        asked.forEach(answer -> assertThatItIsNotReady(answer.join()));
    }
}
