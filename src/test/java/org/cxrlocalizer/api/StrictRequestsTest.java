// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.util.StringUtils;

/** What has no meaning here is refused with a problem that names it, and never passed over. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class StrictRequestsTest {

    private static final byte[] PNG = Samples.read("00015069_001.png");
    private static final String JSON = "application/json";

    @LocalServerPort
    private int port;

    private Http http() {
        return new Http(port);
    }

    private static void assertThatProblem(Http.Answer answer, int status, String type, String... details) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.contentType()).isEqualTo("application/problem+json");
        assertThat(answer.json().get("type").asString()).isEqualTo("urn:cxr-localizer:problem:" + type);
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        for (String detail : details) {
            assertThat(answer.json().get("detail").asString()).contains(detail);
        }
        assertThat(answer.text())
                .doesNotContain("Exception")
                .doesNotContain("cxrlocalizer.")
                .doesNotContain("java.");
    }

    private Http.Answer post(String path, String contentType, String body) {
        return http().post(path, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /** What a client's own library would repair, byte for byte. */
    private Http.Answer exchange(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String body = answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 1);
            String type = answer.lines()
                    .filter(line -> line.startsWith("Content-Type: "))
                    .findFirst()
                    .orElse("Content-Type: ");
            return new Http.Answer(
                    Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length())),
                    type.substring("Content-Type: ".length()),
                    "",
                    answer.substring(0, answer.indexOf('{')),
                    body.getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "label, 'labels'",
        "lables, 'labels'",
        "Frame, 'frame'",
        "min-probability, 'minProbability'",
        "frame.x, 'frame'",
        "frame[0], 'frame'",
        "policy[type], 'policy'",
        "policy.type, 'policy'",
        "labels[0], 'labels'",
        "frame[], 'frame'",
        "method[0], 'method'",
        "_labels, 'labels'",
        "!frame, 'frame'",
        "onlyPositive.x, takes",
        "class.module.classLoader, takes",
        "nonsense, takes"
    })
    void anUnknownParameterIsRefusedWithTheNearestName(String name, String nearest) {
        String query = "/v1/localizations?" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "=1";

        assertThatProblem(http().post(query, "image/png", PNG), 400, "invalid-parameter", "'" + name + "'", nearest);
        assertThatProblem(
                http().localizeMultipart("a.png", PNG, Map.of(name, "1")),
                400,
                "invalid-parameter",
                "'" + name + "'",
                nearest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"onlyPositive.x", "maxFinding", "labels[0]"})
    void resultsAndEvaluationsRefuseUnknownParametersToo(String name) {
        String query = "?" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "=1";

        assertThatProblem(
                http().post("/v1/structured-reports" + query, "image/png", PNG), 400, "invalid-parameter", name);
        assertThatProblem(post("/v1/evaluations" + query, "text/csv", ""), 400, "invalid-parameter", name);
        assertThatProblem(
                http().get("/v1/pacs/jobs" + query), 400, "invalid-parameter", name, "takes cursor, limit, state");
        assertThatProblem(http().get("/v1/models" + query), 400, "invalid-parameter", name, "takes none");
    }

    @ParameterizedTest
    @CsvSource({
        "frame=1&frame=2, given 2 times",
        "method=cam&method=cam, given 2 times",
        "frame=, empty",
        "force=, empty",
        "frame=%zz, percent",
        "%18=1, characters"
    })
    void aParameterGivenTwiceOrEmptyOrUnreadableIsRefused(String query, String reason) throws IOException {
        Http.Answer answer = exchange(
                "POST /v1/localizations?" + query
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("detail").asString()).contains(reason);
    }

    @Test
    void aListMayBeWrittenWithBracketsAsManyClientsDoAndNotInTwoWaysAtOnce() {
        String query = "/v1/localizations?labels%5B%5D=Mass&labels%5B%5D=Effusion";

        assertThat(http().post(query, "image/png", PNG).json().get("findings")).hasSize(2);
        assertThatProblem(
                http().post(query + "&labels=Hernia", "image/png", PNG), 400, "invalid-parameter", "'labels[]'");
    }

    @Test
    void aFormWithTwoImagesOrAnotherFileIsRefused() {
        String part = "--b\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"a.png\"\r\n\r\nx\r\n";

        assertThatProblem(
                post(
                        "/v1/localizations",
                        "multipart/form-data; boundary=b",
                        part.formatted("image") + part.formatted("image") + "--b--\r\n"),
                400,
                "invalid-parameter",
                "more than one 'image'");
        assertThatProblem(
                post(
                        "/v1/localizations",
                        "multipart/form-data; boundary=b",
                        part.formatted("image") + part.formatted("imag") + "--b--\r\n"),
                400,
                "invalid-parameter",
                "'imag'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"; name=\"\"", "", "; name=\"\"; filename=\"a.png\""})
    void aPartWithoutANameIsRefused(String name) {
        String part = "--b\r\nContent-Disposition: form-data%s\r\n\r\nx\r\n";

        assertThatProblem(
                post(
                        "/v1/localizations",
                        "multipart/form-data; boundary=b",
                        part.formatted("; name=\"image\"; filename=\"a.png\"") + part.formatted(name) + "--b--\r\n"),
                400,
                "invalid-parameter",
                "no name");
    }

    @Test
    void moreThanFiftyPartsAreRefusedWithThatReason() {
        String part = "--b\r\nContent-Disposition: form-data; name=\"labels\"\r\n\r\nMass\r\n";

        assertThatProblem(
                post("/v1/localizations", "multipart/form-data; boundary=b", part.repeat(51) + "--b--\r\n"),
                400,
                "malformed-request",
                "50 parts");
    }

    @Test
    void longValuesAreRefusedEarlyAndNoProblemRepeatsThem() {
        long start = System.nanoTime();
        Http.Answer commas = http().localizeMultipart("a.png", PNG, Map.of("labels", ",".repeat(1_900_000)));

        assertThatProblem(commas, 400, "invalid-parameter", "'labels' has more than 10000 characters");
        assertThat(System.nanoTime() - start).isLessThan(3_000_000_000L);
        for (String name : new String[] {"labels", "method", "policy", "imageIndex", "x".repeat(300)}) {
            Http.Answer answer = http().localizeMultipart("a.png", PNG, Map.of(name, "x".repeat(9000)));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).hasSizeLessThan(700).doesNotContain("x".repeat(200));
        }
        assertThatProblem(
                http().localizeMultipart("a.png", PNG, Map.of("x".repeat(5000), "")),
                400,
                "malformed-request",
                "head of a part");
        Http.Answer large = http().localizeMultipart("a.png", PNG, Map.of("labels", "x".repeat(3_000_000)));
        assertThat(large.status()).as(large.text()).isEqualTo(400);
        String type = "{\"type\":\"" + "x".repeat(9000) + "\"}";
        assertThat(http().localizeMultipart("a.png", PNG, Map.of("policy", type))
                        .text())
                .hasSizeLessThan(700);
        assertThat(http().get("/v1/" + "x".repeat(5000)).text()).hasSizeLessThan(700);
        assertThat(post("/v1/comparisons", JSON, "{\"" + "x".repeat(9000) + "\":1}")
                        .text())
                .hasSizeLessThan(700);
        assertThat(post("/v1/comparisons", "x/" + "x".repeat(5000), "").text()).hasSizeLessThan(700);
    }

    @Test
    void aRawBodyIsReadByItsBytesWhateverItsMediaType() throws IOException {
        byte[] jpeg = Samples.encoded(new java.awt.image.BufferedImage(64, 64, 10), "jpeg");

        for (String type : new String[] {
            "application/octet-stream",
            "image/jpg",
            "image/png",
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded; charset=UTF-8",
            "binary/octet-stream",
            "image/jpeg; charset=binary",
            "IMAGE/PJPEG",
            "image/x-png",
            "image/*",
            "*/*",
            "application/x-dicom",
            "image/dicom"
        }) {
            assertThat(http().post("/v1/renderings", type, jpeg).status())
                    .as(type)
                    .isEqualTo(200);
        }
        assertThat(http().send(HttpRequest.newBuilder(http().uri("/v1/renderings"))
                                .POST(HttpRequest.BodyPublishers.ofByteArray(jpeg))
                                .build())
                        .status())
                .isEqualTo(200);
        assertThatProblem(
                http().post("/v1/renderings", "application/octet-stream", "no image".getBytes(StandardCharsets.UTF_8)),
                422,
                "unreadable-image");
        assertThatProblem(
                http().post("/v1/renderings", "nonsense", jpeg),
                415,
                "unsupported-media-type",
                "malformed",
                "image/png");
    }

    @Test
    void aPartWithoutAFileNameIsTheImageToo() {
        byte[] jpeg = Samples.encoded(new java.awt.image.BufferedImage(64, 64, 10), "jpeg");
        String body = "--b\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\n%s\r\n--b--\r\n"
                .formatted(new String(jpeg, StandardCharsets.ISO_8859_1));

        assertThat(http().post(
                                "/v1/renderings",
                                "multipart/form-data; boundary=b",
                                body.getBytes(StandardCharsets.ISO_8859_1))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "gzip, identity", "x"})
    void aContentEncodingIsRefusedByItsName(String encoding) {
        Map<String, String> bodies = Map.of(
                "/v1/localizations", "image/png",
                "/v1/overlays", "application/dicom",
                "/v1/comparisons", JSON,
                "/v1/evaluations", "text/csv");
        bodies.forEach((path, type) -> assertThatProblem(
                http().send(HttpRequest.newBuilder(http().uri(path))
                        .header("Content-Encoding", encoding)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(PNG))
                        .build()),
                415,
                "unsupported-media-type",
                "Content-Encoding '" + encoding + "'"));
    }

    @Test
    void overlaysTakeLabelsToo() {
        byte[] byLabel =
                http().post("/v1/overlays?label=Mass", "image/png", PNG).body();

        assertThat(http().post("/v1/overlays?labels=Mass", "image/png", PNG).body())
                .isEqualTo(byLabel);
        assertThat(http().post("/v1/overlays?labels=Mass,Effusion", "image/png", PNG)
                        .status())
                .isEqualTo(200);
        assertThatProblem(
                http().post("/v1/overlays?labels=Mass&label=Mass", "image/png", PNG),
                400,
                "invalid-parameter",
                "'label' and 'labels'");
        assertThatProblem(http().post("/v1/overlays?labels=Cough", "image/png", PNG), 400, "unknown-label", "Cough");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"type\":\"otsu\",\"type\":\"otsu\"}|'type' occurs twice",
                "{\"type\":\"fraction\",\"fraction\":\"0.5\"}|'fraction' must be a number",
                "{\"type\":\"fraction\",\"fraction\":true}|'fraction' must be a number",
                "{\"type\":\"fraction\"}|'fraction' is missing",
                "{\"type\":\"fraction\",\"fraction\":null}|'fraction' is missing",
                "{\"type\":\"fraction\",\"fractoin\":0.5,\"fraction\":0.5}|did you mean 'fraction'",
                "{\"type\":\"otsu\",\"selection\":{\"merge\":{\"type\":\"nms\",\"iou\":\"1\"}}}|'selection.merge.iou'",
                "{\"type\":\"otsu\",\"selection\":{\"maximumBoxes\":1.5}}|'selection.maximumBoxes' must be an integer",
                "{\"type\":\"otsu\",\"selection\":7}|'selection'",
                "{\"type\":\"wang\",\"greyLevels\":60}|'greyLevels' must be an array",
                "{\"type\":7}|unknown: '7'",
                "{}|'type'",
                "7|'type'",
                "null|null",
                "{|not JSON at line 1",
                "otsu|'otsu' is not JSON",
                "{\"type\":\"absolute\",\"level\":NaN}|'NaN' is not JSON"
            })
    void aPolicyThatIsWrongIsNamedByItsFieldAndNoJavaClass(String policy, String detail) {
        String query = "?policy=" + URLEncoder.encode(policy, StandardCharsets.UTF_8);

        assertThatProblem(http().post("/v1/localizations" + query, "image/png", PNG), 400, "invalid-policy", detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/v1/comparisons|{\"boxes\":[],\"boxes\":[],\"truths\":[]}|'boxes' occurs twice",
                "/v1/comparisons|{\"boxes\":[{\"x\":\"1\",\"y\":0,\"width\":1,\"height\":1}],\"truths\":[]}|'boxes[0].x' must be a number",
                "/v1/comparisons|{\"boxes\":[{\"y\":0,\"width\":1,\"height\":1}],\"truths\":[]}|'boxes[0].x' is missing",
                "/v1/comparisons|{\"boxes\":[],\"truth\":[]}|did you mean 'truths'",
                "/v1/comparisons|{\"boxes\":[],\"truths\":[]} []|behind the end",
                "/v1/comparisons|[]|must be an object",
                "/v1/comparisons|null|empty",
                "/v1/evaluations|{\"dataset\":7}|'dataset' must be a string",
                "/v1/evaluations|{\"dataset\":\"x\",\"seed\":\"7\"}|'seed' must be an integer",
                "/v1/evaluations|{\"dataset\":\"x\",\"draws\":7.5}|'draws' must be an integer",
                "/v1/evaluations|{\"dataset\":\"x\",\"draws\":1e99}|'draws' must be an integer",
                "/v1/evaluations|{\"dataset\":\"x\",\"leaveOutCalibration\":\"true\"}|'leaveOutCalibration' must be true or false",
                "/v1/evaluations|{\"dataset\":\"x\",\"policies\":[{\"type\":\"magic\"}]}|'policies[0]' is unknown: 'magic'"
            })
    void jsonThatIsWrongIsNamedByItsFieldAndNoJavaClass(String path, String body, String detail) {
        assertThatProblem(post(path, JSON, body), 400, "malformed-request", detail);
    }

    @Test
    void anIntegerMayBeWrittenWithAPoint() {
        assertThatProblem(
                post("/v1/evaluations", JSON, "{\"dataset\":\"x\",\"draws\":326.0,\"seed\":7.0}"),
                400,
                "unknown-dataset");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e200", "1e-200", "1e308", "1e400", "-1", "0"})
    void boxesWhoseAreasCannotBeComparedAreRefused(String side) {
        String box = "{\"x\":0,\"y\":0,\"width\":%s,\"height\":%s}".formatted(side, side);

        assertThatProblem(
                post("/v1/comparisons", JSON, "{\"boxes\":[%s],\"truths\":[%s]}".formatted(box, box)),
                400,
                "invalid-box");
    }

    @ParameterizedTest
    @CsvSource({
        "PROPFIND, /v1/models, GET",
        "QUERY, /v1/localizations, POST",
        "FOO, /v1/pacs/jobs, GET",
        "PUT, /v1/evaluations/00000000-0000-0000-0000-000000000000, 'GET,DELETE'",
        "TRACE, /v1/localizations, POST",
        "TRACE, /v1/models, GET",
        "PROPFIND, /page/main.js, 'GET,HEAD'",
        "PROPFIND, /, GET"
    })
    void aMethodThatAnAddressDoesNotTakeIsRefusedWithThoseThatItDoes(String method, String path, String allowed)
            throws IOException {
        Http.Answer answer =
                exchange("%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".formatted(method, path));

        assertThatProblem(answer, 405, "method-not-allowed");
        String allow = answer.headers()
                .lines()
                .filter(line -> line.startsWith("Allow: "))
                .findFirst()
                .orElseThrow();
        assertThat(StringUtils.commaDelimitedListToSet(
                        allow.substring("Allow: ".length()).replace(" ", "")))
                .isEqualTo(StringUtils.commaDelimitedListToSet(allowed));
    }

    @ParameterizedTest
    @CsvSource({
        "GET /v1/models?a={b} HTTP/1.1, 400",
        "GET /v1/models/{b} HTTP/1.1, 400",
        "GET /v1/models/%zz HTTP/1.1, 400",
        "GET, 400",
        "GET / HTTP/9.9, 505",
        "CONNECT x:1 HTTP/1.1, 501"
    })
    void aHeadThatIsNoHttpIsAProblem(String line, int status) throws IOException {
        assertThatProblem(
                exchange(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n"), status, "malformed-request");
    }

    @Test
    void whatTheServerRefusesItselfIsAProblem() throws IOException {
        String post = "POST /v1/comparisons HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

        assertThatProblem(
                exchange(post + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc"), 400, "malformed-request", "broke off");
        assertThatProblem(exchange(post + "Content-Length: x\r\n\r\n"), 400, "malformed-request");
        assertThatProblem(exchange(post + "Transfer-Encoding: foo\r\n\r\n"), 501, "malformed-request");
        assertThatProblem(
                exchange(post + "Expect: foo\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"),
                417,
                "malformed-request");
        assertThatProblem(
                exchange(
                        "GET /page/main.js HTTP/1.1\r\nHost: localhost\r\nRange: bytes=99999999-\r\nConnection: close\r\n\r\n"),
                416,
                "malformed-request",
                "range");
        assertThatProblem(
                exchange("GET / HTTP/1.1\r\nHost: localhost\r\nA: " + "a".repeat(9000) + "\r\n\r\n"),
                400,
                "malformed-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "a/b/c;;=", "image/png"})
    void anAcceptHeaderThatIsMalformedOrOfOtherTypesIsAProblem(String accept) {
        assertThatProblem(
                http().send(HttpRequest.newBuilder(http().uri("/v1/models"))
                        .header("Accept", accept)
                        .build()),
                406,
                "not-acceptable",
                "application/json");
    }

    @Test
    void theAddressOfErrorsIsNoAddressOfTheApi() {
        assertThatProblem(http().get("/error"), 404, "not-found");
        assertThatProblem(post("/error", JSON, "{}"), 404, "not-found");
    }
}
