// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.cxrlocalizer.ChildJvm;
import org.cxrlocalizer.Keystores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ssl.SslBundle;

/** Clients that would hold threads or connections. What they do would go on for minutes without a bound. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BoundedConnectionsTest {

    private static final String GET = "GET /ignores HTTP/1.1\r\nHost: localhost\r\n";
    private static final String LAST = GET + "Connection: close\r\n\r\n";
    private static final byte[] KILOBYTES = new byte[2200];

    @TempDir
    static Path folder;

    private static @Nullable SmallServer plain;
    private static @Nullable SmallServer secure;
    private static @Nullable SslBundle client;

    private final List<Socket> opened = new ArrayList<>();
    private final Trickle trickle = new Trickle();

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Keystores keys = new Keystores(folder);
        keys.makeKey("server");
        keys.trust("client", "server");
        keys.trust("server", "server");
        client = keys.bundle(null, "client");
        plain = new SmallServer(Duration.ofSeconds(2), null);
        secure = new SmallServer(Duration.ofSeconds(2), keys.bundle("server", "server"));
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(plain).close();
        Objects.requireNonNull(secure).close();
    }

    @AfterEach
    void disconnect() throws IOException {
        trickle.close();
        for (Socket socket : opened) {
            socket.close();
        }
    }

    private static int port(boolean tls) {
        return Objects.requireNonNull(tls ? secure : plain).port();
    }

    private Socket connect(boolean tls) throws IOException {
        Socket socket = tls
                ? Objects.requireNonNull(client)
                        .createSslContext()
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), port(true))
                : new Socket(InetAddress.getLoopbackAddress(), port(false));
        return opened(socket);
    }

    /** With a time-out, so that a test without an end fails. */
    private Socket opened(Socket socket) throws IOException {
        opened.add(socket);
        socket.setSoTimeout(40_000);
        return socket;
    }

    private Socket send(boolean tls, String text) throws IOException {
        Socket socket = connect(tls);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String post(String path, String headers) {
        return "POST %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n".formatted(path, headers);
    }

    /** To the end of the connection, be it an orderly one or not. */
    private static String answer(Socket socket) throws IOException {
        StringBuilder answer = new StringBuilder();
        InputStream in = socket.getInputStream();
        try {
            for (int c = in.read(); c >= 0; c = in.read()) {
                answer.append((char) c);
            }
        } catch (SocketException e) {
            // Reset: what came before that was read.
        }
        return answer.toString();
    }

    private void assertThatOthersAreAnswered(boolean tls) throws IOException {
        assertThat(answer(send(tls, LAST))).startsWith("HTTP/1.1 200").endsWith("the answer");
    }

    @ParameterizedTest
    @CsvSource({
        "false, Content-Length: 200000000",
        "false, Transfer-Encoding: chunked",
        "true,  Content-Length: 200000000"
    })
    void bodiesThatNothingReadsHoldNoThreadAndTheirSendersAreAnswered(boolean tls, String length) throws Exception {
        List<Socket> senders = new ArrayList<>();
        byte[] chunk = ("898\r\n" + "x".repeat(2200) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 10 * SmallServer.THREADS; i++) {
            senders.add(send(tls, post("/refuses", length)));
            trickle.add(senders.get(i), length.endsWith("chunked") ? chunk : KILOBYTES);
        }

        assertThatOthersAreAnswered(tls);
        for (Socket sender : senders) {
            assertThat(answer(sender)).startsWith("HTTP/1.1 401").contains("the answer");
        }
    }

    @Test
    void moreThanTwoMegabytesAreNotSwallowedAndTheAnswerCanStillBeRead() throws Exception {
        Socket sender = send(false, post("/refuses", "Content-Length: 200000000"));
        long sent = 0;
        try {
            while (sent < 200_000_000) {
                sender.getOutputStream().write(KILOBYTES);
                sent += KILOBYTES.length;
            }
        } catch (IOException e) {
            // The end of it.
        }
        assertThat(sent).as("with what the buffers between the two hold").isLessThan(40_000_000);
        assertThat(answer(sender)).startsWith("HTTP/1.1 401").contains("the answer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 1000\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n1;extension=",
                "Transfer-Encoding: chunked\r\n\r\n0\r\nTrailer: "
            })
    void whatIsReadMustComeInTime(String beginning) throws Exception {
        List<Socket> senders = new ArrayList<>();
        for (int i = 0; i < SmallServer.THREADS; i++) {
            senders.add(send(false, "POST /reads HTTP/1.1\r\nHost: localhost\r\n" + beginning));
            trickle.add(senders.get(i), new byte[] {'x'});
        }

        assertThatOthersAreAnswered(false);
        for (Socket sender : senders) {
            assertThat(answer(sender)).matches("(?s)(HTTP/1.1 [45].*)?");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersMustBeTakenInTime(boolean tls) throws Exception {
        List<Socket> readers = new ArrayList<>();
        for (int i = 0; i < SmallServer.THREADS; i++) {
            readers.add(send(tls, "GET /writes HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            readers.get(i).getInputStream().read();
        }
        assertThatOthersAreAnswered(tls);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "false | G",
                "false | GET /ignores HTTP/1.1\\r\\nX-Slow: ",
                "false | \\r\\n",
                "false | GET /ignores HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\nGET /ign",
                "false | GET /ignores HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n\\r\\n",
                "true  | GET /ignores HTTP/1.1\\r\\nX-Slow: "
            })
    void headsThatDoNotEndAreClosed(boolean tls, String beginning) throws Exception {
        String head = beginning.replace("\\r", "\r").replace("\\n", "\n");
        List<Socket> senders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            senders.add(send(tls, head));
            trickle.add(senders.get(i), (head.endsWith("\n") ? "\r\n" : "x").getBytes(StandardCharsets.US_ASCII));
        }

        for (Socket sender : senders) {
            assertThat(answer(sender)).matches("(?s)(HTTP/1.1 200.*the answer)?");
        }
    }

    @Test
    void handshakesThatDoNotEndAreClosed() throws Exception {
        Socket silent = opened(new Socket(InetAddress.getLoopbackAddress(), port(true)));
        Socket slow = opened(new Socket(InetAddress.getLoopbackAddress(), port(true)));
        slow.getOutputStream().write(new byte[] {0x16, 0x03, 0x01, 0x3f, 0x00, 0x01, 0x00, 0x3e, (byte) 0xfc});
        trickle.add(slow, new byte[] {0x03});

        assertThat(answer(silent)).isEmpty();
        assertThat(answer(slow)).hasSizeLessThan(10);
    }

    @Test
    void idleConnectionsStayOpenForLonger() throws Exception {
        Socket idle = send(false, GET + "\r\n");
        assertThat(new String(idle.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 200");
        assertThat(answer(send(false, "GET")))
                .as("another one, opened later, whose head is late")
                .isEmpty();

        idle.getOutputStream().write(LAST.getBytes(StandardCharsets.US_ASCII));

        assertThat(answer(idle)).contains("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
    void aBodyThatIsNeitherWaitedForNorSentEndsItsConnection(String length) throws Exception {
        assertThat(answer(send(false, post("/ignores", length + "\r\nExpect: 100-continue"))))
                .startsWith("HTTP/1.1 200")
                .endsWith("the answer");
    }

    @Test
    void aChunkedBodyThatHasComeLeavesItsConnectionOpen() throws Exception {
        String requests = post("/ignores", "Transfer-Encoding: chunked") + "2\r\n{}\r\n0\r\n\r\n" + LAST;

        assertThat(answer(send(false, requests))).matches("(?s)HTTP/1.1 200.*HTTP/1.1 200.*");
    }

    @Test
    void aBodyThatNothingReadsIsNoRequest() throws Exception {
        String hidden = GET + "\r\n";
        Socket socket = send(false, post("/refuses", "Content-Length: " + hidden.length()) + hidden);

        assertThat(answer(socket)).startsWith("HTTP/1.1 401").doesNotContain("HTTP/1.1 200");
    }

    /** Connections that wait are closed sooner while no other one is accepted. */
    @Test
    void withFewFilesOthersAreAnsweredStill() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 300 && exec \"$@\"", "sh"));
        command.addAll(ChildJvm.command(List.of("-Xmx200m"), SmallServer.class, "3600"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream out = process.getInputStream()) {
            int port = port(out);
            for (int i = 0; i < 120; i++) {
                Socket slow = opened(new Socket());
                slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
                slow.getOutputStream().write("GET / HTTP/1.1\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
                trickle.add(slow, new byte[] {'x'});
            }
            Socket other = opened(new Socket(InetAddress.getLoopbackAddress(), port));
            other.getOutputStream().write(LAST.getBytes(StandardCharsets.US_ASCII));

            assertThat(answer(other)).startsWith("HTTP/1.1 200");
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    /** The log goes where the port does. */
    private static int port(InputStream out) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = out.read(); c >= 0; c = out.read()) {
            if (c != '\n') {
                line.append((char) c);
            } else if (line.toString().matches("\\d+")) {
                return Integer.parseInt(line.toString());
            } else {
                line.setLength(0);
            }
        }
        throw new IOException("the server did not start: " + line);
    }
}
