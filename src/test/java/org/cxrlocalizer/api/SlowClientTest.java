package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Clients that send a byte now and then (slow loris), or go away in the middle. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"server.tomcat.connection-timeout=2s", "server.tomcat.threads.max=20"})
class SlowClientTest {

    private static final String SAMPLE = "00022215_012.png";

    @TempDir
    static Path uploads;

    @LocalServerPort
    private int port;

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
        Instant start = Instant.now();

        Http.Answer answer = new Http(port).localizeRaw(Samples.read(SAMPLE), "image/png", Map.of());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(30));
        for (Socket socket : slow) {
            socket.setSoTimeout(30_000);
            // Told, or just closed: either way it is over.
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .matches("(?s)(HTTP/1.1 (400|408).*)?");
            socket.close();
        }
    }

    /** In the default of Tomcat each byte would begin its time-out anew. */
    @Test
    void whoSendsAByteNowAndThenIsGivenUpWhetherOrNotAnybodyReadsIt() throws Exception {
        Map<Socket, String> slow = new LinkedHashMap<>();
        for (int i = 0; i < 20; i++) { // as many as there are threads
            String path = i % 2 == 0 ? "/v1/localizations" : "/v1/nothing";
            slow.put(begin(head("image/png", 1000).replace("/v1/localizations", path)), path);
        }
        AtomicBoolean goesOn = new AtomicBoolean(true);
        Thread trickle = new Thread(() -> trickle(slow.keySet(), goesOn));
        trickle.start();
        Thread.sleep(3000); // until they hold all threads
        Instant start = Instant.now();

        Http.Answer answer = new Http(port).localizeRaw(Samples.read(SAMPLE), "image/png", Map.of());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(Duration.between(start, Instant.now())).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(40));
        for (Socket socket : slow.keySet()) {
            socket.setSoTimeout(30_000);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .matches(
                            slow.get(socket).endsWith("nothing")
                                    ? "(?s)HTTP/1.1 404.*"
                                    : "(?s)(HTTP/1.1 (400|408).*)?");
        }
        goesOn.set(false);
        trickle.join();
        for (Socket socket : slow.keySet()) {
            socket.close();
        }
    }

    private static void trickle(Collection<Socket> sockets, AtomicBoolean goesOn) {
        while (goesOn.get()) {
            for (Socket socket : sockets) {
                try {
                    socket.getOutputStream().write(0);
                } catch (IOException e) {
                    // It was given up.
                }
            }
            sleep();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whoAsksBeforeSendingIsAnsweredWithoutAndHoldsNothing() throws Exception {
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
    void aRefusalIsSeenByWhoStillSends() throws Exception {
        try (Socket socket = begin(head("image/png", 20_000_000).replace("/v1/localizations", "/v1/nothing"))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(new byte[20_000_000]); // more than the buffers between the two hold
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .matches("(?s)HTTP/1.1 404.*problem:not-found.*");
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

        Instant latest = Instant.now().plusSeconds(20);
        while (files() > 0 && Instant.now().isBefore(latest)) {
            Thread.sleep(100);
        }
        assertThat(files()).isZero();
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
