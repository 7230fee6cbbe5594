// SPDX-License-Identifier: Apache-2.0
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
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLParameters;
import org.cxrlocalizer.Keystores;
import org.cxrlocalizer.dicom.documents.PictureFormat;
import org.cxrlocalizer.model.OperatingPoint;
import org.cxrlocalizer.pacs.PacsProperties;
import org.cxrlocalizer.radiograph.RadiographProperties;
import org.cxrlocalizer.radiograph.dicom.DicomVoi;
import org.cxrlocalizer.results.ResultKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.util.unit.DataSize;

/** A PACS that has a certificate of nobody known, and asks for ours. */
class PacsNodesTest {

    @TempDir
    static Path folder;

    private static HttpsServer pacs;
    private static final DefaultSslBundleRegistry BUNDLES = new DefaultSslBundleRegistry();

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Keystores keys = new Keystores(folder);
        keys.makeKey("pacs");
        keys.makeKey("service");
        keys.trust("pacs", "service");
        keys.trust("service", "pacs");
        BUNDLES.registerBundle("pacs", keys.bundle("pacs", "pacs"));
        BUNDLES.registerBundle("both", keys.bundle("service", "service"));
        BUNDLES.registerBundle("trust", keys.bundle(null, "service"));

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
        pacs.createContext("/stalls", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('[');
            exchange.getResponseBody().flush();
        });
        pacs.start();
    }

    @AfterAll
    static void stop() {
        pacs.stop(0);
    }

    private static DicomWebClient client(@Nullable String bundle, @Nullable String token) {
        return client("/dicom-web", bundle, token, Duration.ofMinutes(1));
    }

    private static DicomWebClient client(
            String path, @Nullable String bundle, @Nullable String token, Duration timeout) {
        PacsProperties.Node node = new PacsProperties.Node(
                URI.create("https://127.0.0.1:%d%s".formatted(pacs.getAddress().getPort(), path)),
                null,
                null,
                token,
                bundle,
                Duration.ofMinutes(1),
                timeout,
                PictureFormat.UNCOMPRESSED,
                null,
                null);
        return new PacsNodes(
                        new PacsProperties(
                                Map.of("main", node),
                                Set.of(ResultKind.STRUCTURED_REPORT),
                                false,
                                OperatingPoint.SPECIFIC,
                                null),
                        new RadiographProperties(DataSize.ofMegabytes(1), 1000, DicomVoi.FIRST),
                        BUNDLES,
                        new SimpleMeterRegistry())
                .find("main")
                .orElseThrow();
    }

    @Test
    void aBundleHasThePacssCertificateAndOurs() {
        assertThat(client("both", "secret").instances("1.2"))
                .containsExactly(new StudyInstance("", "1.2.1", "", "1.2.1.1", ""));
    }

    @Test
    @Timeout(60)
    void anAnswerThatStopsInTheMiddleIsGivenUp() {
        assertThatExceptionOfType(PacsException.class)
                .isThrownBy(() -> client("/stalls", "both", "secret", Duration.ofSeconds(1))
                        .instances("1.2"))
                .withMessageContaining("cannot be reached");
    }

    @Test
    void aPacsWithAnUnknownCertificateIsNotTrusted() {
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
