// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.api.web.Trickle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Clients that send a byte now and then (slow loris), or go away in the middle. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "server.tomcat.connection-timeout=2s",
            "server.tomcat.threads.max=20",
            "connections.head-timeout=2s",
            "connections.transfer-allowance=3s"
        })
class SlowClientTest {

    private static final String SAMPLE = "00022215_012.png";
    private static final int THREADS = 20;

    @TempDir
    static Path uploads;

    @LocalServerPort
    private int port;

    @Autowired
    private ServletWebServerApplicationContext context;

    @DynamicPropertySource
    static void uploads(DynamicPropertyRegistry registry) {
        registry.add("spring.servlet.multipart.location", uploads::toString);
    }

    private Socket begin(String head) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String head(String type, int length) {
        return "POST /v1/localizations HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(type, length);
    }

    @Test
    void aRequestThatIsNotEndedIsGivenUpAndOthersAreAnsweredMeanwhile() throws Exception {
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            // Half of them never end their headers, which takes no thread at all; the others hold one each until given
            // up.
            slow.add(begin(i % 2 == 0 ? "GET /v1/models HTTP/1.1\r\nX-Slow: " : head("image/png", 1000)));
        }

        Http.Answer answer = new Http(port).localizeRaw(Samples.read(SAMPLE), "image/png", Map.of());

        assertThat(answer.status()).isEqualTo(200);
        for (Socket socket : slow) {
            socket.setSoTimeout(30_000);
            // Told, or just closed: either way it is over.
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .matches("(?s)(HTTP/1.1 (400|408).*)?");
            socket.close();
        }
    }

    /** By Tomcat's default each byte would start its time-out again. */
    @Test
    void slowSendersAreDisconnected() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try (Trickle trickle = new Trickle()) {
            for (int i = 0; i < THREADS; i++) {
                slow.add(begin(head("image/png", 1000)));
                trickle.add(slow.get(i), new byte[] {0});
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> busyThreads() >= THREADS);

            Http.Answer answer = new Http(port).localizeRaw(Samples.read(SAMPLE), "image/png", Map.of());

            assertThat(answer.status()).isEqualTo(200);
            for (Socket socket : slow) {
                assertThat(end(socket)).matches("(?s)(HTTP/1.1 (400|408).*)?");
            }
        }
    }

    private int busyThreads() {
        TomcatWebServer server = (TomcatWebServer) Objects.requireNonNull(context.getWebServer());
        return ((ThreadPoolExecutor)
                        server.getTomcat().getConnector().getProtocolHandler().getExecutor())
                .getActiveCount();
    }

    /** All of a connection that the service ends while its client still sends. */
    private static String end(Socket socket) throws IOException {
        socket.setSoTimeout(60_000);
        StringBuilder answer = new StringBuilder();
        try (socket) {
            InputStream in = socket.getInputStream();
            for (int c = in.read(); c >= 0; c = in.read()) {
                answer.append((char) c);
            }
        } catch (SocketException e) {
            // Reset; what came before that was read.
        }
        return answer.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "POST /v1/nothing,       image/png,                       404",
        "POST /v1/models,        image/png,                       405",
        "POST /v1/localizations, text/plain,                      415",
        "POST /v1/localizations, image/png,                       413",
        "POST /v1/localizations, multipart/form-data; boundary=b, 413",
        "GET /v1/models,         image/png,                       200"
    })
    void whatAnAnswerDoesNotNeedIsNotWaitedFor(String request, String type, int status) throws Exception {
        List<Socket> slow = new ArrayList<>();
        try (Trickle trickle = new Trickle()) {
            for (int i = 0; i < 2 * THREADS; i++) { // 22 kB/s, which is within the pace
                slow.add(begin(head(type, 200_000_000).replace("POST /v1/localizations", request)));
                trickle.add(slow.get(i), new byte[2200]);
            }
            assertThat(new Http(port).get("/actuator/health/liveness").status()).isEqualTo(200);
            for (Socket socket : slow) {
                assertThat(end(socket)).startsWith("HTTP/1.1 " + status);
            }
        }
    }

    @Test
    void expectContinueIsAnsweredBeforeTheBodyAndHoldsNothing() throws Exception {
        String asks = "Content-Length: 200000000\r\nExpect: 100-continue\r\n\r\n";
        for (String request : List.of("GET /v1/models", "POST /v1/nothing", "OPTIONS *")) {
            try (Socket socket = begin(request + " HTTP/1.1\r\nHost: localhost\r\n" + asks)) {
                socket.setSoTimeout(10_000);
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .as(request)
                        .matches("(?s)HTTP/1.1 (200|404).*");
            }
        }
        byte[] image = Samples.read(SAMPLE);
        try (Socket socket =
                begin(head("image/png", image.length).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"))) {
            socket.setSoTimeout(10_000);
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .as("what it waits for")
                    .isEqualTo("HTTP/1.1 100");
            socket.getOutputStream().write(image);
            assertThat(new String(socket.getInputStream().readNBytes(20), StandardCharsets.US_ASCII))
                    .contains("HTTP/1.1 200");
        }
    }

    @Test
    void aSendingClientReceivesTheRefusal() throws Exception {
        try (Socket socket = begin(head("image/png", 20_000_000).replace("/v1/localizations", "/v1/nothing"))) {
            socket.setSoTimeout(10_000);
            try {
                socket.getOutputStream().write(new byte[20_000_000]); // more than the buffers between the two hold
            } catch (IOException e) {
                // Enough was sent.
            }
            assertThat(end(socket)).matches("(?s)HTTP/1.1 404.*problem:not-found.*");
        }
    }

    @Test
    void aConnectionIsUsedAgain() throws Exception {
        byte[] image = Samples.read(SAMPLE);
        try (Socket socket = begin(head("image/png", image.length))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(image);
            socket.getOutputStream()
                    .write("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .matches("(?s)HTTP/1.1 200.*HTTP/1.1 200.*");
        }
    }

    @Test
    void partsAreCountedTogether() throws Exception {
        int part = 20_000_000; // each below what an image may have
        try (Socket socket = begin(head("multipart/form-data; boundary=b", 6 * part))) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            byte[] zeros = new byte[part - 1000];
            try {
                for (int i = 0; i < 5; i++) {
                    out.write("--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"%d.png\"\r\n\r\n"
                            .formatted(i)
                            .getBytes(StandardCharsets.US_ASCII));
                    out.write(zeros);
                    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                // Enough was sent; the answer says so.
            }
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 413");
        }
        assertThat(files()).isZero();
    }

    @Test
    void whatCannotBeWrittenToTheDiskIsTheServicesFault() throws Exception {
        Files.delete(uploads);
        Files.createFile(uploads); // in which no file can be written
        try {
            Http.Answer answer = new Http(port).localizeMultipart(SAMPLE, Samples.read(SAMPLE), Map.of());
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.json().get("type").asString()).isEqualTo("urn:cxr-localizer:problem:not-ready");
            assertThat(answer.retryAfter()).isNotEmpty();
        } finally {
            Files.delete(uploads);
            Files.createDirectory(uploads);
        }
    }

    @Test
    void anUploadThatIsBrokenOffLeavesNothingBehind() throws Exception {
        String boundary = "b";
        String part = "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"x.png\"\r\n\r\n";
        byte[] image = new byte[3_000_000]; // more than is kept in memory
        for (int i = 0; i < 20; i++) {
            try (Socket socket = begin(head("multipart/form-data; boundary=" + boundary, 10_000_000))) {
                OutputStream out = socket.getOutputStream();
                out.write(part.getBytes(StandardCharsets.US_ASCII));
                out.write(image);
                socket.setSoLinger(true, 0); // a reset, as of a cable that is pulled
            }
        }

        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(files()).isZero());
        assertThat(new Http(port)
                        .localizeMultipart(SAMPLE, Samples.read(SAMPLE), Map.of())
                        .status())
                .isEqualTo(200);
    }

    private static long files() throws IOException {
        try (Stream<Path> files = Files.walk(uploads)) {
            return files.filter(Files::isRegularFile).count();
        }
    }
}
