// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What browsers send in the name of pages of other origins, to a service without authentication. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"security.allowed-hosts=cxr.example", "security.allowed-origins=https://viewer.example"})
class ForeignPageTest {

    @LocalServerPort
    private int port;

    private String answer(String method, String path, String host, String... headers) throws IOException {
        String request = "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: 0\r\n%s\r\n"
                .formatted(method, path, host, String.join("", headers));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "192.0.2.1",
                "0.0.0.0",
                "[2001:db8::1]",
                "cxr.example.evil.example"
            })
    void aForeignHostIsRefused(String host) throws IOException {
        for (String path : List.of("/", "/v1/evaluations", "/v1/pacs/jobs", "/actuator/health", "/v3/api-docs")) {
            assertThat(answer("GET", path, host))
                    .startsWith("HTTP/1.1 403")
                    .contains("urn:cxr-localizer:problem:forbidden", "security.allowed-hosts");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:80",
                "localhost.",
                "viewer.localhost:1",
                "127.0.0.1",
                "127.1.2.3:8080",
                "[::1]:8080",
                "cxr.example:443",
                "CXR.Example"
            })
    void loopbackAndConfiguredHostsAreAnswered(String host) throws IOException {
        assertThat(answer("GET", "/v1/models", host)).startsWith("HTTP/1.1 200");
    }

    @Test
    void aRequestWithoutAHostComesFromNoBrowser() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("GET /v1/models HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST,   Origin: https://evil.example",
        "POST,   Origin: http://localhost:1",
        "POST,   Origin: http://localhost",
        "POST,   Origin: null",
        "POST,   Origin: nonsense",
        "POST,   Origin: https://viewer.example.evil.example",
        "POST,   Sec-Fetch-Site: cross-site",
        "DELETE, Origin: https://evil.example",
        "PUT,    Sec-Fetch-Site: Cross-Site",
        "PATCH,  Origin: https://evil.example"
    })
    void whatAPageOfAnotherOriginSendsIsRefused(String method, String header) throws IOException {
        for (String path : List.of(
                "/v1/pacs/main/studies/1.2.3",
                "/v1/evaluations",
                "/v1/evaluations/00000000-0000-0000-0000-000000000000",
                "/actuator/model")) {
            assertThat(answer(method, path, "localhost:" + port, header + "\r\n"))
                    .as(path)
                    .startsWith("HTTP/1.1 403");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://localhost:8080",
                "Origin: https://viewer.example",
                "Origin: https://viewer.example\r\nSec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-origin",
                "Sec-Fetch-Site: none",
                "Accept: */*"
            })
    void whatItsOwnPageAndListedOnesSendIsTaken(String header) throws IOException {
        assertThat(answer("POST", "/v1/pacs/main/studies/1.2.3", "localhost:8080", header + "\r\n"))
                .startsWith("HTTP/1.1 404")
                .contains("unknown-pacs-node");
    }

    @Test
    void pagesMayLinkToTheService() throws IOException {
        assertThat(answer("GET", "/", "localhost", "Sec-Fetch-Site: cross-site\r\n"))
                .startsWith("HTTP/1.1 200");
    }
}
