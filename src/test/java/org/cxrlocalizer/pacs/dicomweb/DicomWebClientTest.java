// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.dicomweb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cxrlocalizer.dicom.documents.PictureFormat;
import org.cxrlocalizer.pacs.Archive;
import org.cxrlocalizer.pacs.PacsProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers answer that differ in how they speak DICOMweb. */
class DicomWebClientTest {

    private static final String STUDY = "1.2.3";
    private static final StudyInstance IMAGE = instance(1);
    private static final byte[] FILE = "a file".getBytes(StandardCharsets.US_ASCII);

    private Archive archive;
    private DicomWebClient client;

    @BeforeEach
    void start() throws IOException {
        archive = new Archive();
        PacsProperties.Node node = new PacsProperties.Node(
                archive.baseUrl(),
                null,
                null,
                "secret",
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                PictureFormat.UNCOMPRESSED,
                null,
                null);
        client = new DicomWebClient(
                new DicomWebConnection("main", node, HttpClient.newHttpClient(), new SimpleMeterRegistry()), 1000);
    }

    @AfterEach
    void stop() {
        archive.close();
    }

    private static StudyInstance instance(int number) {
        return new StudyInstance(STUDY, "1.2.3.1", "", "1.2.3.1." + number, "DX");
    }

    private static String json(List<StudyInstance> instances) {
        return instances.stream()
                .map(instance -> """
                        {"0020000D":{"vr":"UI","Value":["%s"]},"0020000E":{"vr":"UI","Value":["%s"]},
                         "00080018":{"vr":"UI","Value":["%s"]},"00080060":{"vr":"CS","Value":["%s"]}}""".formatted(
                        instance.studyUid(), instance.seriesUid(), instance.sopInstanceUid(), instance.modality()))
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** How a server pages. */
    private enum Paging {
        WARNS,
        SAYS_NOTHING,
        /** Azure: 100 by default, and no more than 200 may be wanted. */
        REFUSES_LARGE_LIMITS,
        /** The parameters are unknown to it, and it gives all. */
        KNOWS_NO_PARAMETERS,
        REFUSES_PARAMETERS,
        IGNORES_OFFSET,
        ANSWERS_404_BEHIND_THE_END,
        REFUSES_AN_OFFSET_BEHIND_THE_END
    }

    private static int parameter(HttpExchange exchange, String name, int otherwise) {
        Matcher value = Pattern.compile("[?&]" + name + "=(\\d+)")
                .matcher("?" + exchange.getRequestURI().getQuery());
        return value.find() ? Integer.parseInt(value.group(1)) : otherwise;
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private void list(int objects, int most, Paging paging) {
        List<StudyInstance> all = IntStream.rangeClosed(1, objects)
                .mapToObj(DicomWebClientTest::instance)
                .toList();
        archive.intercept(request -> request.startsWith("GET"), exchange -> {
            int limit = parameter(exchange, "limit", most);
            int offset = parameter(exchange, "offset", 0);
            boolean hasParameters = exchange.getRequestURI().getQuery().contains("limit");
            int status = 200;
            switch (paging) {
                case REFUSES_LARGE_LIMITS -> status = limit > 200 ? 400 : 200;
                case REFUSES_PARAMETERS -> status = hasParameters ? 400 : 200;
                case REFUSES_AN_OFFSET_BEHIND_THE_END -> status = offset >= objects ? 400 : 200;
                case ANSWERS_404_BEHIND_THE_END -> status = offset >= objects ? 404 : 200;
                case IGNORES_OFFSET -> offset = 0;
                case KNOWS_NO_PARAMETERS -> {
                    offset = 0;
                    limit = objects;
                }
                default -> {}
            }
            int given = paging == Paging.KNOWS_NO_PARAMETERS ? objects : Math.min(limit, most);
            List<StudyInstance> page = all.stream().skip(offset).limit(given).toList();
            if (paging == Paging.WARNS && offset + page.size() < objects) {
                exchange.getResponseHeaders()
                        .add(
                                "Warning",
                                "299 pacs: There are %d additional results that can be requested"
                                        .formatted(objects - offset - page.size()));
            }
            send(
                    exchange,
                    status == 200 && page.isEmpty() ? 204 : status,
                    "application/dicom+json",
                    status == 200 && !page.isEmpty() ? json(page).getBytes(StandardCharsets.UTF_8) : new byte[0]);
            return true;
        });
    }

    @ParameterizedTest
    @CsvSource({
        "150,  100,  WARNS",
        "150,  100,  SAYS_NOTHING",
        "200,  100,  SAYS_NOTHING",
        "250,  100,  REFUSES_LARGE_LIMITS",
        "2500, 1000, WARNS",
        "150,  1000, KNOWS_NO_PARAMETERS",
        "300,  100,  ANSWERS_404_BEHIND_THE_END",
        "150,  1000, REFUSES_PARAMETERS",
        "150,  100,  REFUSES_AN_OFFSET_BEHIND_THE_END",
        "7,    5,    SAYS_NOTHING",
        "1,    100,  SAYS_NOTHING"
    })
    void allObjectsOfAStudyAreListedHoweverManyThePacsGivesAtATime(int objects, int most, Paging paging) {
        list(objects, most, paging);

        assertThat(client.instances(STUDY))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, objects)
                        .mapToObj(DicomWebClientTest::instance)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({"150, 100, IGNORES_OFFSET", "1001, 1000, REFUSES_PARAMETERS", "100, 1000, KNOWS_NO_PARAMETERS"})
    void aListThatMayBeTheStartOfALongerOneIsRefused(int objects, int most, Paging paging) {
        list(objects, most, paging);

        assertThatExceptionOfType(PacsException.class)
                .isThrownBy(() -> client.instances(STUDY))
                .withMessageContaining("may not list all")
                .matches(refusal -> !refusal.isPassing());
    }

    @Test
    void aListWithAWarningThatCannotBeContinuedIsRefused() {
        archive.intercept(request -> request.startsWith("GET"), exchange -> {
            exchange.getResponseHeaders().add("Warning", "299 pacs \"There are additional results\"");
            send(exchange, 200, "application/json", json(List.of(IMAGE)).getBytes(StandardCharsets.UTF_8));
            return true;
        });

        assertThatExceptionOfType(PacsException.class)
                .isThrownBy(() -> client.instances(STUDY))
                .withMessageContaining("may not list all");
    }

    @Test
    void aStudyThatIsNotThereHasNoObjects() {
        assertThat(client.instances("9.9")).isEmpty();
    }

    @Test
    void uidsAreListedWithoutTheirPadding() {
        archive.list(
                STUDY,
                "[%s]"
                        .formatted(json(List.of(
                                new StudyInstance(STUDY + " ", "1.2.3.1\\u0000", "", "1.2.3.1.1 \\u0000 ", "DX "))))
                        .replace("[[", "[")
                        .replace("]]", "]"));

        assertThat(client.instances(STUDY)).containsExactly(IMAGE);
    }

    @Test
    void objectsAreListedWhateverTheCaseOfTheirTags() {
        String list = json(List.of(IMAGE)).replace("0020000D", "0020000d").replace("0020000E", "0020000e");
        archive.list(STUDY, list);

        assertThat(list).contains("0020000d");
        assertThat(client.instances(STUDY)).containsExactly(IMAGE);
    }

    private static String stored(int... numbers) {
        return sequence("00081199", "", numbers);
    }

    private static String failed(int reason, int... numbers) {
        return sequence("00081198", ",\"00081197\":{\"vr\":\"US\",\"Value\":[%d]}".formatted(reason), numbers);
    }

    private static String sequence(String tag, String more, int... numbers) {
        return IntStream.of(numbers)
                .mapToObj(number -> "{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"1.%d \"]}%s}".formatted(number, more))
                .collect(Collectors.joining(",", "\"%s\":{\"vr\":\"SQ\",\"Value\":[".formatted(tag), "]}"));
    }

    private void store() {
        client.store(STUDY, Map.of("1.1", FILE, "1.2", FILE));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202})
    void whatIsStoredWithWarningsIsStored(int status) {
        archive.answer(
                request -> request.startsWith("POST"),
                status,
                "{%s}".formatted(sequence("00081199", ",\"00081196\":{\"vr\":\"US\",\"Value\":[45056]}", 1, 2)));

        assertThatNoException().isThrownBy(this::store);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "<html>thank you</html>", "{\"00081198\":{\"vr\":\"SQ\"}}"})
    void aSuccessThatListsNothingIsOneOfAll(String body) {
        archive.answer(request -> request.startsWith("POST"), 200, body);

        assertThatNoException().isThrownBy(this::store);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202, 409})
    void whatThePacsListsAsFailedIsNotStored(int status) {
        archive.answer(
                request -> request.startsWith("POST"), status, "{%s,%s}".formatted(stored(1), failed(0x0110, 2)));

        assertThatExceptionOfType(PacsException.class)
                .isThrownBy(this::store)
                .withMessage("The PACS did not take all of the results (failure reason 0110).");
    }

    /** What a list of objects is sent as: PS3.18 has an array of one data set, or XML. */
    private enum Form {
        DATA_SET,
        ARRAY,
        BYTE_ORDER_MARK,
        SMALL_LETTERS,
        XML,
        XML_WITH_PREFIX,
        MULTIPART_XML;

        String of(String json, String xml) {
            String model = "<NativeDicomModel xmlns=\"urn:dicom\">%s</NativeDicomModel>".formatted(xml);
            return switch (this) {
                case DATA_SET -> "{%s}".formatted(json);
                case ARRAY -> "[{%s}]".formatted(json);
                case BYTE_ORDER_MARK -> "\ufeff[{%s}]\r\n".formatted(json);
                case SMALL_LETTERS -> "[{%s}]".formatted(json.replace("0008119A", "0008119a"));
                case XML -> "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + model;
                case XML_WITH_PREFIX ->
                    model.replaceAll("(</?)(?=[A-Z])", "$1d:").replace("xmlns", "xmlns:d");
                case MULTIPART_XML ->
                    "--b\r\nContent-Type: application/dicom+xml\r\n\r\n%s\r\n--b--\r\n".formatted(model);
            };
        }
    }

    private static String xml(String tag, int reason, int... numbers) {
        return IntStream.of(numbers)
                .mapToObj(number -> """
                        <Item number="1">
                          <DicomAttribute tag="00081155" vr="UI"><Value number="1">1.%d</Value></DicomAttribute>
                          <DicomAttribute tag="00081197" vr="US"><Value number="1">%d</Value></DicomAttribute>
                        </Item>""".formatted(number, reason))
                .collect(Collectors.joining(
                        "", "<DicomAttribute tag=\"%s\" vr=\"SQ\">".formatted(tag), "</DicomAttribute>"));
    }

    /** In place of an answer before. */
    private void answerStore(int status, String body) {
        archive.answer(DicomWebClientTest::isStore, status, body);
    }

    private static boolean isStore(String request) {
        return request.startsWith("POST");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void failuresAreReadInWhateverFormTheyAreListed(Form form) {
        String failed = form.of(
                "%s,%s".formatted(stored(1), failed(42752, 2)), xml("00081199", 0, 1) + xml("00081198", 42752, 2));
        String other = form.of(
                "%s,%s".formatted(stored(1, 2), sequence("0008119A", "", 2)),
                xml("00081199", 0, 1, 2) + xml("0008119a", 0, 2));
        for (int status : new int[] {200, 202}) {
            answerStore(status, failed);
            assertThatExceptionOfType(PacsException.class)
                    .isThrownBy(this::store)
                    .withMessage("The PACS did not take all of the results (failure reason A700).");

            answerStore(status, other);
            assertThatExceptionOfType(PacsException.class)
                    .isThrownBy(this::store)
                    .withMessage("The PACS did not take all of the results.");
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void whatIsStoredIsReadInWhateverFormItIsListed(Form form) {
        answerStore(202, form.of(stored(1, 2), xml("00081199", 0, 1, 2)));
        assertThatNoException().isThrownBy(this::store);

        answerStore(
                202,
                form.of("%s,%s".formatted(stored(1), failed(273, 2)), xml("00081199", 0, 1) + xml("00081198", 273, 2)));
        assertThatNoException().isThrownBy(this::store);
    }

    @Test
    void failuresOfEachDataSetAreRead() {
        answerStore(200, "[{%s},{%s}]".formatted(stored(1), failed(0x0110, 2)));

        assertThatExceptionOfType(PacsException.class).isThrownBy(this::store).withMessageContaining("0110");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"00081198\":{\"vr\":\"SQ\",\"Value\":[{\"0008",
                "<NativeDicomModel><DicomAttribute tag='00081198' vr='SQ'><Item number='1'>",
                "<Item number='1'/><DicomAttribute keyword='FailedSOPSequence'/>"
            })
    void failuresInAnAnswerThatCannotBeReadAreFailures(String body) {
        answerStore(200, body);

        assertThatExceptionOfType(PacsException.class).isThrownBy(this::store).withMessageContaining("cannot be read");
    }

    /** Nothing is fetched that an answer refers to. */
    @Test
    void entitiesOfAnAnswerAreNotFetched() {
        answerStore(200, "<!DOCTYPE a [<!ENTITY e SYSTEM \"%s/fetched\">]><a>&e;</a>".formatted(archive.baseUrl()));

        assertThatNoException().isThrownBy(this::store);
        assertThat(archive.requests()).noneMatch(request -> request.contains("fetched"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202})
    void whatThePacsDoesNotListAsStoredIsNotStored(int status) {
        archive.answer(request -> request.startsWith("POST"), status, "{%s}".formatted(stored(1)));

        assertThatExceptionOfType(PacsException.class).isThrownBy(this::store).withMessageContaining("not take all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "<html/>", "{\"0008119A\":{\"vr\":\"SQ\",\"Value\":[{}]}}"})
    void acceptedWithoutAListIsNotStored(String body) {
        archive.answer(request -> request.startsWith("POST"), 202, body);

        assertThatExceptionOfType(PacsException.class).isThrownBy(this::store).withMessageContaining("not take all");
    }

    @ParameterizedTest
    @CsvSource({"409, 273", "202, 45070"})
    void whatIsThereAlreadyIsStored(int status, int reason) {
        archive.answer(
                request -> request.startsWith("POST"), status, "{%s,%s}".formatted(stored(1), failed(reason, 2)));

        assertThatNoException().isThrownBy(this::store);
    }

    private void give(String contentType, String body) {
        archive.intercept(request -> request.startsWith("GET"), exchange -> {
            send(exchange, 200, contentType, body.getBytes(StandardCharsets.US_ASCII));
            return true;
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/related; type=\"application/dicom\"; boundary=b",
                "Multipart/Related; Type=\"Application/DICOM\"; Boundary=\"b\"",
                "MULTIPART/RELATED;BOUNDARY=b;TYPE=application/dicom",
                "multipart/related ; boundary = b"
            })
    void messagesAreReadInWhateverCaseTheirTypeIsWritten(String type) {
        give(type, "--b\r\nCONTENT-TYPE: Application/Dicom\r\n\r\na file\r\n--b--\r\n");

        assertThat(client.retrieve(STUDY, IMAGE)).isEqualTo(FILE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/dicom", "Application/DICOM", "APPLICATION/dicom; transfer-syntax=1.2"})
    void singleFilesAreReadInWhateverCaseTheirTypeIsWritten(String type) {
        give(type, "a file");

        assertThat(client.retrieve(STUDY, IMAGE)).isEqualTo(FILE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/dicom+json", "application/dicomweb", "text/html", "multipart/related"})
    void otherTypesAreRefused(String type) {
        give(type, "a file");

        assertThatExceptionOfType(PacsException.class)
                .isThrownBy(() -> client.retrieve(STUDY, IMAGE))
                .withMessageContaining("another media type");
    }

    @Test
    void aRequestWithAnyTransferSyntaxThatIsRefusedIsRetriedWithoutOne() {
        List<String> accepted = new ArrayList<>();
        archive.intercept(request -> request.startsWith("GET"), exchange -> {
            accepted.add(exchange.getRequestHeaders().getFirst("Accept"));
            boolean any = accepted.get(accepted.size() - 1).contains("transfer-syntax");
            send(exchange, any ? 406 : 200, "application/dicom", any ? new byte[0] : FILE);
            return true;
        });

        assertThat(client.retrieve(STUDY, IMAGE)).isEqualTo(FILE);
        assertThat(accepted)
                .containsExactly(
                        "multipart/related; type=\"application/dicom\"; transfer-syntax=*",
                        "multipart/related; type=\"application/dicom\"");
    }

    @Test
    void aRequestThatIsRefusedBothWaysIsNotRetried() {
        archive.answer(request -> request.startsWith("GET"), 406, "");

        assertThatExceptionOfType(PacsException.class)
                .isThrownBy(() -> client.retrieve(STUDY, IMAGE))
                .withMessageContaining("406");
        assertThat(archive.requests()).hasSize(2);
    }

    private void redirect(int status, String location) {
        archive.intercept(request -> !request.contains("moved"), exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            exchange.sendResponseHeaders(status, -1);
            return true;
        });
        archive.intercept(request -> request.contains("moved"), exchange -> {
            send(exchange, 200, "application/dicom", FILE);
            return true;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectsWithinTheHostAreFollowed(int status) {
        redirect(status, "/dicom-web/moved");

        assertThat(client.retrieve(STUDY, IMAGE)).isEqualTo(FILE);
        assertThat(archive.requests())
                .last()
                .asString()
                .startsWith("GET /moved ")
                .endsWith("Bearer secret");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 307, 308})
    void resultsAreSentAgainWhereThePacsHasMoved(int status) {
        redirect(status, archive.baseUrl() + "/moved");

        assertThatNoException().isThrownBy(this::store);
        assertThat(archive.requests()).last().asString().startsWith("POST /moved ");
    }

    @Test
    void redirectsElsewhereAreNotFollowed() throws IOException {
        List<String> asked = new ArrayList<>();
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            send(exchange, 200, "application/dicom", FILE);
            exchange.close();
        });
        other.start();
        int port = archive.baseUrl().getPort();
        try {
            for (String elsewhere : List.of(
                    "http://127.0.0.1:%d/moved".formatted(other.getAddress().getPort()),
                    "http://localhost:%d/moved".formatted(port),
                    "//localhost:%d/moved".formatted(port),
                    "https://127.0.0.1:%d/moved".formatted(port),
                    "http://user@127.0.0.1:%d/moved".formatted(port),
                    "file:///etc/hosts",
                    "http:moved")) {
                redirect(301, elsewhere);
                assertThatExceptionOfType(PacsException.class)
                        .as(elsewhere)
                        .isThrownBy(() -> client.retrieve(STUDY, IMAGE))
                        .withMessageContaining("another host")
                        .matches(refusal -> !refusal.isPassing());
            }
        } finally {
            other.stop(0);
        }
        assertThat(asked).isEmpty();
        assertThat(archive.requests()).noneMatch(request -> request.contains("moved"));
    }

    @Test
    void redirectsInACircleEnd() {
        redirect(302, "/dicom-web/round");

        assertThatExceptionOfType(PacsException.class)
                .isThrownBy(() -> client.retrieve(STUDY, IMAGE))
                .withMessageContaining("more than 5 redirects");
    }

    @Test
    void aRedirectToNoAddressIsRefused() {
        redirect(301, "http://[");

        assertThatExceptionOfType(PacsException.class)
                .isThrownBy(() -> client.retrieve(STUDY, IMAGE))
                .withMessageContaining("an invalid address");
    }
}
