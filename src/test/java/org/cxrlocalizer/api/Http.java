// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plain HTTP client, so that tests see the bytes that any client would see. */
record Http(int port) {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final JsonMapper JSON = new JsonMapper();

    record Answer(int status, String contentType, String retryAfter, String headers, byte[] body) {

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        JsonNode json() {
            return JSON.readTree(body);
        }
    }

    Answer get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    Answer delete(String path) {
        return send(HttpRequest.newBuilder(uri(path)).DELETE().build());
    }

    Answer post(String path, String contentType, byte[] body) {
        return post(path, contentType, HttpRequest.BodyPublishers.ofByteArray(body));
    }

    private Answer post(String path, String contentType, HttpRequest.BodyPublisher body) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", contentType)
                .POST(body)
                .build());
    }

    Answer localizeRaw(byte[] image, String contentType, Map<String, String> parameters) {
        String query = parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "?", ""));
        return post("/v1/localizations" + query, contentType, image);
    }

    Answer localizeMultipart(String fileName, byte[] image, Map<String, String> fields) {
        return multipart("/v1/localizations", fileName, image, fields);
    }

    /** The image is sent from where it lies: tests send 200 MB, and copies of that fill the heap. */
    Answer multipart(String path, String fileName, byte[] image, Map<String, String> fields) {
        String boundary = "----cxr-localizer-test";
        StringBuilder head = new StringBuilder();
        fields.forEach((name, value) -> head.append(
                "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(boundary, name, value)));
        head.append(
                "--%s\r\nContent-Disposition: form-data; name=\"image\"; filename=\"%s\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                        .formatted(boundary, fileName));
        return post(
                path,
                "multipart/form-data; boundary=" + boundary,
                HttpRequest.BodyPublishers.concat(
                        HttpRequest.BodyPublishers.ofString(head.toString()),
                        HttpRequest.BodyPublishers.ofByteArray(image),
                        HttpRequest.BodyPublishers.ofString("\r\n--%s--\r\n".formatted(boundary))));
    }

    /**
     * A part of a form.
     *
     * @param fileName empty for a field
     * @param type its media type; empty where it states none
     */
    record Part(String name, String fileName, String type, byte[] content) {}

    Answer form(String path, Part... parts) {
        String boundary = "----cxr-localizer-test";
        List<HttpRequest.BodyPublisher> body = new ArrayList<>();
        for (Part part : parts) {
            String head = "--%s\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n%s\r\n"
                    .formatted(
                            boundary,
                            part.name,
                            part.fileName.isEmpty() ? "" : "; filename=\"%s\"".formatted(part.fileName),
                            part.type.isEmpty() ? "" : "Content-Type: %s\r\n".formatted(part.type));
            body.add(HttpRequest.BodyPublishers.ofString(head));
            body.add(HttpRequest.BodyPublishers.ofByteArray(part.content));
            body.add(HttpRequest.BodyPublishers.ofString("\r\n"));
        }
        body.add(HttpRequest.BodyPublishers.ofString("--%s--\r\n".formatted(boundary)));
        return post(
                path,
                "multipart/form-data; boundary=" + boundary,
                HttpRequest.BodyPublishers.concat(body.toArray(HttpRequest.BodyPublisher[]::new)));
    }

    Answer send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    response.headers().firstValue("Retry-After").orElse(""),
                    response.headers().map().toString(),
                    response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
