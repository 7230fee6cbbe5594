// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.cxrlocalizer.Samples;

/** Somebody who asks a service on this machine, with headers or without. */
record Caller(int port, List<String> headers) {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    static Caller nobody(int port) {
        return new Caller(port, List.of());
    }

    static Caller withKey(int port, String key) {
        return new Caller(port, List.of("X-API-Key", key));
    }

    static Caller withToken(int port, String token) {
        return new Caller(port, List.of("Authorization", "Bearer " + token));
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    HttpResponse<String> send(String method, String path) {
        return send(request(path).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    HttpResponse<String> localize() {
        return send(request("/v1/localizations?labels=Mass")
                .header("Content-Type", "image/png")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Samples.read(Samples.NAMES.get(0)))));
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)));
        return headers.isEmpty() ? request : request.headers(headers.toArray(String[]::new));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
