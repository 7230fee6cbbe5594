package org.cxrlocalizer.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;
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

    private static final String PASSWORD = "changeit";

    @TempDir
    static Path keys;

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void certificates(DynamicPropertyRegistry registry) throws IOException, InterruptedException {
        for (String name : List.of("service", "gateway", "stranger")) {
            keytool("-genkeypair -keyalg EC -ext san=ip:127.0.0.1 -dname CN=%s -alias %s".formatted(name, name), name);
            keytool("-exportcert -alias %s -file %s".formatted(name, keys.resolve(name + ".cer")), name);
        }
        trust("service", "gateway");
        trust("gateway", "service");
        trust("stranger", "service");
        String bundle = "spring.ssl.bundle.jks.service.";
        for (String store : List.of("keystore", "truststore")) {
            registry.add(
                    bundle + store + ".location", () -> store(store.equals("keystore") ? "service" : "service-trusts"));
            registry.add(bundle + store + ".password", () -> PASSWORD);
            registry.add(bundle + store + ".type", () -> "PKCS12");
        }
    }

    private static void trust(String who, String whom) throws IOException, InterruptedException {
        keytool(
                "-importcert -noprompt -alias %s -file %s".formatted(whom, keys.resolve(whom + ".cer")),
                who + "-trusts");
    }

    private static void keytool(String arguments, String store) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments.split(" ")));
        command.addAll(List.of("-storepass", PASSWORD, "-keystore", store(store)));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private static String store(String name) {
        return keys.resolve(name + ".p12").toString();
    }

    private static JksSslStoreDetails details(String name) {
        return JksSslStoreDetails.forLocation(store(name)).withPassword(PASSWORD);
    }

    private int ask(@Nullable String key) throws IOException, InterruptedException {
        SSLContext context = SslBundle.of(
                        new JksSslStoreBundle(key == null ? null : details(key), details("gateway-trusts")))
                .createSslContext();
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
    void nobodyElseIs() {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> ask(null));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> ask("stranger"));
    }
}
