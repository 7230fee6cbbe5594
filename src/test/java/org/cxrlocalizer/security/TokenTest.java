// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Tokens of an issuer whose keys are fetched over real HTTP. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "security.mode=jwt")
class TokenTest {

    private static final String ISSUER = "https://issuer.example";
    private static final String AUDIENCE = "cxr-localizer";
    private static final RSAKey KEY = rsaKey();
    private static final HttpServer KEYS = server();
    private static final AtomicInteger FETCHES = new AtomicInteger();

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry registry) {
        byte[] keys = new JWKSet(KEY.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        KEYS.setExecutor(Executors.newCachedThreadPool());
        KEYS.createContext("/keys", exchange -> {
            FETCHES.incrementAndGet();
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        KEYS.start();
        String jwt = "spring.security.oauth2.resourceserver.jwt.";
        registry.add(jwt + "jwk-set-uri", () -> "http://127.0.0.1:%d/keys"
                .formatted(KEYS.getAddress().getPort()));
        registry.add(jwt + "issuer-uri", () -> ISSUER);
        registry.add(jwt + "audiences", () -> AUDIENCE);
    }

    @AfterAll
    static void stop() {
        KEYS.stop(0);
    }

    private static RSAKey rsaKey() {
        try {
            return new RSAKeyGenerator(2048).keyID("one").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JWTClaimsSet.Builder claims(String scope) {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject("viewer\nstatus=200")
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .claim("scope", scope);
    }

    private static String signed(JWTClaimsSet.Builder claims, RSAKey by) throws JOSEException {
        return signed(claims, by, new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(by.getKeyID()));
    }

    private static String signed(JWTClaimsSet.Builder claims, RSAKey by, JWSHeader.Builder header)
            throws JOSEException {
        SignedJWT token = new SignedJWT(header.build(), claims.build());
        token.sign(new RSASSASigner(by));
        return token.serialize();
    }

    private HttpResponse<String> ask(String path, String token) {
        return Caller.withToken(port, token).get(path);
    }

    @Test
    void aTokenMayDoWhatItsScopesAllow() throws JOSEException {
        String localizer = signed(claims("openid localize"), KEY);

        assertThat(ask("/v1/models", localizer).statusCode()).isEqualTo(200);
        assertThat(Caller.withToken(port, localizer).localize().statusCode()).isEqualTo(200);
        assertThat(ask("/v1/pacs/jobs", localizer).statusCode()).isEqualTo(403);
        assertThat(ask("/v1/pacs/jobs", signed(claims("pacs"), KEY)).statusCode())
                .isEqualTo(200);
        assertThat(ask("/v1/evaluations", signed(claims("admin"), KEY)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aTokenOfAnotherIssuerAudienceTimeOrKeyIsRefused() throws JOSEException {
        RSAKey other = rsaKey();

        assertThatIsRefused(signed(claims("localize").issuer("https://elsewhere.example"), KEY));
        assertThatIsRefused(signed(claims("localize").audience("another-service"), KEY));
        assertThatIsRefused(
                signed(claims("localize").expirationTime(Date.from(Instant.now().minusSeconds(120))), KEY));
        assertThatIsRefused(signed(claims("localize"), other));
        assertThatIsRefused(new PlainJWT(claims("localize").build()).serialize());
        assertThatIsRefused("no.token.atall");
        assertThatIsRefused(signed(claims("localize").expirationTime(null), KEY));
        assertThatIsRefused(signed(claims("localize").subject(null), KEY));
        assertThatIsRefused(signed(claims("localize").subject(" "), KEY));
        assertThatIsRefused(signed(claims("localize"), KEY, type("dpop+jwt")));
        HttpResponse<String> refusal = Caller.nobody(port).get("/v1/models");
        assertThat(refusal.statusCode()).isEqualTo(401);
        assertThat(refusal.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer");
    }

    private static JWSHeader.Builder type(String type) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(KEY.getKeyID()).type(new JOSEObjectType(type));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "at+jwt", "application/at+jwt"})
    void tokensOfTheProfileForAccessTokensAreTaken(String type) throws JOSEException {
        assertThat(ask("/v1/models", signed(claims("localize"), KEY, type(type)))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void tokensOfUnknownKeysCostTheIssuerFewRequests() throws JOSEException {
        assertThat(ask("/v1/models", signed(claims("localize"), KEY)).statusCode())
                .isEqualTo(200);
        int before = FETCHES.get();

        for (int i = 0; i < 60; i++) {
            assertThatIsRefused(
                    signed(claims("localize"), KEY, new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("unknown-" + i)));
        }

        assertThat(FETCHES.get() - before).isLessThanOrEqualTo(4);
        assertThat(ask("/v1/models", signed(claims("localize"), KEY)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void noResourceMetadataAreServed() {
        HttpResponse<String> metadata = Caller.nobody(port).get("/.well-known/oauth-protected-resource");
        assertThat(metadata.statusCode()).isEqualTo(401);
        assertThat(metadata.body())
                .contains("urn:cxr-localizer:problem:unauthenticated")
                .doesNotContain("certificate");
        assertThat(metadata.headers().firstValue("WWW-Authenticate").orElseThrow())
                .isEqualTo("Bearer");
    }

    private void assertThatIsRefused(String token) {
        HttpResponse<String> answer = ask("/v1/models", token);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("urn:cxr-localizer:problem:unauthenticated");
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer error=");
    }
}
