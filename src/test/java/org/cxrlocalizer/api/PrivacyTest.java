// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cxrlocalizer.Await;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DicomBuilder;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.reports.documents.ReportForm;
import org.cxrlocalizer.reports.documents.Reports;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/**
 * Whatever a file says of a patient stays in the file, and in the DICOM objects that are made for its study: nothing of it is
 * in logs at any level, in metrics, in problems, or in names of files. No part of a report's text is in these, or in a file.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
class PrivacyTest {

    private static final String PLANTED = "Zq7Planted";
    private static final String PLANTED_NUMBER = "987654321987654321";
    private static final String PLANTED_DATE = "19170913";
    private static final Path STATE = Path.of("target/evaluations");
    private static final String DICOM = "application/dicom";
    private static final LoggingSystem LOGS = LoggingSystem.get(PrivacyTest.class.getClassLoader());
    private static final List<String> ENDPOINTS = List.of(
            "localizations",
            "overlays",
            "renderings",
            "structured-reports",
            "presentation-states",
            "secondary-captures");

    @LocalServerPort
    private int port;

    @BeforeEach
    void logEverything() {
        LOGS.setLogLevel(null, LogLevel.DEBUG);
        LOGS.setLogLevel("ai.djl", LogLevel.DEBUG);
        LOGS.setLogLevel("org.cxrlocalizer", LogLevel.TRACE);
        LOGS.setLogLevel("org.springframework.web", LogLevel.TRACE);
    }

    @AfterAll
    static void logAsBefore() {
        LOGS.setLogLevel("org.springframework.web", null);
        LOGS.setLogLevel("org.cxrlocalizer", null);
        LOGS.setLogLevel("ai.djl", LogLevel.WARN);
        LOGS.setLogLevel(null, LogLevel.INFO);
    }

    private Http http() {
        return new Http(port);
    }

    /** Everything that a file may say of a patient, and more. */
    private static DicomBuilder patient() {
        return text(
                DicomSamples.chest("00022215_012.png")
                        .add(Attribute.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.1.1")
                        .add(Attribute.SOP_INSTANCE_UID, "1.2." + PLANTED_NUMBER + ".1")
                        .add(Attribute.SERIES_INSTANCE_UID, "1.2." + PLANTED_NUMBER + ".2")
                        .add(Attribute.STUDY_INSTANCE_UID, "1.2." + PLANTED_NUMBER + ".3")
                        .add(Attribute.PATIENT_NAME, PLANTED + "^Name")
                        .add(Attribute.PATIENT_ID, PLANTED + "Id")
                        .add(Attribute.PATIENT_BIRTH_DATE, PLANTED_DATE)
                        .add(Attribute.ACCESSION_NUMBER, PLANTED + "Acc")
                        .add(Attribute.STUDY_ID, PLANTED + "Std")
                        .add(Attribute.STUDY_DESCRIPTION, PLANTED + "Description")
                        .add(Attribute.SERIES_DESCRIPTION, PLANTED + "Series")
                        .add(Attribute.REFERRING_PHYSICIAN_NAME, PLANTED + "^Physician"),
                0x00080080, // institution
                0x00081050, // performing physician
                0x00104000, // patient comments
                0x00204000, // image comments
                0x00090010, // private creator
                0x00091001);
    }

    private static DicomBuilder text(DicomBuilder builder, int... tags) {
        for (int tag : tags) {
            builder.add(tag, "LO", (PLANTED + "Text").getBytes(StandardCharsets.US_ASCII));
        }
        return builder;
    }

    /** Files that are refused, each for another reason. */
    private static List<byte[]> refused() {
        List<byte[]> files = new ArrayList<>();
        for (Attribute attribute : List.of(
                Attribute.MODALITY,
                Attribute.BODY_PART_EXAMINED,
                Attribute.VIEW_POSITION,
                Attribute.PHOTOMETRIC_INTERPRETATION,
                Attribute.NUMBER_OF_FRAMES,
                Attribute.WINDOW_CENTER,
                Attribute.WINDOW_WIDTH,
                Attribute.RESCALE_SLOPE,
                Attribute.PIXEL_SPACING,
                Attribute.SPECIFIC_CHARACTER_SET)) {
            files.add(patient().add(attribute, PLANTED).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN));
        }
        files.add(patient().add(Attribute.VIEW_POSITION, "LL").file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN));
        files.add(patient().add(Attribute.BODY_PART_EXAMINED, "SKULL").file(TransferSyntax.IMPLICIT_LITTLE_ENDIAN));
        files.add(patient().without(Attribute.ROWS).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN));
        files.add(patient().without(Attribute.STUDY_INSTANCE_UID).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN));
        files.add(DicomBuilder.file("1.2.840.10008.1.2.4.110", patient().bare(TransferSyntax.EXPLICIT_LITTLE_ENDIAN)));
        files.add(DicomBuilder.file(PLANTED, patient().bare(TransferSyntax.EXPLICIT_LITTLE_ENDIAN)));
        files.add(DicomBuilder.file(
                TransferSyntax.JPEG_BASELINE.uid(), patient().bare(TransferSyntax.EXPLICIT_LITTLE_ENDIAN)));
        files.add((PLANTED + "^Name").repeat(100).getBytes(StandardCharsets.US_ASCII));
        byte[] whole = patient().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        // Cut off, and with a wrong length, in the midst of what is planted.
        int first = new String(whole, 0, 2000, StandardCharsets.ISO_8859_1).indexOf(PLANTED);
        for (int at = first - 3; at < first + 400; at += 13) {
            files.add(Arrays.copyOf(whole, at));
            byte[] broken = whole.clone();
            broken[at] = (byte) 0xff;
            broken[at + 1] = (byte) 0xff;
            files.add(broken);
        }
        return files;
    }

    @Test
    void nothingOfAPatientLeavesTheFile(CapturedOutput output) throws IOException {
        byte[] good = patient().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        List<String> said = new ArrayList<>();
        int answered = 0;
        for (String endpoint : ENDPOINTS) {
            Http.Answer raw = http().post("/v1/" + endpoint, DICOM, good);
            Http.Answer multipart = http().multipart("/v1/" + endpoint, PLANTED + ".dcm", good, Map.of());
            assertThat(raw.status()).as(raw.text()).isEqualTo(200);
            assertThat(multipart.status()).isEqualTo(200);
            said.add(raw.headers());
            said.add(multipart.headers());
            if (endpoint.equals("localizations")) {
                said.add(raw.text());
                said.add(multipart.text());
            }
        }
        for (byte[] file : refused()) {
            String endpoint = ENDPOINTS.get(answered++ % ENDPOINTS.size());
            Http.Answer raw = http().post("/v1/" + endpoint, DICOM, file);
            Http.Answer multipart =
                    http().multipart("/v1/" + endpoint + "?force=true", PLANTED + ".dcm", file, Map.of());
            for (Http.Answer answer : List.of(raw, multipart)) {
                said.add(answer.headers());
                // A file may still be readable; an object that is made of it is then for its own study.
                if (answer.status() >= 300 || endpoint.equals("localizations")) {
                    said.add(answer.text());
                }
            }
        }
        // The answer names a parameter that does not exist, to its sender alone; the log does not.
        assertThat(http().multipart("/v1/localizations", "x.png", good, Map.of(PLANTED, PLANTED))
                        .status())
                .isEqualTo(400);
        said.add(http().get("/actuator/prometheus").text());
        said.add(http().get("/actuator/metrics").text());
        said.add(names(Path.of(System.getProperty("java.io.tmpdir"))));
        said.add(names(STATE));

        assertThat(output.getAll()).contains("DEBUG"); // else this shows nothing
        for (String planted : List.of(PLANTED, PLANTED_NUMBER, PLANTED_DATE)) {
            assertThat(lines(output.getAll(), planted)).isEmpty();
            assertThat(said.stream().flatMap(text -> lines(text, planted).stream()))
                    .isEmpty();
        }
    }

    /** A report in each form, and bodies of each that are refused: cut off, of another form, too long. */
    private static List<byte[]> reports(ReportForm form) {
        String text =
                "FINDINGS: " + PLANTED + " effusion of " + PLANTED_NUMBER + ". No pneumonia " + PLANTED_DATE + ".";
        byte[] whole =
                switch (form) {
                    case PLAIN -> bytes(text);
                    case JSON -> bytes("{\"text\":\"%s\"}".formatted(text));
                    case HL7 ->
                        bytes("MSH|^~\\&|%s|\rPID|1||%s\rOBX|1|TX|&GDT^%s||%s\r"
                                .formatted(PLANTED, PLANTED_NUMBER, PLANTED, text));
                    case FHIR -> Reports.fhir(text).getBytes(StandardCharsets.UTF_8);
                    case DICOM -> Reports.sr(text, PLANTED);
                };
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] = (byte) 0xff;
        return List.of(
                whole,
                damaged,
                Arrays.copyOf(whole, whole.length / 2),
                bytes("{\"%s\":\"%s\"}".formatted(PLANTED, text)),
                bytes(text),
                bytes(text.repeat(5000)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void noPartOfAReportIsWrittenAnywhere(CapturedOutput output) throws IOException {
        List<String> said = new ArrayList<>();
        int read = 0;
        for (ReportForm form : ReportForm.values()) {
            for (byte[] body : reports(form)) {
                Http.Answer answer = http().post("/v1/reports", Reports.mediaType(form), body);
                said.add(answer.headers());
                if (answer.status() == 200) {
                    read++; // the answer has the text, for its sender
                } else {
                    assertThat(answer.status()).isIn(413, 422);
                    said.add(answer.text());
                }
            }
        }
        assertThat(read).isGreaterThanOrEqualTo(ReportForm.values().length);
        assertNothingIsWritten(said, output);
    }

    @Test
    void noPartOfAReportBesideAnImageIsWrittenAnywhere(CapturedOutput output) throws IOException {
        Http.Part image = new Http.Part("image", "x.png", "image/png", Samples.read("00022215_012.png"));
        List<String> said = new ArrayList<>();
        int read = 0;
        for (ReportForm form : ReportForm.values()) {
            for (byte[] body : reports(form)) {
                for (String fileName : List.of("", PLANTED + ".txt")) {
                    Http.Part report = new Http.Part("report", fileName, Reports.mediaType(form), body);
                    Http.Answer answer = http().form("/v1/localizations", report, image);
                    said.add(answer.headers());
                    if (answer.status() == 200) {
                        read++; // the answer has the text, for its sender
                    } else {
                        assertThat(answer.status()).isIn(413, 422);
                        said.add(answer.text());
                    }
                    Http.Answer refused = http().form("/v1/renderings", image, report);
                    assertThat(refused.status()).isEqualTo(400);
                    said.add(refused.text());
                }
            }
        }
        assertThat(read).isGreaterThanOrEqualTo(2 * ReportForm.values().length);
        assertNothingIsWritten(said, output);
    }

    /** The image's part is written to a file, so that the report's before it was read when that file is there. */
    @Test
    void theReportOfAFormIsInNoFileWhileTheFormIsSent() throws IOException {
        String marker = "Zq7Image";
        byte[] report = bytes((PLANTED + " ").repeat(15_000) + "effusion.");
        byte[] image = bytes(marker.repeat(10_000));
        String head = "--b\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"x\"\r\n\r\n";
        List<List<Path>> found = new ArrayList<>();
        InputStream watched = new InputStream() {
            @Override
            public int read() throws IOException {
                Await.until("the image's file", () -> !filesWith(marker, directories())
                        .isEmpty());
                found.add(filesWith(PLANTED, directories()));
                return -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
            }
        };
        HttpRequest request = HttpRequest.newBuilder(http().uri("/v1/localizations"))
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new SequenceInputStream(Collections.enumeration(List.of(
                                new ByteArrayInputStream(bytes(head.formatted("report"))),
                                new ByteArrayInputStream(report),
                                new ByteArrayInputStream(bytes("\r\n" + head.formatted("image"))),
                                new ByteArrayInputStream(image),
                                watched,
                                new ByteArrayInputStream(bytes("\r\n--b--\r\n")))))))
                .build();

        assertThat(http().send(request).status()).isEqualTo(422);
        assertThat(found).containsExactly(List.of());
    }

    private void assertNothingIsWritten(List<String> said, CapturedOutput output) throws IOException {
        said.add(http().get("/actuator/prometheus").text());
        said.add(http().get("/actuator/metrics").text());
        assertThat(directories()).isNotEmpty();
        assertThat(output.getAll()).contains("DEBUG"); // else this shows nothing
        for (String planted : List.of(PLANTED, PLANTED_NUMBER, PLANTED_DATE)) {
            assertThat(lines(output.getAll(), planted)).isEmpty();
            assertThat(said.stream().flatMap(text -> lines(text, planted).stream()))
                    .isEmpty();
            assertThat(filesWith(planted, directories())).isEmpty();
        }
    }

    private static List<Path> directories() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return Stream.concat(files.filter(file -> file.toString().contains("cxr-localizer")), Stream.of(STATE))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }

    /** Files of the service's own that have a word in them: uploads, the database, reports of evaluations. */
    private static List<Path> filesWith(String word, List<Path> directories) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path directory : directories) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (contains(file, word)) {
                        found.add(file);
                    }
                }
            }
        }
        return found;
    }

    private static boolean contains(Path file, String word) throws IOException {
        try {
            return Files.size(file) < 1 << 26
                    && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(word);
        } catch (NoSuchFileException e) {
            return false; // of another request, and gone meanwhile
        }
    }

    private static List<String> lines(String text, String planted) {
        return text.lines().filter(line -> line.contains(planted)).limit(5).toList();
    }

    private static String names(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return "";
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(Path::toString).reduce("", (all, name) -> all + "\n" + name);
        }
    }
}
