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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.dicom.Uid;
import org.cxrlocalizer.pacs.PacsProperties;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The DICOMweb services of one PACS: QIDO-RS, WADO-RS, STOW-RS (PS3.18, section 10). Addresses hold identifiers, so that they
 * are neither logged nor measured.
 */
public final class DicomWebClient {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String DICOM_JSON = "application/dicom+json";
    private static final String AS_STORED = "*";

    /** What a study's list of instances may have; a study of 100,000 objects stays below. */
    private static final long LONGEST_LIST = 64L << 20;

    private static final int BLOCK = 1 << 16;

    private final String name;
    private final PacsProperties.Node node;
    private final HttpClient http;
    private final long largestFile;
    private final MeterRegistry meters;

    DicomWebClient(String name, PacsProperties.Node node, HttpClient http, long largestFile, MeterRegistry meters) {
        this.name = name;
        this.node = node;
        this.http = http;
        this.largestFile = largestFile;
        this.meters = meters;
    }

    /**
     * Lists what a study has, as the PACS tells it: UIDs may be missing, or none.
     *
     * @return nothing if the PACS does not have the study
     * @throws PacsException if the PACS cannot be asked
     */
    public List<StudyInstance> instances(String studyUid) {
        Answer answer = send(
                "query",
                request("/studies/%s/instances?includefield=00080016&includefield=00080060".formatted(studyUid))
                        .header("Accept", DICOM_JSON)
                        .build(),
                LONGEST_LIST);
        if (answer.status() == 204 || answer.status() == 404) {
            return List.of();
        }
        requireSuccess(answer);
        List<StudyInstance> instances = new ArrayList<>();
        try {
            JsonNode items = JSON.readTree(answer.body());
            if (!items.isArray() && !items.isMissingNode()) {
                throw new PacsException("The PACS answered a query with something else than a list.", false);
            }
            for (JsonNode item : items) {
                instances.add(new StudyInstance(
                        value(item, "0020000D"),
                        value(item, "0020000E"),
                        value(item, "00080016"),
                        value(item, "00080018"),
                        value(item, "00080060")));
            }
        } catch (JacksonException e) {
            throw new PacsException("The PACS answered a query with something else than DICOM JSON.", false);
        }
        return instances;
    }

    /** The first value of an attribute in the DICOM JSON model (PS3.18, annex F), without padding. */
    private static String value(JsonNode item, String tag) {
        return Uid.withoutPadding(item.path(tag).path("Value").path(0).asString(""));
    }

    /**
     * Fetches an object as it is stored.
     *
     * @throws PacsException if the PACS does not give it
     */
    public byte[] retrieve(String studyUid, StudyInstance instance) {
        return retrieve(studyUid, instance, AS_STORED);
    }

    /**
     * Fetches an object with its pixels uncompressed.
     *
     * @throws PacsException if the PACS does not give it
     */
    public byte[] retrieveUncompressed(String studyUid, StudyInstance instance) {
        return retrieve(studyUid, instance, TransferSyntax.EXPLICIT_LITTLE_ENDIAN.uid());
    }

    /** One transfer syntax only: Orthanc 1.10 answers a list of acceptable ones with an error. */
    private byte[] retrieve(String studyUid, StudyInstance instance, String transferSyntax) {
        if (!Uid.isValid(instance.seriesUid()) || !Uid.isValid(instance.sopInstanceUid())) {
            throw new IllegalArgumentException("an address is made of UIDs only");
        }
        Answer answer = send(
                "retrieve",
                request("/studies/%s/series/%s/instances/%s"
                                .formatted(studyUid, instance.seriesUid(), instance.sopInstanceUid()))
                        .header(
                                "Accept",
                                "multipart/related; type=\"%s\"; transfer-syntax=%s"
                                        .formatted(MultipartRelated.DICOM, transferSyntax))
                        .build(),
                largestFile);
        requireSuccess(answer);
        return MultipartRelated.file(answer.contentType(), answer.body());
    }

    /**
     * Sends objects.
     *
     * @throws PacsException if the PACS does not take all of them
     */
    public void store(String studyUid, List<byte[]> files) {
        MultipartRelated.Message message = MultipartRelated.of(files);
        Answer answer = send(
                "store",
                request("/studies/" + studyUid)
                        .header("Accept", DICOM_JSON)
                        .header("Content-Type", message.contentType())
                        .POST(HttpRequest.BodyPublishers.ofByteArray(message.body()))
                        .build(),
                LONGEST_LIST);
        // 202 and 409: some or none were stored (PS3.18, table 10.5.3-1).
        if (answer.status() == 202 || answer.status() == 409) {
            throw new PacsException("The PACS did not take all of the results.", false);
        }
        requireSuccess(answer);
    }

    private HttpRequest.Builder request(String path) {
        String base = node.baseUrl().toString();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path))
                .timeout(node.timeout());
        if (node.token() != null) {
            request.header("Authorization", "Bearer " + node.token());
        } else if (node.username() != null) {
            byte[] credentials = (node.username() + ":" + node.password()).getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
        }
        return request;
    }

    private record Answer(int status, String contentType, byte[] body) {}

    private Answer send(String operation, HttpRequest request, long mostBytes) {
        Timer.Sample sample = Timer.start(meters);
        @Nullable Integer status = null;
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            status = response.statusCode();
            try (InputStream body = response.body()) {
                return new Answer(
                        status, response.headers().firstValue("Content-Type").orElse(""), read(body, mostBytes));
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
                    .tag("status", status == null ? "none" : String.valueOf(status))
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

    private static void requireSuccess(Answer answer) {
        int status = answer.status();
        if (status / 100 != 2) {
            throw new PacsException(status);
        }
    }
}
