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
import java.util.List;
import java.util.Map;
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
