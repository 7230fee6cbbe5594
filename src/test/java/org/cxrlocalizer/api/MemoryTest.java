// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.cxrlocalizer.Await;
import org.cxrlocalizer.Extent;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.ServiceProcess;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many callers send the largest of everything to a service with a heap of 512 MB, which ends at the first
 * {@code OutOfMemoryError}: it must not end, and must go on answering.
 */
class MemoryTest {

    private static final int CALLERS = 24;
    private static final int UNREAD = 0;
    private static final int REQUESTS_OF_A_CALLER = Extent.times(40);

    @TempDir
    Path folder;

    private ServiceProcess start() throws IOException {
        List<String> options =
                new ArrayList<>(List.of("-Xmx512m", "-XX:MaxDirectMemorySize=128m", "-XX:+ExitOnOutOfMemoryError"));
        if (Runtime.version().feature() < 22) {
            // Until JEP 423, an allocation beside native code that held an array was refused after two tries.
            options.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:GCLockerRetryAllocationCount=1000"));
        }
        return ServiceProcess.start(
                folder.resolve("log"),
                options,
                "--evaluation.directory=" + folder.resolve("state"),
                "--spring.servlet.multipart.location=" + folder);
    }

    private static byte[] png(int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_USHORT_GRAY);
        short[] samples = ((DataBufferUShort) image.getRaster().getDataBuffer()).getData();
        Random random = new Random(1);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) random.nextInt();
        }
        return written(image, "png");
    }

    private static byte[] colours(int width, int height, String format) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        new Random(1).nextBytes(((DataBufferByte) image.getRaster().getDataBuffer()).getData());
        return written(image, format);
    }

    private static byte[] written(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, out)).isTrue();
        return out.toByteArray();
    }

    private static Http.Answer chunked(Http http, String path, byte[] body) {
        return http.send(HttpRequest.newBuilder(http.uri(path))
                .header("Content-Type", "image/png")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                .build());
    }

    @Test
    void noLoadOfLargeImagesEndsAServiceWithASmallHeap() throws Exception {
        byte[] grey = png(4000, 3000);
        byte[] photograph = colours(4000, 3000, "jpg");
        byte[] colourPng = colours(3000, 2000, "png");
        byte[] tooManyPixels = png(6000, 4000);
        byte[] rubbish = new byte[63 << 20];
        byte[] json = ("[" + "{},".repeat(10_000_000) + "{}]").getBytes(StandardCharsets.UTF_8);
        byte[] dicom = DicomSamples.identified(Samples.NAMES.get(0)).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        byte[] sample = Samples.read(Samples.NAMES.get(0));
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        ServiceProcess service = start();
        try {
            Http http = new Http(service.port());
            Map<String, Supplier<Http.Answer>> kinds = new TreeMap<>(Map.of(
                    "a sample", () -> http.post("/v1/localizations", "image/png", sample),
                    "16 bits", () -> http.post("/v1/localizations", "image/png", grey),
                    "16 bits drawn", () -> http.post("/v1/overlays", "image/png", grey),
                    "16 bits, length unknown", () -> chunked(http, "/v1/secondary-captures", grey),
                    "a JPEG", () -> http.localizeMultipart("a.jpg", photograph, Map.of()),
                    "a PNG with colours", () -> http.post("/v1/secondary-captures", "image/png", colourPng),
                    "too many pixels", () -> http.post("/v1/renderings", "image/png", tooManyPixels),
                    "rubbish", () -> chunked(http, "/v1/localizations", rubbish),
                    "JSON", () -> http.post("/v1/evaluations", "application/json", json),
                    "DICOM", () -> http.post("/v1/structured-reports", "application/dicom", dicom)));
            Map<String, Map<Integer, Integer>> statuses = storm(kinds, threads);
            System.out.println("statuses by kind: " + statuses);

            service.requireAlive();
            statuses.forEach((kind, counts) -> assertThat(counts.keySet())
                    .as(kind)
                    .isSubsetOf(
                            switch (kind) {
                                case "JSON" -> List.of(400, UNREAD);
                                case "too many pixels" -> List.of(413, 429, UNREAD);
                                case "rubbish" -> List.of(422, 429, UNREAD);
                                default -> List.of(200, 429, UNREAD);
                            }));
            assertThat(statuses.values().stream()
                            .flatMap(counts -> counts.entrySet().stream())
                            .filter(count -> count.getKey() != UNREAD)
                            .mapToInt(Map.Entry::getValue)
                            .sum())
                    .as("answers that were read")
                    .isGreaterThan(CALLERS * REQUESTS_OF_A_CALLER / 2);
            assertThat(statuses.values().stream()
                            .mapToInt(counts -> counts.getOrDefault(429, 0))
                            .sum())
                    .as("refused for want of memory")
                    .isPositive();
            kinds.forEach((kind, call) -> assertThat(lastStatus(call))
                    .as("alone: " + kind)
                    .isEqualTo(
                            switch (kind) {
                                case "JSON" -> 400;
                                case "too many pixels" -> 413;
                                case "rubbish" -> 422;
                                default -> 200;
                            }));
        } finally {
            service.stop();
            threads.shutdown();
        }
    }

    /** What one request took is given back a moment after its answer. */
    private static int lastStatus(Supplier<Http.Answer> call) {
        return Await.until("memory is free", () -> call.get().status(), status -> status != 429);
    }

    /** A refused caller that does not stop sending has 2 s to read its answer; under this load that may be too short. */
    private static int status(Supplier<Http.Answer> call) {
        try {
            return call.get().status();
        } catch (UncheckedIOException e) {
            return UNREAD;
        }
    }

    private static Map<String, Map<Integer, Integer>> storm(
            Map<String, Supplier<Http.Answer>> kinds, ExecutorService threads) throws Exception {
        Map<String, Map<Integer, Integer>> statuses = new TreeMap<>();
        List<Map.Entry<String, Supplier<Http.Answer>>> all = List.copyOf(kinds.entrySet());
        List<Future<?>> callers = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            int first = caller;
            callers.add(threads.submit(() -> {
                for (int i = first; i < first + REQUESTS_OF_A_CALLER; i++) {
                    Map.Entry<String, Supplier<Http.Answer>> kind = all.get(i % all.size());
                    int status = status(kind.getValue());
                    synchronized (statuses) {
                        statuses.computeIfAbsent(kind.getKey(), name -> new TreeMap<>())
                                .merge(status, 1, Integer::sum);
                    }
                }
            }));
        }
        for (Future<?> caller : callers) {
            caller.get();
        }
        return statuses;
    }
}
