// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.AuditLines;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;

/** Keys, scopes and the audit log, over real HTTP. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"security.mode=api-key", "management.endpoints.web.exposure.include=health,prometheus,model"})
@Import(TestClock.Bean.class)
class ApiKeyTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<Scope, String> KEYS = new EnumMap<>(Scope.class);

    @TempDir
    static Path folder;

    private static Path file = Path.of("none yet");

    @LocalServerPort
    private int port;

    @Autowired
    private TestClock clock;

    private AuditLines audit;

    @DynamicPropertySource
    static void keys(DynamicPropertyRegistry registry) {
        List<ApiKey> keys = new ArrayList<>();
        for (Scope scope : Scope.values()) {
            KEYS.put(scope, ApiKey.random());
            keys.add(ApiKey.of(scope.code() + "-gateway", Set.of(scope), KEYS.get(scope)));
        }
        file = KeyFile.write(folder, keys);
        registry.add("security.api-keys", file::toString);
    }

    private static List<ApiKey> read() throws IOException {
        return new ArrayList<>(Arrays.asList(JSON.readValue(Files.readString(file), ApiKey[].class)));
    }

    private Caller with(Scope scope) {
        return Caller.withKey(port, Objects.requireNonNull(KEYS.get(scope)));
    }

    @BeforeEach
    void listen() {
        audit = new AuditLines();
    }

    @AfterEach
    void unlisten() {
        audit.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/page/main.js", "/samples/00022215_012.jpg", "/v3/api-docs", "/actuator/health/readiness"})
    void whatHasNoPatientDataIsOpen(String path) {
        assertThat(Caller.nobody(port).get(path).statusCode()).isEqualTo(200);
    }

    /** The body is announced and never sent: whatever waits for it answers too late. */
    @ParameterizedTest
    @CsvSource({
        "POST, image/png,                         Content-Length: 1000",
        "POST, application/json,                  Transfer-Encoding: chunked",
        "POST, multipart/form-data; boundary=b,   Content-Length: 1000",
        "POST, application/x-www-form-urlencoded, Content-Length: 1000",
        "PUT,  application/x-www-form-urlencoded, Content-Length: 1000"
    })
    void nothingOfABodyIsReadBeforeACallerIsLetIn(String method, String type, String length) throws IOException {
        String head = "%s /v1/localizations HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n%s\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(15_000);
            socket.getOutputStream().write(head.formatted(method, type, length).getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 401")
                    .contains("urn:cxr-localizer:problem:unauthenticated");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  /v1/models,                         LOCALIZE",
        "GET,  /v1/ground-truth/00022215_012.png,  LOCALIZE",
        "POST, /v1/reports,                        LOCALIZE",
        "GET,  /v1/evaluations,                    ADMIN",
        "GET,  /actuator/prometheus,               ADMIN",
        "GET,  /v1/pacs/jobs,                      PACS",
        "POST, /v1/pacs/none/studies/1.2.3,        PACS",
    })
    void eachAddressRequiresItsScope(String method, String path, Scope needed) {
        HttpResponse<String> refusal = Caller.nobody(port).send(method, path);
        assertThat(refusal.statusCode()).isEqualTo(401);
        assertThat(refusal.headers().firstValue("WWW-Authenticate")).contains("ApiKey header=\"X-API-Key\"");
        assertThat(refusal.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(refusal.body()).contains("urn:cxr-localizer:problem:unauthenticated");
        for (Scope scope : Scope.values()) {
            HttpResponse<String> answer = with(scope).send(method, path);
            if (scope == needed) {
                assertThat(answer.statusCode()).as("%s with %s", path, scope).isIn(200, 404, 415);
            } else {
                assertThat(answer.statusCode()).as("%s with %s", path, scope).isEqualTo(403);
                assertThat(answer.body()).contains("urn:cxr-localizer:problem:forbidden");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/nothing", "/actuator/env", "/actuator/heapdump", "/h2-console", "/v1/../actuator/prometheus"})
    void whatIsNotNamedIsRefused(String path) {
        assertThat(Caller.nobody(port).get(path).statusCode()).isIn(400, 401);
        assertThat(with(Scope.LOCALIZE).get(path).statusCode()).isIn(400, 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cxr_", "' OR 1=1 --", "../../keys.json"})
    void whatIsNoKeyIsRefusedEvenWhereNoneIsNeeded(String key) {
        assertThat(Caller.withKey(port, key).get("/v1/models").statusCode()).isEqualTo(401);
        assertThat(Caller.withKey(port, key).get("/").statusCode()).isEqualTo(401);
    }

    @Test
    void aHashIsNoKey() throws IOException {
        String hash = read().get(0).sha256();

        assertThat(Caller.withKey(port, hash).get("/v1/models").statusCode()).isEqualTo(401);
        assertThat(Files.readString(file)).doesNotContain(Objects.requireNonNull(KEYS.get(Scope.LOCALIZE)));
    }

    @Test
    void keysComeAndGoWithoutARestart() throws IOException {
        List<ApiKey> before = read();
        String fresh = ApiKey.random();
        String expired = ApiKey.random();
        List<ApiKey> more = read();
        more.add(ApiKey.of("new-gateway", Set.of(Scope.LOCALIZE), fresh));
        ApiKey old = ApiKey.of("old-gateway", Set.of(Scope.LOCALIZE), expired);
        more.add(new ApiKey(
                old.name(), old.scopes(), old.sha256(), clock.instant().minusSeconds(1)));
        assertThat(Caller.withKey(port, fresh).get("/v1/models").statusCode()).isEqualTo(401);

        KeyFile.write(folder, more);

        clock.advance(Duration.ofSeconds(1));
        assertThat(Caller.withKey(port, fresh).get("/v1/models").statusCode()).isEqualTo(200);
        assertThat(Caller.withKey(port, expired).get("/v1/models").statusCode()).isEqualTo(401);
        for (String broken : List.of("[{", "[null]")) {
            Files.writeString(file, broken);
            clock.advance(Duration.ofSeconds(1));
            assertThat(Caller.withKey(port, fresh).get("/v1/models").statusCode())
                    .as("while the file is broken")
                    .isEqualTo(200);
        }
        KeyFile.write(folder, before);
        clock.advance(Duration.ofSeconds(1));
        assertThat(Caller.withKey(port, fresh).get("/v1/models").statusCode()).isEqualTo(401);
        assertThat(with(Scope.LOCALIZE).get("/v1/models").statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestLeavesALineWithoutAnythingOfAPatient() {
        with(Scope.LOCALIZE).localize();
        with(Scope.PACS).send("POST", "/v1/pacs/none/studies/1.2.840.4711");
        Caller.nobody(port).get("/v1/models?PatientName=Doe");
        with(Scope.LOCALIZE).get("/%761/models"); // the same address, written otherwise

        List<String> lines = audit.atLeast(4);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0))
                .contains("who=localize-gateway method=POST route=/v1/localizations status=200 ms=")
                .contains("model=cxr14-cells@2.0.1@sha256:")
                .contains("object=sha256:" + DigestUtils.sha256Hex(Samples.read(Samples.NAMES.get(0))))
                .contains("answer=1-findings");
        assertThat(lines.get(1))
                .contains("who=pacs-gateway method=POST route=/v1/pacs/{node}/studies/{studyUid} status=404")
                .contains("object=sha256:")
                .doesNotContain("4711");
        assertThat(lines.get(2)).contains("who=- method=GET route=- status=401").doesNotContain("Doe");
        assertThat(lines.get(3)).contains("who=localize-gateway method=GET route=/v1/models status=200");
        assertThat(lines).allMatch(line -> line.contains(" from=127.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  /,                    401, /",
        "GET,  /v3/api-docs,         401, /v3/api-docs",
        "GET,  /actuator/prometheus, 401, /actuator/prometheus",
        "GET,  /actuator/health,     401, /actuator/health",
        "POST, /actuator/model,      401, /actuator/model",
        "GET,  /studies/1.2.840,     401, -"
    })
    void wrongKeysLeaveALineWhereverTheyAreTried(String method, String path, int status, String route) {
        Caller.withKey(port, "cxr_wrong").send(method, path);

        assertThat(audit.atLeast(1))
                .singleElement()
                .asString()
                .startsWith("who=- method=%s route=%s status=%d ms=".formatted(method, route, status))
                .endsWith("from=127.0.0.1");
    }

    @Test
    void whatAnOperatorChangesLeavesALineAndWhatIsReadOfThePageLeavesNone() {
        with(Scope.ADMIN).send("POST", "/actuator/model");
        with(Scope.ADMIN).get("/actuator/prometheus");
        Caller.nobody(port).get("/");

        assertThat(audit.atLeast(1))
                .singleElement()
                .asString()
                .startsWith("who=admin-gateway method=POST route=/actuator/model status=200 ms=");
    }

    @Test
    void aKeyThatIsReplacedInAFileOfTheSameSizeAndTimeIsRevoked() throws IOException {
        List<ApiKey> before = read();
        String old = ApiKey.random();
        String fresh = ApiKey.random();
        List<ApiKey> more = read();
        more.add(ApiKey.of("replaced", Set.of(Scope.LOCALIZE), old));
        KeyFile.write(folder, more);
        FileTime time = Files.getLastModifiedTime(file);
        clock.advance(Duration.ofSeconds(1));
        assertThat(Caller.withKey(port, old).get("/v1/models").statusCode()).isEqualTo(200);

        more.set(more.size() - 1, ApiKey.of("replaced", Set.of(Scope.LOCALIZE), fresh));
        KeyFile.write(folder, more);
        Files.setLastModifiedTime(file, time);

        clock.advance(Duration.ofSeconds(1));
        assertThat(Caller.withKey(port, old).get("/v1/models").statusCode()).isEqualTo(401);
        assertThat(Caller.withKey(port, fresh).get("/v1/models").statusCode()).isEqualTo(200);
        KeyFile.write(folder, before);
        clock.advance(Duration.ofSeconds(1));
    }

    @Test
    void healthIsDownWhileTheFileOfKeysIsMissingOrBroken() throws IOException {
        byte[] before = Files.readAllBytes(file);
        assertThat(health()).isEqualTo(200);

        Files.delete(file);
        assertThat(health()).isEqualTo(503);
        Files.writeString(file, "[{");
        assertThat(health()).isEqualTo(503);
        assertThat(Caller.nobody(port).get("/actuator/health/readiness").statusCode())
                .as("the keys read before serve")
                .isEqualTo(200);
        Files.write(file, before);

        assertThat(health()).isEqualTo(200);
    }

    private int health() {
        clock.advance(Duration.ofSeconds(1));
        return Caller.nobody(port).get("/actuator/health").statusCode();
    }

    @Test
    void pagesOfOtherOriginsAreNotLetIn() {
        HttpResponse<String> preflight = Caller.send(Caller.nobody(port)
                .request("/v1/localizations")
                .header("Origin", "https://elsewhere.example")
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));

        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                       | Cannot deserialize",
                "[{\"name\":\"a\",\"scopes\":[\"localize\"]}]             | needs a 'sha256'",
                "[{\"name\":\"a b\",\"scopes\":[\"localize\"]}]           | needs a 'name'",
                "[{\"name\":\"a\",\"scopes\":[\"root\"],\"sha256\":\"\"}] | root",
                "[{\"name\":\"a\",\"key\":\"secret\"}]                    | key",
            })
    void aFileThatIsNoListOfKeysIsRefusedWithTheReason(String content, String reason) throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong.json"), content);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ApiKeys(wrong, Clock.systemUTC()))
                .withMessageContaining("wrong.json")
                .withMessageContaining(reason);
    }
}
