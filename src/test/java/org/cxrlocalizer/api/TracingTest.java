// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.cxrlocalizer.Await;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The collector here keeps the bytes that it gets; names stand in OTLP's protobuf as they are. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "management.tracing.sampling.probability=1",
            "management.opentelemetry.tracing.export.schedule-delay=100ms"
        })
class TracingTest {

    private static final Queue<String> RECEIVED = new ConcurrentLinkedQueue<>();
    private static final HttpServer COLLECTOR = collector();

    @LocalServerPort
    private int port;

    private static HttpServer collector() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/v1/traces", exchange -> {
                RECEIVED.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @DynamicPropertySource
    static void endpoint(DynamicPropertyRegistry properties) {
        properties.add(
                "management.opentelemetry.tracing.export.otlp.endpoint",
                () -> "http://127.0.0.1:" + COLLECTOR.getAddress().getPort() + "/v1/traces");
    }

    @AfterAll
    static void stop() {
        COLLECTOR.stop(0);
    }

    @Test
    void everyStepOfARequestIsASpanOfTheCallersTrace() {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        Http http = new Http(port);
        int status = http.send(HttpRequest.newBuilder(http.uri("/v1/localizations"))
                        .header("Content-Type", "image/png")
                        .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Samples.read(Samples.NAMES.get(0))))
                        .build())
                .status();

        assertThat(status).isEqualTo(200);
        String[] steps = {
            "http post /v1/localizations",
            "cxr.decode",
            "cxr.preprocess",
            "cxr.inference",
            "cxr.queue.wait",
            "cxr.forward",
            "cxr.boxes"
        };
        Await.until("every step was exported", () -> containsAll(steps));
        assertThat(String.join("", RECEIVED))
                .contains(steps)
                .contains(new String(HexFormat.of().parseHex(trace), StandardCharsets.ISO_8859_1));
    }

    /** As Prometheus asks for it; 2.42 refuses a whole scrape for one exemplar where it expects none. */
    @Test
    void noMetricRefersToATrace() {
        Http http = new Http(port);
        http.localizeRaw(Samples.read(Samples.NAMES.get(0)), "image/png", Map.of());

        String metrics = http.send(HttpRequest.newBuilder(http.uri("/actuator/prometheus"))
                        .header("Accept", "application/openmetrics-text; version=1.0.0")
                        .build())
                .text();

        assertThat(metrics)
                .endsWith("# EOF\n")
                .contains("cxr_boxes_found_count{")
                .doesNotContain("trace_id");
    }

    private static boolean containsAll(String[] names) {
        for (String name : names) {
            if (RECEIVED.stream().noneMatch(message -> message.contains(name))) {
                return false;
            }
        }
        return true;
    }
}
