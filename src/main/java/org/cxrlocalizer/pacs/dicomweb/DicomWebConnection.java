// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.dicomweb;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.cxrlocalizer.pacs.PacsProperties;
import org.jspecify.annotations.Nullable;

/** HTTP to one PACS. Addresses hold identifiers, so that they are neither logged nor measured. */
final class DicomWebConnection {

    private static final int BLOCK = 1 << 16;

    private final String name;
    private final PacsProperties.Node node;
    private final HttpClient http;
    private final MeterRegistry meters;

    /** @param http must not follow redirects itself */
    DicomWebConnection(String name, PacsProperties.Node node, HttpClient http, MeterRegistry meters) {
        this.name = name;
        this.node = node;
        this.http = http;
        this.meters = meters;
    }

    /**
     * An answer.
     *
     * @param contentType as it was sent; empty if there is none
     * @param warnings values of the header {@code Warning}
     */
    record Answer(int status, String contentType, List<String> warnings, byte[] body) {

        boolean isSuccess() {
            return status / 100 == 2;
        }
    }

    /**
     * Sends a request, again to each place that the PACS redirects it to on the configured host.
     *
     * @param operation for the metric
     * @param path behind the base address
     * @param headers by name
     * @param content to post; null for a GET request
     * @param mostBytes in the answer's body
     * @throws PacsException if the PACS cannot be reached, sends more, or refers to another host
     */
    Answer send(String operation, String path, Map<String, String> headers, byte @Nullable [] content, long mostBytes) {
        String base = node.baseUrl().toString();
        URI address = URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
        Redirects redirects = new Redirects(node.baseUrl());
        while (true) {
            Step step = step(operation, address, request(address, headers, content), redirects, mostBytes);
            Answer answer = step.answer();
            if (answer != null) {
                return answer;
            }
            address = step.next();
        }
    }

    /** An answer, or the address that it leads to. */
    private record Step(@Nullable Answer answer, URI next) {}

    private HttpRequest request(URI address, Map<String, String> headers, byte @Nullable [] content) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(node.timeout());
        headers.forEach(request::header);
        if (node.token() != null) {
            request.header("Authorization", "Bearer " + node.token());
        } else if (node.username() != null) {
            byte[] credentials = (node.username() + ":" + node.password()).getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
        }
        if (content != null) {
            request.POST(HttpRequest.BodyPublishers.ofByteArray(content));
        }
        return request.build();
    }

    /** Measured to the end of the body. */
    private Step step(String operation, URI address, HttpRequest request, Redirects redirects, long mostBytes) {
        Timer.Sample sample = Timer.start(meters);
        String status = "none";
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            status = String.valueOf(response.statusCode());
            try (InputStream body = response.body()) {
                URI next = redirects.next(
                        address,
                        response.statusCode(),
                        response.headers(),
                        request.method().equals("POST"));
                return next == null
                        ? new Step(
                                new Answer(
                                        response.statusCode(),
                                        response.headers()
                                                .firstValue("Content-Type")
                                                .orElse(""),
                                        response.headers().allValues("Warning"),
                                        read(body, mostBytes)),
                                address)
                        : new Step(null, next);
            }
        } catch (IOException e) {
            throw new PacsException(
                    "The PACS cannot be reached (%s).".formatted(e.getClass().getSimpleName()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for a PACS");
        } finally {
            sample.stop(Timer.builder("cxr.pacs.requests")
                    .description("Requests to a PACS")
                    .tag("node", name)
                    .tag("operation", operation)
                    .tag("status", status)
                    .register(meters));
        }
    }

    private byte[] read(InputStream body, long mostBytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] block = new byte[BLOCK];
        for (int read = readInTime(body, block); read >= 0; read = readInTime(body, block)) {
            bytes.write(block, 0, read);
            if (bytes.size() > mostBytes) {
                throw new PacsException("The PACS answered with more than %d bytes.".formatted(mostBytes), false);
            }
        }
        return bytes.toByteArray();
    }

    /** The client's own time-out ends with the head of an answer: a body that stops coming would hold a thread for ever. */
    private int readInTime(InputStream body, byte[] block) throws IOException {
        CompletableFuture<@Nullable Void> come = new CompletableFuture<>();
        var unused = come.orTimeout(node.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((none, late) -> {
                    if (late != null) {
                        close(body);
                    }
                });
        int read = body.read(block);
        if (!come.complete(null)) {
            throw new HttpTimeoutException("the body stopped coming");
        }
        return read;
    }

    /** Its reader then gets an exception. */
    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
