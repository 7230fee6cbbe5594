// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.cxrlocalizer.Extent;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

class OverloadTest {

    private static final int CLIENTS = 200;
    private static final int REQUESTS = Extent.times(10_000);

    @Nested
    @SpringBootTest(
            webEnvironment = WebEnvironment.RANDOM_PORT,
            properties = {
                "inference.queue-capacity=32",
                "server.tomcat.threads.max=200",
                "management.server.port=0",
                "management.server.address=127.0.0.1"
            })
    class AQueueOf32 {

        @LocalServerPort
        private int port;

        @LocalManagementPort
        private int managementPort;

        @Test
        void twoHundredClientsGetTheAnswerOfOneOr429() throws Exception {
            List<byte[]> images = new ArrayList<>();
            List<JsonNode> alone = new ArrayList<>();
            for (String name : Samples.NAMES) {
                byte[] image = ConcurrencyTest.small(Samples.read(name));
                images.add(image);
                alone.add(localize(image).json());
            }
            List<Future<Integer>> statuses = new ArrayList<>();
            AtomicInteger probes = new AtomicInteger();
            ScheduledExecutorService prober = Executors.newSingleThreadScheduledExecutor();
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            try {
                Future<?> probing = prober.scheduleWithFixedDelay(() -> probe(probes), 0, 20, TimeUnit.MILLISECONDS);
                for (int i = 0; i < REQUESTS; i++) {
                    int image = i % images.size();
                    statuses.add(clients.submit(() -> {
                        Http.Answer answer = localize(images.get(image));
                        if (answer.status() == 429) {
                            assertThat(answer.json().get("type").asString())
                                    .isEqualTo("urn:cxr-localizer:problem:queue-full");
                            assertThat(Integer.parseInt(answer.retryAfter())).isBetween(1, 60);
                        } else {
                            assertThat(answer.status()).isEqualTo(200);
                            assertThat(answer.json()).isEqualTo(alone.get(image));
                        }
                        return answer.status();
                    }));
                }
                Map<Integer, Integer> counts = new HashMap<>();
                for (Future<Integer> status : statuses) {
                    counts.merge(status.get(), 1, Integer::sum);
                }
                assertThat(counts.keySet()).containsExactlyInAnyOrder(200, 429);
                assertThat(probes).as("probes that were answered meanwhile").hasValueGreaterThan(1);
                assertThat(probing.isDone()).as("one of them failed").isFalse();
            } finally {
                prober.shutdownNow();
                clients.shutdownNow();
            }
        }

        @Test
        void eachPortHasItsOwnAndNothingOfTheOther() {
            assertThat(new Http(port).get("/actuator/health/readiness").status())
                    .isEqualTo(404);
            assertThat(new Http(managementPort).get("/actuator/prometheus").status())
                    .isEqualTo(200);
            assertThat(new Http(managementPort).get("/v1/models").status()).isEqualTo(404);
        }

        /** On a port of their own, probes have threads of their own, too. */
        private void probe(AtomicInteger answered) {
            assertThat(new Http(managementPort)
                            .get("/actuator/health/readiness")
                            .status())
                    .isEqualTo(200);
            answered.incrementAndGet();
        }

        private Http.Answer localize(byte[] image) {
            return new Http(port).localizeRaw(image, "image/png", Map.of("includeMaps", "true"));
        }
    }

    @Nested
    @SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "inference.deadline=1ms")
    class ADeadlineThatNoImageMeets {

        @LocalServerPort
        private int port;

        @Test
        void isAnsweredWith504() {
            Http.Answer answer = new Http(port).localizeRaw(Samples.read(Samples.NAMES.get(0)), "image/png", Map.of());

            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.json().get("type").asString()).isEqualTo("urn:cxr-localizer:problem:deadline-passed");
        }
    }
}
