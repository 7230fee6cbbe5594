// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.cxrlocalizer.Await;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.reports.documents.ReportForm;
import org.cxrlocalizer.reports.documents.Reports;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the calls of the documents as a reader would, by curl in a shell. The files that they name are samples, the address is the
 * service of the test, and {@code ID} is an evaluation. A call that needs more has a comment before its block that states what.
 */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = "evaluation.datasets.boxed.images=src/main/resources/samples")
class DocumentedCallsTest {

    private static final Pattern SERVICE = Pattern.compile("http://(localhost|127\\.0\\.0\\.1):8080(?=/)");
    private static final String SAMPLE = "00015069_001.png";
    private static final String BOXES = """
            Image Index,Finding Label,x,y,w,h,Score
            00013659_019.png,Pneumonia,100,100,300,300,0.9
            00015069_001.png,Infiltration,200,200,500,500,0.8
            """;

    /** What curl prints on each answer goes to a file of its own. */
    private static final String OPTIONS = """
            silent
            show-error
            noproxy = "*"
            max-time = 300
            write-out = "%{stderr}\\n%{http_code}\\n%{content_type}\\n%{filename_effective}"
            """;

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path folder;

    @LocalServerPort
    private int port;

    /** An answer, of which curl may have written the body to a file. */
    private record Answer(int status, String contentType, byte[] body) {}

    static List<DocumentedCall> runnable() throws IOException {
        return DocumentedCall.all().stream()
                .filter(call -> call.notRun().isEmpty())
                .toList();
    }

    @BeforeAll
    static void prepare() throws IOException {
        Files.writeString(folder.resolve(".curlrc"), OPTIONS);
        Files.createSymbolicLink(folder.resolve("src"), Path.of("src").toAbsolutePath());
        Files.write(folder.resolve("chest.png"), Samples.read(SAMPLE));
        Files.write(
                folder.resolve("chest.dcm"),
                DicomSamples.identified(SAMPLE).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN));
        Files.write(folder.resolve("report.txt"), Reports.body(ReportForm.PLAIN));
        Files.write(folder.resolve("oru.hl7"), Reports.body(ReportForm.HL7));
        Files.writeString(folder.resolve("boxes.csv"), BOXES);
    }

    private static void requireCurl() {
        assumeThat(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .as("the folders of programs, with curl and bash")
                .anyMatch(path -> Files.isExecutable(Path.of(path, "curl")))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "bash")));
    }

    @ParameterizedTest
    @MethodSource("runnable")
    void aCallIsAnsweredAsItsDocumentShows(DocumentedCall call) throws IOException, InterruptedException {
        requireCurl();

        Answer answer = answer(call.command());

        String text = new String(answer.body, StandardCharsets.UTF_8);
        assertThat(answer.status).as(text).isBetween(200, 299);
        if (call.status() > 0) {
            assertThat(answer.status).isEqualTo(call.status());
        }
        assertWhole(answer);
        if (answer.status == 202) {
            assertSucceeds(JSON.readTree(answer.body).get("id").asString());
        }
        if (!call.answer().isEmpty()) {
            assertSame(JSON.readTree(call.answer()), JSON.readTree(answer.body));
        }
    }

    @Test
    void eachCallIsFound() throws IOException {
        assertThat(DocumentedCall.all()).hasSizeGreaterThan(10);
        assertThat(DocumentedCall.all())
                .allMatch(call -> SERVICE.matcher(call.command()).find());
        assertThat(DocumentedCall.all()).anyMatch(call -> !call.answer().isEmpty());
        assertThat(DocumentedCall.all()).anyMatch(call -> !call.notRun().isEmpty());
    }

    private Answer answer(String command) throws IOException, InterruptedException {
        String here = SERVICE.matcher(command).replaceAll("http://127.0.0.1:" + port);
        if (here.contains("/ID")) {
            here = here.replaceAll("/ID\\b", "/" + evaluation());
        }
        Path body = folder.resolve("body");
        Path said = folder.resolve("said");
        ProcessBuilder shell = new ProcessBuilder("bash", "-c", here)
                .directory(folder.toFile())
                .redirectOutput(body.toFile())
                .redirectError(said.toFile());
        shell.environment().put("CURL_HOME", folder.toString());
        shell.environment().put("KEY", "a-key");
        int code = shell.start().waitFor();
        assertThat(code).as(Files.readString(said)).isZero();

        String[] lines = Files.readString(said).split("\n", -1);
        String[] last = Arrays.copyOfRange(lines, lines.length - 3, lines.length);
        return new Answer(
                Integer.parseInt(last[0]),
                last[1],
                Files.readAllBytes(last[2].isEmpty() ? body : folder.resolve(last[2])));
    }

    private String evaluation() {
        return new Http(port)
                .post("/v1/evaluations", "text/csv", BOXES.getBytes(StandardCharsets.UTF_8))
                .json()
                .get("id")
                .asString();
    }

    /** An answer is of the media type that it states, and has its end. */
    private static void assertWhole(Answer answer) throws IOException {
        switch (answer.contentType.split(";", 2)[0]) {
            case "application/json" -> assertThat(JSON.readTree(answer.body)).isNotEmpty();
            case "image/png" ->
                assertThat(ImageIO.read(new ByteArrayInputStream(answer.body))).isNotNull();
            case "application/dicom" ->
                assertThat(new String(answer.body, 128, 4, StandardCharsets.US_ASCII))
                        .isEqualTo("DICM");
            case "text/event-stream" ->
                assertThat(new String(answer.body, StandardCharsets.UTF_8)).contains("event:end");
            default -> throw new AssertionError(answer.contentType);
        }
    }

    private void assertSucceeds(String evaluation) {
        JsonNode job = Await.until(
                "the evaluation has ended",
                () -> new Http(port).get("/v1/evaluations/" + evaluation).json(),
                it -> !List.of("QUEUED", "RUNNING").contains(it.get("state").asString()));
        assertThat(job.get("state").asString()).as(job.toString()).isEqualTo("SUCCEEDED");
    }

    /** Other processors round the last digits of a number otherwise. */
    private static void assertSame(JsonNode shown, JsonNode real) {
        if (shown.isNumber()) {
            assertThat(real.asDouble()).isCloseTo(shown.asDouble(), within(1e-3));
        } else if (shown.isContainer()) {
            assertThat(real.propertyNames()).containsExactlyElementsOf(shown.propertyNames());
            assertThat(real.size()).isEqualTo(shown.size());
            shown.propertyNames().forEach(name -> assertSame(shown.get(name), real.get(name)));
            for (int i = 0; shown.isArray() && i < shown.size(); i++) {
                assertSame(shown.get(i), real.get(i));
            }
        } else {
            assertThat(real).isEqualTo(shown);
        }
    }
}
