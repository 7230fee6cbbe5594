// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.cxrlocalizer.Keystores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The service behind TLS that asks callers for certificates, as a PACS or a gateway would have them. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"server.ssl.bundle=service", "server.ssl.client-auth=need"})
class TlsTest {

    @TempDir
    static Path folder;

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void certificates(DynamicPropertyRegistry registry) throws IOException, InterruptedException {
        Keystores keys = new Keystores(folder);
        for (String name : List.of("service", "gateway", "stranger")) {
            keys.makeKey(name);
        }
        keys.trust("service", "gateway");
        keys.trust("gateway", "service");
        Map.of("keystore", "service", "truststore", Keystores.trusts("service")).forEach((kind, store) -> {
            String property = "spring.ssl.bundle.jks.service.%s.".formatted(kind);
            registry.add(property + "location", () -> keys.store(store));
            registry.add(property + "password", () -> Keystores.PASSWORD);
            registry.add(property + "type", () -> "PKCS12");
        });
    }

    private int ask(@Nullable String key) throws IOException, InterruptedException {
        SSLContext context = new Keystores(folder).bundle(key, "gateway").createSslContext();
        return HttpClient.newBuilder()
                .sslContext(context)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:%d/v1/models".formatted(port)))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void aCallerWithACertificateThatIsTrustedIsAnswered() throws IOException, InterruptedException {
        assertThat(ask("gateway")).isEqualTo(200);
    }

    @Test
    void otherCertificatesAreRefused() {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> ask(null));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> ask("stranger"));
    }
}
