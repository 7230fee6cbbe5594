// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.cxrlocalizer.Extent;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ConcurrencyTest {

    private static final int CLIENTS = 16;
    private static final int REQUESTS = Extent.times(480);
    private static final int SMALL_REQUESTS = Extent.times(1000, 250);

    @LocalServerPort
    private int port;

    @Test
    void requestsOfSixteenClientsAtOnceAreAnsweredAsOneAtATime() throws Exception {
        Map<String, JsonNode> alone = new HashMap<>();
        for (String name : Samples.NAMES) {
            alone.put(name, localize(name));
        }
        List<Future<Boolean>> same = new ArrayList<>();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            for (int i = 0; i < REQUESTS; i++) {
                String name = Samples.NAMES.get(i % Samples.NAMES.size());
                same.add(clients.submit(() -> localize(name).equals(alone.get(name))));
            }
            for (Future<Boolean> answer : same) {
                assertThat(answer.get()).isTrue();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private JsonNode localize(String name) {
        Http.Answer answer = new Http(port).localizeMultipart(name, Samples.read(name), Map.of("includeMaps", "true"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    /** The heap is committed and touched from the start (see pom.xml), so what grows is native memory. */
    @Test
    void nativeMemoryStaysFlatOverManyRequests() throws Exception {
        assumeThat(Path.of("/proc/self/status"))
                .as("the resident set can be read on Linux only")
                .exists();
        byte[] small = small(Samples.read(Samples.NAMES.get(0)));
        send(SMALL_REQUESTS / 2, small);
        long before = residentKilobytes();
        send(SMALL_REQUESTS, small);
        long growth = residentKilobytes() - before;

        // A leaked input buffer of 64 kB a request would be twice as much.
        System.out.printf("the resident set grew by %d kB in %d requests%n", growth, SMALL_REQUESTS);
        assertThat(growth)
                .as("growth of the resident set in kB")
                .isLessThan(Math.min(48L * 1024, 32L * SMALL_REQUESTS));
    }

    private void send(int requests, byte[] image) throws InterruptedException, ExecutionException {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                answers.add(clients.submit(() ->
                        new Http(port).localizeRaw(image, "image/png", Map.of()).status()));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
        } finally {
            clients.shutdownNow();
        }
    }

    /** An image whose decoding costs little, so that the network is what is busy. */
    static byte[] small(byte[] png) throws IOException {
        BufferedImage image = new BufferedImage(128, 128, BufferedImage.TYPE_BYTE_GRAY);
        Image scaled =
                ImageIO.read(new ByteArrayInputStream(png)).getScaledInstance(128, 128, Image.SCALE_AREA_AVERAGING);
        image.createGraphics().drawImage(scaled, 0, 0, null);
        return Samples.encoded(image, "png");
    }

    private static long residentKilobytes() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
