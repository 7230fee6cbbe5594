// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DicomFile;

/** A PACS in memory that speaks as much DICOMweb as we ask of one, and fails when a test wants it to. */
public final class Archive implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, byte[]> files = Collections.synchronizedMap(new LinkedHashMap<>());
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, List<byte[]>> sent = Collections.synchronizedMap(new LinkedHashMap<>());
    private final Map<String, String> listed = Collections.synchronizedMap(new LinkedHashMap<>());
    private final List<Fault> faults = Collections.synchronizedList(new ArrayList<>());

    private final Map<Predicate<String>, Interceptor> interceptors = Collections.synchronizedMap(new LinkedHashMap<>());

    /** Answers a request in place of the archive, or looks at it only. */
    public interface Interceptor {

        /** @return whether it has answered */
        boolean handle(HttpExchange exchange) throws IOException;
    }

    /** The next request like that is answered with this status. */
    private record Fault(Predicate<String> request, int status) {}

    public Archive() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/dicom-web", this::handle);
        server.start();
    }

    public URI baseUrl() {
        return URI.create(
                "http://127.0.0.1:%d/dicom-web".formatted(server.getAddress().getPort()));
    }

    public void add(byte[] file) {
        files.put(read(file).requiredString(Attribute.SOP_INSTANCE_UID), file);
    }

    /** A request for the instance is answered with these files. */
    public void send(String sopInstanceUid, byte[]... files) {
        sent.put(sopInstanceUid, List.of(files));
    }

    /** The study is listed so, as DICOM JSON. */
    public void list(String study, String json) {
        listed.put(study, json);
    }

    /** All objects of a study, as they were stored. */
    public List<DataSet> study(String uid) {
        synchronized (files) {
            return files.values().stream()
                    .map(Archive::read)
                    .filter(dataSet -> dataSet.string(Attribute.STUDY_INSTANCE_UID)
                            .orElse("")
                            .equals(uid))
                    .toList();
        }
    }

    /** Removes all objects of a study but those of a SOP class, and returns them by SOP Instance UID. */
    public Map<String, byte[]> remove(String study, String exceptOfClass) {
        Map<String, byte[]> removed = new LinkedHashMap<>();
        for (DataSet object : study(study)) {
            if (!object.requiredString(Attribute.SOP_CLASS_UID).equals(exceptOfClass)) {
                String uid = object.requiredString(Attribute.SOP_INSTANCE_UID);
                removed.put(uid, files.remove(uid));
            }
        }
        return removed;
    }

    /** Each as {@code GET /studies/1.2/instances}, with what it accepts. */
    public List<String> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    public void failNext(Predicate<String> request, int status) {
        faults.add(new Fault(request, status));
    }

    /**
     * Passes each request through an interceptor that is like that.
     *
     * @param request as {@code POST /studies/1.2}
     */
    public void intercept(Predicate<String> request, Interceptor interceptor) {
        interceptors.put(request, interceptor);
    }

    /** Answers each request like that with a status, and a body if there is one. */
    public void answer(Predicate<String> request, int status, String body) {
        intercept(request, exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            return true;
        });
    }

    private static DataSet read(byte[] file) {
        return DicomFile.read(file, 0).dataSet();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring("/dicom-web".length());
            String request = exchange.getRequestMethod() + " " + path;
            requests.add(request + " " + exchange.getRequestHeaders().getFirst("Accept") + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = exchange.getRequestBody().readAllBytes();
            synchronized (faults) {
                for (Fault fault : List.copyOf(faults)) {
                    if (fault.request().test(request)) {
                        faults.remove(fault);
                        exchange.sendResponseHeaders(fault.status(), -1);
                        return;
                    }
                }
            }
            for (Map.Entry<Predicate<String>, Interceptor> entry :
                    Map.copyOf(interceptors).entrySet()) {
                if (entry.getKey().test(request) && entry.getValue().handle(exchange)) {
                    return;
                }
            }
            String[] parts = path.split("/", -1);
            if (exchange.getRequestMethod().equals("POST")) {
                store(exchange, body);
            } else if (parts.length == 4) {
                list(exchange, parts[2]);
            } else {
                retrieve(exchange, parts[6]);
            }
        }
    }

    private void list(HttpExchange exchange, String study) throws IOException {
        if (listed.containsKey(study)) {
            answer(exchange, "application/dicom+json", listed.get(study).getBytes(StandardCharsets.UTF_8));
            return;
        }
        List<DataSet> found = study(study);
        if (found.isEmpty()) {
            exchange.sendResponseHeaders(204, -1);
            return;
        }
        answer(
                exchange,
                "application/dicom+json",
                found.stream()
                        .map(dataSet -> """
                                {"0020000E":{"vr":"UI","Value":["%s"]},"00080016":{"vr":"UI","Value":["%s"]},
                                 "00080018":{"vr":"UI","Value":["%s"]},"00080060":{"vr":"CS","Value":["%s"]}}""".formatted(
                                        dataSet.requiredString(Attribute.SERIES_INSTANCE_UID),
                                        dataSet.requiredString(Attribute.SOP_CLASS_UID),
                                        dataSet.requiredString(Attribute.SOP_INSTANCE_UID),
                                        dataSet.string(Attribute.MODALITY).orElse("")))
                        .collect(Collectors.joining(",", "[", "]"))
                        .getBytes(StandardCharsets.UTF_8));
    }

    private void retrieve(HttpExchange exchange, String instance) throws IOException {
        byte[] stored = files.get(instance);
        List<byte[]> parts = sent.getOrDefault(instance, stored == null ? List.of() : List.of(stored));
        if (parts.isEmpty()) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes("--b\r\nContent-Type: application/dicom\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            body.writeBytes(part);
            body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        body.writeBytes("--b--\r\n".getBytes(StandardCharsets.US_ASCII));
        answer(exchange, "multipart/related; type=\"application/dicom\"; boundary=b", body.toByteArray());
    }

    private void store(HttpExchange exchange, byte[] body) throws IOException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        String boundary = "--" + type.substring(type.indexOf("boundary=") + "boundary=".length());
        String all = new String(body, StandardCharsets.ISO_8859_1);
        for (String part : all.split(boundary, -1)) {
            int start = part.indexOf("\r\n\r\n");
            if (start > 0) {
                add(part.substring(start + 4, part.length() - 2).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        answer(exchange, "application/dicom+json", "{}".getBytes(StandardCharsets.US_ASCII));
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
