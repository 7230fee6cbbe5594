// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cxrlocalizer.Await;
import org.cxrlocalizer.Samples;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the image that {@code CXR_IMAGE} names as an operator should: a root file system that is read-only, no root, no
 * capability, no new privileges, 2 GiB and two processors. A start takes ten seconds of the processors, so tests that end nothing
 * share one container.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ImageTest {

    private static final String IMAGE = System.getenv().getOrDefault("CXR_IMAGE", "");
    private static final int API = 8080;
    private static final int MANAGEMENT = 8081;
    private static final int MEGABYTE = 1 << 20;
    private static final String SAMPLE = "00015069_001.png";
    private static final String STATE = "/var/lib/cxr-localizer";
    private static final String CONTINUE = "HTTP/1.1 100 \r\n\r\n";
    private static final Pattern README_ANSWER = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL);

    private static @Nullable Service shared;

    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();

    @BeforeAll
    static void needsAnImageAndAnEngine() {
        assumeTrue(!IMAGE.isEmpty(), "CXR_IMAGE names no image");
        // Outside Spring, logback would print every byte that goes to the engine.
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "there is no Docker engine");
        shared = new Service();
        shared.withEnv("MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE", "health,prometheus,model");
        shared.startPublished();
    }

    @AfterAll
    static void stop() {
        if (shared != null) {
            shared.close();
        }
    }

    private static Service shared() {
        return Objects.requireNonNull(shared);
    }

    @Test
    void startsWithoutANetworkAndItsHealthCheckTurnsHealthy() throws Exception {
        try (Service service = Service.brief()) {
            service.withNetworkMode("none").waitingFor(Wait.forHealthcheck().withStartupTimeout(Await.LIMIT));
            service.start();

            assertThat(service.isHealthy()).isTrue();
            assertThat(service.run("ls", "/sys/class/net")).isEqualTo("lo\n");
        }
    }

    /** Before a reload, which takes memory. */
    @Test
    @Order(1)
    void answersAsInTheReadmeWithinItsMemory() throws Exception {
        System.out.printf(
                "%s is ready %d ms after its start%n", IMAGE, shared().ready().toMillis());

        JsonNode answer = localize(shared());
        assertThat(answer.at("/findings/0/comparisons/0/iou").asDouble()).isGreaterThan(0.2);
        assertSameNumbers(shownInTheReadme().get("findings"), answer.get("findings"));
        for (int i = 0; i < 50; i++) {
            localize(shared());
        }
        double resident = Double.parseDouble(shared().metric("process_resident_memory_bytes"));
        System.out.printf("%.0f MiB are resident after 51 images%n", resident / MEGABYTE);
        assertThat(resident).isBetween(100.0 * MEGABYTE, 1024.0 * MEGABYTE);
    }

    @Test
    void hasNoPrivilegesAndWritesOnlyWhereItMust() throws Exception {
        assertThat(shared().run("id", "-u")).isEqualTo("10001\n");
        assertThat(shared().run("cat", "/proc/1/status"))
                .containsPattern("Uid:\\s+10001\\s+10001\\s+10001\\s+10001\n")
                .containsPattern("CapEff:\\s+0+\n")
                .containsPattern("CapBnd:\\s+0+\n")
                .containsPattern("NoNewPrivs:\\s+1\n");
        assertThat(shared().writable("-type", "d").lines())
                .allMatch(path -> path.equals("/tmp") || path.startsWith("/tmp/") || path.startsWith(STATE));
    }

    @Test
    void nothingOfTheImageBelongsToTheUserButItsState() throws Exception {
        try (Service service = new Service()) {
            service.withCreateContainerCmdModifier(command ->
                    command.withEntrypoint("sleep", "600").getHostConfig().withReadonlyRootfs(false));
            service.start();

            assertThat(service.writable("-not", "-type", "l").lines())
                    .as("what could be written if the root file system were not read-only")
                    .allMatch(path -> path.startsWith("/tmp")
                            || path.startsWith("/var/tmp")
                            || path.startsWith("/run/lock")
                            || path.startsWith(STATE));
        }
    }

    @Test
    void answersTheRequestInFlightBeforeItStopsAndStartsAgainOnItsState() throws Exception {
        try (Service service = Service.brief()) {
            service.startPublished();
            byte[] image = Samples.read(SAMPLE);

            try (Socket socket = new Socket(service.getHost(), service.getMappedPort(API))) {
                socket.setSoTimeout(120_000);
                OutputStream out = socket.getOutputStream();
                // The service says "continue" when it begins to read the body: from then on the request is in flight.
                out.write(
                        ("POST /v1/localizations HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\n"
                                        + "Content-Type: image/png\r\nContent-Length: " + image.length + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                InputStream in = socket.getInputStream();
                assertThat(new String(in.readNBytes(CONTINUE.length()), StandardCharsets.US_ASCII))
                        .isEqualTo(CONTINUE);
                out.write(image, 0, image.length / 2);
                out.flush();

                service.getDockerClient()
                        .killContainerCmd(service.getContainerId())
                        .withSignal("SIGTERM")
                        .exec();
                Await.until("the service stops", () -> service.getLogs().contains("Commencing graceful shutdown"));
                out.write(image, image.length / 2, image.length - image.length / 2);
                out.flush();
                String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);

                assertThat(answer).startsWith("HTTP/1.1 200").contains("\"findings\":[");
                Await.until(
                        "the container has stopped",
                        () -> !Boolean.TRUE.equals(service.state().getRunning()));
                assertThat(service.state().getExitCodeLong()).isEqualTo(143);
                assertThat(service.state().getOOMKilled()).isFalse();
            }

            service.getDockerClient()
                    .startContainerCmd(service.getContainerId())
                    .exec();
            // The engine has chosen other ports by now; the health check needs none.
            Await.until("the container is healthy", service::isHealthy);

            assertThat(service.state().getExitCodeLong()).isZero();
        }
    }

    /** A process that tries the model first, and then two models at once, have to fit, too. */
    @Test
    void reloadsItsModelWithinItsMemory() throws Exception {
        HttpResponse<String> reloaded = client.send(
                HttpRequest.newBuilder(shared().uri(MANAGEMENT, "/actuator/model"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(reloaded.statusCode()).as(reloaded.body()).isEqualTo(200);
        assertSameNumbers(shownInTheReadme().get("findings"), localize(shared()).get("findings"));
    }

    private JsonNode localize(Service service) throws IOException, InterruptedException {
        String query = "?labels=Infiltration&imageIndex=" + SAMPLE;
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(service.uri(API, "/v1/localizations" + query))
                        .header("Content-Type", "image/png")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Samples.read(SAMPLE)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json.readTree(response.body());
    }

    private JsonNode shownInTheReadme() throws IOException {
        Matcher shown = README_ANSWER.matcher(Files.readString(Path.of("README.md")));
        assertThat(shown.find()).isTrue();
        return json.readTree(shown.group(1));
    }

    /** Other processors round the last digits of a number otherwise. */
    private static void assertSameNumbers(JsonNode shown, JsonNode real) {
        if (shown.isNumber()) {
            assertThat(real.asDouble()).isCloseTo(shown.asDouble(), within(1e-3));
        } else if (shown.isArray()) {
            assertThat(real.size()).isEqualTo(shown.size());
            for (int i = 0; i < shown.size(); i++) {
                assertSameNumbers(shown.get(i), real.get(i));
            }
        } else if (shown.isObject()) {
            shown.propertyNames().forEach(name -> assertSameNumbers(shown.get(name), real.get(name)));
        } else {
            assertThat(real).isEqualTo(shown);
        }
    }

    /** A container of the image with as little as it needs. */
    private static final class Service extends GenericContainer<Service> {

        private Duration ready = Duration.ZERO;

        Service() {
            super(DockerImageName.parse(IMAGE));
            withTmpFs(Map.of("/tmp", "rw,noexec,nosuid,size=256m"));
            withEnv("SECURITY_MODE", "none");
            withCreateContainerCmdModifier(command -> command.getHostConfig()
                    .withReadonlyRootfs(true)
                    .withCapDrop(Capability.ALL)
                    .withSecurityOpts(List.of("no-new-privileges"))
                    .withMemory(2048L * MEGABYTE)
                    .withMemorySwap(2048L * MEGABYTE)
                    .withNanoCPUs(2_000_000_000L));
        }

        /** One that lives too shortly for the second compiler. */
        static Service brief() {
            Service service = new Service();
            service.withEnv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
            return service;
        }

        void startPublished() {
            withExposedPorts(API, MANAGEMENT);
            waitingFor(new AbstractWaitStrategy() {
                @Override
                protected void waitUntilReady() {
                    Await.until("the service is ready", () -> !readiness().isEmpty());
                    ready = Duration.between(Instant.parse(state().getStartedAt()), Instant.now());
                }
            });
            start();
        }

        Duration ready() {
            return ready;
        }

        InspectContainerResponse.ContainerState state() {
            return getDockerClient()
                    .inspectContainerCmd(getContainerId())
                    .exec()
                    .getState();
        }

        URI uri(int port, String path) {
            return URI.create("http://" + getHost() + ":" + getMappedPort(port) + path);
        }

        String run(String... command) throws IOException, InterruptedException {
            ExecResult result = execInContainer(command);
            return result.getStdout();
        }

        /** What of a kind the user could write to; /dev and /proc are the kernel's, and hold nothing of the image. */
        String writable(String... kind) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(
                    List.of("find", "/", "-path", "/proc", "-prune", "-o", "-path", "/dev", "-prune", "-o"));
            command.addAll(List.of(kind));
            command.addAll(List.of("-writable", "-print"));
            return run(command.toArray(String[]::new));
        }

        private String readiness() {
            return read("/actuator/health/readiness");
        }

        /** The first sample of a meter; empty if there is none. */
        String metric(String name) {
            return Arrays.stream(read("/actuator/prometheus").split("\n"))
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .findFirst()
                    .orElse("");
        }

        /** What the management port answers; empty if not with 200. */
        private String read(String path) {
            try (InputStream in = uri(MANAGEMENT, path).toURL().openStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                return "";
            }
        }
    }
}
