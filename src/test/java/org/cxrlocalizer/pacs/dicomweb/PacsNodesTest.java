package org.cxrlocalizer.pacs.dicomweb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLParameters;
import org.cxrlocalizer.pacs.PacsProperties;
import org.cxrlocalizer.pacs.ResultKind;
import org.cxrlocalizer.radiograph.DicomVoi;
import org.cxrlocalizer.radiograph.RadiographProperties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;
import org.springframework.util.unit.DataSize;

/** A PACS that has a certificate of nobody known, and asks for ours. */
class PacsNodesTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    static Path keys;

    private static HttpsServer pacs;
    private static final DefaultSslBundleRegistry BUNDLES = new DefaultSslBundleRegistry();

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        for (String name : List.of("pacs", "service")) {
            keytool(
                    "-genkeypair",
                    "-alias",
                    name,
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=" + name,
                    "-ext",
                    "san=ip:127.0.0.1",
                    name);
            keytool(
                    "-exportcert",
                    "-alias",
                    name,
                    "-file",
                    keys.resolve(name + ".cer").toString(),
                    name);
        }
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "pacs",
                "-file",
                keys.resolve("pacs.cer").toString(),
                "trusts-pacs");
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "service",
                "-file",
                keys.resolve("service.cer").toString(),
                "trusts-service");
        BUNDLES.registerBundle("pacs", bundle("pacs", "trusts-service"));
        BUNDLES.registerBundle("both", bundle("service", "trusts-pacs"));
        BUNDLES.registerBundle("trust", bundle(null, "trusts-pacs"));

        pacs = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pacs.setHttpsConfigurator(
                new HttpsConfigurator(BUNDLES.getBundle("pacs").createSslContext()) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                        wanted.setNeedClientAuth(true);
                        parameters.setSSLParameters(wanted);
                    }
                });
        pacs.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = """
                        [{"0020000E":{"vr":"UI","Value":["1.2.1"]},"00080018":{"vr":"UI","Value":["1.2.1.1"]}}]""".getBytes(StandardCharsets.UTF_8);
                boolean ours =
                        "Bearer secret".equals(exchange.getRequestHeaders().getFirst("Authorization"));
                exchange.sendResponseHeaders(ours ? 200 : 401, ours ? body.length : -1);
                if (ours) {
                    exchange.getResponseBody().write(body);
                }
            }
        });
        pacs.start();
    }

    @AfterAll
    static void stop() {
        pacs.stop(0);
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments).subList(0, arguments.length - 1));
        command.addAll(List.of("-storepass", PASSWORD, "-keystore", store(arguments[arguments.length - 1])));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private static String store(String name) {
        return keys.resolve(name + ".p12").toString();
    }

    private static SslBundle bundle(@Nullable String key, String trust) {
        return SslBundle.of(new JksSslStoreBundle(key == null ? null : details(key), details(trust)));
    }

    private static JksSslStoreDetails details(String name) {
        return new JksSslStoreDetails("PKCS12", null, store(name), PASSWORD);
    }

    private static DicomWebClient client(@Nullable String bundle, @Nullable String token) {
        PacsProperties.Node node = new PacsProperties.Node(
                URI.create("https://127.0.0.1:%d/dicom-web"
                        .formatted(pacs.getAddress().getPort())),
                null,
                null,
                token,
                bundle,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20));
        return new PacsNodes(
                        new PacsProperties(Map.of("main", node), Set.of(ResultKind.STRUCTURED_REPORT)),
                        new RadiographProperties(DataSize.ofMegabytes(1), 1000, DicomVoi.FIRST),
                        BUNDLES,
                        new SimpleMeterRegistry())
                .find("main")
                .orElseThrow();
    }

    @Test
    void aBundleHasThePacssCertificateAndOurs() {
        assertThat(client("both", "secret").instances("1.2"))
                .containsExactly(new StudyInstance("1.2.1", "", "1.2.1.1", ""));
    }

    @Test
    void aPacsOfNobodyKnownIsNotTrusted() {
        assertThatExceptionOfType(PacsException.class)
                .isThrownBy(() -> client(null, "secret").instances("1.2"))
                .withMessageContaining("SSLHandshakeException");
    }

    @Test
    void withoutOurCertificateThePacsDoesNotAnswer() {
        assertThatExceptionOfType(PacsException.class)
                .isThrownBy(() -> client("trust", "secret").instances("1.2"))
                .withMessageStartingWith("The PACS cannot be reached");
    }

    @Test
    void aTokenThatIsMissingIsARefusalForGood() {
        assertThatExceptionOfType(PacsException.class)
                .isThrownBy(() -> client("both", null).instances("1.2"))
                .withMessage("The PACS answered with status 401.")
                .matches(refusal -> !refusal.isPassing());
    }
}
