// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DicomBuilder;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.radiograph.dicom.RunLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** Results as DICOM objects, over real HTTP. That they are valid DICOM is judged by others in `.ci/dicom-output`. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ResultsApiTest {

    private static final String SAMPLE = "00022215_012.png";
    private static final String DICOM = "application/dicom";

    @LocalServerPort
    private int port;

    private Http http() {
        return new Http(port);
    }

    private static DicomBuilder chest() {
        return DicomSamples.identified(SAMPLE)
                .add(Attribute.PATIENT_NAME, "Doe^Jane")
                .add(Attribute.PATIENT_ID, "17");
    }

    private DataSet make(String kind, byte[] image, String type, String query) {
        Http.Answer answer = http().post("/v1/" + kind + query, type, image);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo(DICOM);
        return DicomFile.read(answer.body(), 0).dataSet();
    }

    @ParameterizedTest
    @ValueSource(strings = {"structured-reports", "presentation-states", "secondary-captures"})
    void aResultBelongsToThePatientAndStudyOfItsImage(String kind) {
        DataSet result = make(kind, chest().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN), DICOM, "");

        assertThat(result.text(Attribute.PATIENT_NAME)).contains("Doe^Jane");
        assertThat(result.text(Attribute.PATIENT_ID)).contains("17");
        assertThat(result.string(Attribute.STUDY_INSTANCE_UID)).contains("1.2.3.3");
        assertThat(result.string(Attribute.SERIES_INSTANCE_UID).orElseThrow())
                .isNotEqualTo("1.2.3.2")
                .startsWith("2.25.");
        assertThat(result.text(Attribute.SERIES_DESCRIPTION).orElseThrow()).contains("Research use only");
    }

    @ParameterizedTest
    @ValueSource(strings = {"structured-reports", "presentation-states", "secondary-captures"})
    void theSameImageAndParametersGiveTheSameUid(String kind) {
        byte[] image = chest().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        String otsu = "?policy=%7B%22type%22%3A%22otsu%22%7D";

        String uid =
                make(kind, image, DICOM, "").string(Attribute.SOP_INSTANCE_UID).orElseThrow();

        assertThat(make(kind, image, DICOM, "").string(Attribute.SOP_INSTANCE_UID))
                .contains(uid);
        assertThat(make(kind, image, DICOM, otsu)
                        .string(Attribute.SOP_INSTANCE_UID)
                        .orElseThrow())
                .isNotEqualTo(uid);
        byte[] other = chest().add(Attribute.SOP_INSTANCE_UID, "1.2.3.4").file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        assertThat(make(kind, other, DICOM, "")
                        .string(Attribute.SOP_INSTANCE_UID)
                        .orElseThrow())
                .isNotEqualTo(uid);
    }

    @Test
    void theRegionsOfAReportAreTheBoxesOfTheAnswer() {
        byte[] image = chest().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        JsonNode answer = http().localizeRaw(image, DICOM, Map.of()).json();

        List<DataSet> groups = groups(make("structured-reports", image, DICOM, "?onlyPositive=false&maxFindings=14"));

        int group = 0;
        for (JsonNode finding : answer.get("findings")) {
            for (JsonNode box : finding.get("boxes")) {
                DataSet region = item(groups.get(group), "SCOORD");
                double[] points = region.decimals(Attribute.GRAPHIC_DATA);
                assertThat(points).hasSize(10);
                assertThat(points[0]).isCloseTo(box.get("x").asDouble(), within(1e-3));
                assertThat(points[1]).isCloseTo(box.get("y").asDouble(), within(1e-3));
                assertThat(points[4] - points[0]).isCloseTo(box.get("width").asDouble(), within(1e-3));
                assertThat(points[5] - points[1]).isCloseTo(box.get("height").asDouble(), within(1e-3));
                assertThat(item(region, "IMAGE")
                                .items(Attribute.REFERENCED_SOP_SEQUENCE)
                                .get(0)
                                .string(Attribute.REFERENCED_SOP_INSTANCE_UID))
                        .contains("1.2.3.1");
                assertThat(percent(groups.get(group)))
                        .isCloseTo(100 * finding.get("probability").asDouble(), within(1e-6));
                group++;
            }
        }
        assertThat(groups).hasSize(group);
    }

    @Test
    void boxesAreThoseOfTheMostProbablePositiveFindingsUnlessMoreAreRequested() {
        byte[] image = chest().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        JsonNode answer = http().localizeRaw(image, DICOM, Map.of()).json();
        int ofThree = 0;
        int positive = 0;
        int all = 0;
        int findings = 0;
        for (JsonNode finding : answer.get("findings")) {
            int boxes = finding.get("boxes").size();
            all += boxes;
            if (finding.get("positive").asBoolean() && boxes > 0) {
                positive += boxes;
                ofThree += findings++ < 3 ? boxes : 0;
            }
        }

        assertThat(regions(make("structured-reports", image, DICOM, ""))).isEqualTo(ofThree);
        assertThat(regions(make("structured-reports", image, DICOM, "?maxFindings=14")))
                .isEqualTo(positive)
                .isGreaterThan(ofThree);
        assertThat(regions(make("structured-reports", image, DICOM, "?onlyPositive=false&maxFindings=14")))
                .isEqualTo(all)
                .isGreaterThan(positive);
        assertThat(http().post("/v1/structured-reports?maxFindings=0", DICOM, image)
                        .status())
                .isEqualTo(400);
    }

    private static long regions(DataSet report) {
        return groups(report).stream()
                .filter(group ->
                        group.items(Attribute.CONTENT_SEQUENCE).stream().anyMatch(child -> is(child, "SCOORD")))
                .count();
    }

    @Test
    void everyFindingIsInAReportWithARegionOrAsAnEvaluation() {
        byte[] image = chest().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        JsonNode answer = http().localizeRaw(image, DICOM, Map.of()).json();
        DataSet report = make("structured-reports", image, DICOM, "");

        List<String> withRegions = groups(report).stream()
                .map(group -> code(item(group, "CODE"), Attribute.CONCEPT_CODE_SEQUENCE))
                .distinct()
                .toList();
        List<DataSet> evaluations = named(report, "C0034375").items(Attribute.CONTENT_SEQUENCE).stream()
                .filter(item -> is(item, "CODE"))
                .toList();
        List<String> without = evaluations.stream()
                .map(item -> code(item, Attribute.CONCEPT_CODE_SEQUENCE))
                .toList();

        assertThat(withRegions).hasSize(3).contains("8186001").doesNotContainAnyElementsOf(without);
        assertThat(without).hasSize(11).doesNotHaveDuplicates().contains("36118008", "PleuralThicken");
        assertThat(groups(report)).allMatch(group -> group.items(Attribute.CONTENT_SEQUENCE).stream()
                .anyMatch(child -> is(child, "SCOORD")));
        assertThat(Stream.concat(groups(report).stream(), evaluations.stream())
                        .map(item -> Math.round(1e6 * percent(item)))
                        .collect(Collectors.toSet()))
                .isEqualTo(answer.get("findings")
                        .valueStream()
                        .map(finding ->
                                Math.round(1e8 * finding.get("probability").asDouble()))
                        .collect(Collectors.toSet()));
    }

    @Test
    void aReportHasWhatViewersLookFor() {
        DataSet report = make("structured-reports", chest().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN), DICOM, "");

        assertThat(report.string(Attribute.SOP_CLASS_UID)).contains("1.2.840.10008.5.1.4.1.1.88.33");
        assertThat(groups(report)).isNotEmpty().allSatisfy(group -> {
            assertThat(group.items(Attribute.CONTENT_TEMPLATE_SEQUENCE).get(0).string(Attribute.TEMPLATE_IDENTIFIER))
                    .contains("1410");
            DataSet region = item(group, "SCOORD");
            assertThat(code(item(region, "IMAGE"), Attribute.CONCEPT_NAME_CODE_SEQUENCE))
                    .isEqualTo("111040");
            // OHIF writes the names of the numbers at the region. For a tracked measurement, it takes the region from
            // below
            // the first number and the label from the comment.
            DataSet score = item(group, "NUM");
            assertThat(code(score, Attribute.CONCEPT_NAME_CODE_SEQUENCE))
                    .isEqualTo(code(named(group, "121071"), Attribute.CONCEPT_CODE_SEQUENCE));
            assertThat(item(score, "SCOORD").decimals(Attribute.GRAPHIC_DATA))
                    .isEqualTo(region.decimals(Attribute.GRAPHIC_DATA));
            assertThat(named(group, "121106").text(Attribute.TEXT_VALUE).orElseThrow())
                    .matches("[A-Z][A-Za-z_]+: positive");
        });
    }

    @Test
    void aReportRefersToThePictureOnRequest() {
        byte[] image = chest().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        DataSet picture = make("secondary-captures", image, DICOM, "");
        String uid = picture.string(Attribute.SOP_INSTANCE_UID).orElseThrow();

        DataSet alone = make("structured-reports", image, DICOM, "");
        DataSet report = make("structured-reports", image, DICOM, "?pictureReferenced=true");

        assertThat(groups(report)).isNotEmpty().allSatisfy(group -> assertThat(named(group, "130401")
                        .items(Attribute.REFERENCED_SOP_SEQUENCE)
                        .get(0)
                        .string(Attribute.REFERENCED_SOP_INSTANCE_UID))
                .contains(uid));
        assertThat(report
                        .items(Attribute.CURRENT_REQUESTED_PROCEDURE_EVIDENCE_SEQUENCE)
                        .get(0)
                        .items(Attribute.REFERENCED_SERIES_SEQUENCE)
                        .stream()
                        .map(series -> series.string(Attribute.SERIES_INSTANCE_UID)))
                .containsExactly(Optional.of("1.2.3.2"), picture.string(Attribute.SERIES_INSTANCE_UID));
        assertThat(groups(alone)).isNotEmpty().noneMatch(group -> group.items(Attribute.CONTENT_SEQUENCE).stream()
                .anyMatch(child -> is(child, "IMAGE")));
        assertThat(alone.string(Attribute.SOP_INSTANCE_UID)).isNotEqualTo(report.string(Attribute.SOP_INSTANCE_UID));
    }

    @Test
    void aReportWithoutBoxesHasNoGroupsAndStatesThatNothingIsPositive() {
        byte[] image = chest().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        String negative = http().localizeRaw(image, DICOM, Map.of())
                .json()
                .get("findings")
                .valueStream()
                .filter(finding -> !finding.get("positive").asBoolean())
                .map(finding -> finding.get("label").asString())
                .findFirst()
                .orElseThrow();

        DataSet report = make("structured-reports", image, DICOM, "?labels=" + negative);

        assertThat(report.items(Attribute.CONTENT_SEQUENCE).stream()
                        .filter(child -> is(child, "CONTAINER"))
                        .map(child -> code(child, Attribute.CONCEPT_NAME_CODE_SEQUENCE)))
                .containsExactly("C0034375");
        assertThat(report.items(Attribute.CONTENT_SEQUENCE).stream()
                        .flatMap(child -> child.text(Attribute.TEXT_VALUE).stream()))
                .contains("No finding reaches its cut-off.");
    }

    @Test
    void resultsOfAFileOfOneGreyValueHaveNoRegionsAndStateIt() {
        byte[] blank =
                chest().add(Attribute.PIXEL_DATA, new int[1024 * 1024 / 2]).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        DataSet report = make("structured-reports", blank, DICOM, "?onlyPositive=false&maxFindings=14");
        DataSet state = make("presentation-states", blank, DICOM, "?onlyPositive=false&maxFindings=14");
        DataSet picture = make("secondary-captures", blank, DICOM, "");

        assertThat(report.items(Attribute.CONTENT_SEQUENCE).stream()
                        .flatMap(child -> child.text(Attribute.TEXT_VALUE).stream()))
                .contains("No finding reaches its cut-off.")
                .anyMatch(text -> text.contains("one grey value"));
        assertThat(report.items(Attribute.CONTENT_SEQUENCE).stream()
                        .filter(child -> is(child, "CONTAINER"))
                        .map(child -> code(child, Attribute.CONCEPT_NAME_CODE_SEQUENCE)))
                .containsExactly("C0034375");
        assertThat(state.items(Attribute.GRAPHIC_ANNOTATION_SEQUENCE))
                .allSatisfy(annotation -> assertThat(annotation.items(Attribute.GRAPHIC_OBJECT_SEQUENCE))
                        .isEmpty());
        assertThat(picture.text(Attribute.IMAGE_COMMENTS).orElseThrow()).contains("one grey value");
    }

    @Test
    void aPngIsReferredToByTheUidOfItsSecondaryCapture() throws IOException {
        byte[] png = Samples.read(SAMPLE);

        DataSet capture = make("secondary-captures", png, "image/png", "?overlay=false");
        DataSet state = make("presentation-states", png, "image/png", "");

        assertThat(capture.decimals(Attribute.ROWS)).containsExactly(1024);
        assertThat(state.items(Attribute.REFERENCED_SERIES_SEQUENCE)
                        .get(0)
                        .items(Attribute.REFERENCED_IMAGE_SEQUENCE)
                        .get(0)
                        .string(Attribute.REFERENCED_SOP_INSTANCE_UID))
                .isEqualTo(capture.string(Attribute.SOP_INSTANCE_UID));
        assertThat(state.string(Attribute.STUDY_INSTANCE_UID)).isEqualTo(capture.string(Attribute.STUDY_INSTANCE_UID));
        // The capture is an image like any other: what is found on it is what was found on the PNG.
        byte[] file = http().post("/v1/secondary-captures?overlay=false", "image/png", png)
                .body();
        assertThat(http().localizeRaw(file, DICOM, Map.of())
                        .json()
                        .at("/findings/0/logit")
                        .asDouble())
                .isCloseTo(
                        http().localizeRaw(png, "image/png", Map.of())
                                .json()
                                .at("/findings/0/logit")
                                .asDouble(),
                        within(1e-4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"structured-reports", "presentation-states", "secondary-captures"})
    void aResultHasThePatientsIdInTheBytesOfTheImage(String kind) {
        byte[] id = {(byte) 0xd6, '-', '1', '2', '3', '4'};
        byte[] image = chest().add(0x00100020, "LO", id).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        DataSet result = make(kind, image, DICOM, "");

        byte[] written = new byte[id.length];
        result.bytes(Attribute.PATIENT_ID).orElseThrow().get(written);
        assertThat(written).isEqualTo(id);
        assertThat(result.strings(Attribute.SPECIFIC_CHARACTER_SET)).isEmpty();
    }

    @Test
    void warningsOfTheReadingAreInReportsAndPictures() {
        byte[] image = chest().without(Attribute.VIEW_POSITION).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        String warning = http().localizeRaw(image, DICOM, Map.of())
                .json()
                .at("/warnings/0")
                .asString();
        assertThat(warning).contains("frontal view");

        DataSet report = make("structured-reports", image, DICOM, "");
        DataSet picture = make("secondary-captures", image, DICOM, "");

        assertThat(report.items(Attribute.CONTENT_SEQUENCE).stream()
                        .filter(child -> is(child, "TEXT")
                                && child.string(Attribute.RELATIONSHIP_TYPE)
                                        .orElseThrow()
                                        .equals("CONTAINS"))
                        .map(child -> child.text(Attribute.TEXT_VALUE).orElseThrow()))
                .containsExactly(
                        warning, "Research use only, not a medical device.", "Cut-offs: operating point 'balanced'.");
        assertThat(picture.text(Attribute.IMAGE_COMMENTS)).contains(warning);
        // It is drawn too: the top differs from that of a picture without a warning, and the image's middle does not.
        DataSet without = make("secondary-captures", chest().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN), DICOM, "");
        assertThat(without.text(Attribute.IMAGE_COMMENTS)).isEmpty();
        assertThat(rows(picture, 0, 40)).isNotEqualTo(rows(without, 0, 40));
        assertThat(rows(picture, 400, 600)).isEqualTo(rows(without, 400, 600));
    }

    private static byte[] rows(DataSet picture, int from, int to) {
        ByteBuffer pixels = picture.bytes(Attribute.PIXEL_DATA).orElseThrow();
        byte[] rows = new byte[3 * 1024 * (to - from)];
        pixels.get(3 * 1024 * from, rows);
        return rows;
    }

    @Test
    void runLengthsAreThePixelsOfTheUncompressedPicture() {
        byte[] image = chest().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        DataSet plain = make("secondary-captures", image, DICOM, "");

        DicomFile file = file("secondary-captures", image, DICOM, "?pixels=rle");

        assertThat(file.transferSyntax()).isEqualTo(TransferSyntax.RLE_LOSSLESS);
        assertThat(file.dataSet().string(Attribute.SOP_INSTANCE_UID))
                .isEqualTo(plain.string(Attribute.SOP_INSTANCE_UID));
        assertThat(file.dataSet().string(Attribute.LOSSY_IMAGE_COMPRESSION)).contains("00");
        short[] planes = RunLength.decode(frame(file.dataSet()), 3, 1, 1024 * 1024);
        ByteBuffer pixels = plain.bytes(Attribute.PIXEL_DATA).orElseThrow();
        int different = 0;
        for (int i = 0; i < 1024 * 1024; i++) {
            for (int colour = 0; colour < 3; colour++) {
                different += (pixels.get(3 * i + colour) & 0xff) == planes[colour * 1024 * 1024 + i] ? 0 : 1;
            }
        }
        assertThat(different).isZero();
    }

    @Test
    void aJpegStatesItsLossAndLooksLikeTheUncompressedPicture() throws IOException {
        byte[] image = chest().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        DataSet plain = make("secondary-captures", image, DICOM, "");

        DicomFile file = file("secondary-captures", image, DICOM, "?pixels=jpeg");

        DataSet picture = file.dataSet();
        assertThat(file.transferSyntax()).isEqualTo(TransferSyntax.JPEG_BASELINE);
        assertThat(picture.string(Attribute.SOP_INSTANCE_UID)).isNotEqualTo(plain.string(Attribute.SOP_INSTANCE_UID));
        assertThat(picture.string(Attribute.PHOTOMETRIC_INTERPRETATION)).contains("YBR_FULL_422");
        assertThat(picture.string(Attribute.LOSSY_IMAGE_COMPRESSION)).contains("01");
        assertThat(picture.strings(Attribute.LOSSY_IMAGE_COMPRESSION_METHOD)).containsExactly("ISO_10918_1");
        byte[] jpeg = frame(picture);
        assertThat(picture.decimals(Attribute.LOSSY_IMAGE_COMPRESSION_RATIO)[0])
                .isCloseTo(3.0 * 1024 * 1024 / jpeg.length, within(0.02))
                .isGreaterThan(6);
        assertThat(picture.text(Attribute.DERIVATION_DESCRIPTION).orElseThrow()).contains("quality 90 of 100");
        BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(jpeg));
        ByteBuffer pixels = plain.bytes(Attribute.PIXEL_DATA).orElseThrow();
        double difference = 0;
        for (int i = 0; i < 1024 * 1024; i++) {
            int rgb = decoded.getRGB(i % 1024, i / 1024);
            for (int colour = 0; colour < 3; colour++) {
                difference += Math.abs((rgb >> (16 - 8 * colour) & 0xff) - (pixels.get(3 * i + colour) & 0xff));
            }
        }
        assertThat(difference / (3 * 1024 * 1024)).isLessThan(3);
    }

    @Test
    void anUnknownFormatOfPixelsIsAProblem() {
        assertThat(http().post(
                                "/v1/secondary-captures?pixels=gif",
                                DICOM,
                                chest().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN))
                        .status())
                .isEqualTo(400);
    }

    private DicomFile file(String kind, byte[] image, String type, String query) {
        Http.Answer answer = http().post("/v1/" + kind + query, type, image);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return DicomFile.read(answer.body(), 0);
    }

    private static byte[] frame(DataSet picture) {
        return picture.encapsulatedFrame(0, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "labels=Zebra, unknown-label",
        "'labels=Mass,Zebra', unknown-label",
        "method=magic, unknown-method",
        "policy=nonsense, invalid-policy",
        "minProbability=2, invalid-parameter",
        "maxFindings=0, invalid-parameter",
        "onlyPositive=perhaps, invalid-parameter",
        "operatingPoint=bold, invalid-parameter"
    })
    void aPlainCaptureRefusesTheParametersThatADrawnOneRefuses(String parameter, String type) {
        byte[] png = Samples.read(SAMPLE);
        Http.Answer drawn = http().post("/v1/secondary-captures?" + parameter, "image/png", png);

        Http.Answer plain = http().post("/v1/secondary-captures?overlay=false&" + parameter, "image/png", png);

        assertThat(plain.status()).isEqualTo(drawn.status()).isBetween(400, 499);
        assertThat(plain.json().get("type")).isEqualTo(drawn.json().get("type"));
        assertThat(plain.json().get("type").asString()).endsWith(type);
    }

    @Test
    void aDicomFileIsNotCapturedAgain() {
        Http.Answer answer = http().post(
                        "/v1/secondary-captures?overlay=false",
                        DICOM,
                        chest().file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("type").asString()).endsWith(":invalid-parameter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"structured-reports", "presentation-states", "secondary-captures"})
    void anImageWithoutIdentifiersCannotBeReferredTo(String objects) {
        byte[] nameless = chest().without(Attribute.SERIES_INSTANCE_UID).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        Http.Answer answer = http().post("/v1/" + objects, DICOM, nameless);

        assertThat(answer.status()).isEqualTo(422);
        String type = answer.json().get("type").asString();
        assertThat(type).endsWith(":unreferenceable-image");
        assertThat(answer.json().get("detail").asString()).contains("(0020,000E)");
        assertThat(http().get("/v3/api-docs")
                        .json()
                        .at("/paths/~1v1~1%s/post/responses/422/description".formatted(objects))
                        .asString())
                .contains(type);
    }

    @Test
    void whatADocumentCannotRepeatIsAProblem() {
        byte[] image = chest().sequence(
                        Attribute.PATIENT_ORIENTATION, new DicomBuilder().add(Attribute.CODE_VALUE, "L"))
                .file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);

        Http.Answer answer = http().post("/v1/secondary-captures", DICOM, image);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("type").asString()).endsWith(":unreadable-image");
        assertThat(answer.json().get("detail").asString()).contains("(0020,0020)");
    }

    @Test
    void aFrameOfSeveralIsNamed() {
        DicomBuilder two = chest().add(Attribute.NUMBER_OF_FRAMES, "2");
        DataSet one = make(
                "structured-reports?frame=1",
                DicomSamples.twice(two, SAMPLE).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN),
                DICOM,
                "&onlyPositive=false&maxFindings=14");
        DataSet other = make(
                "structured-reports?frame=2",
                DicomSamples.twice(two, SAMPLE).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN),
                DICOM,
                "&onlyPositive=false&maxFindings=14");

        assertThat(one.string(Attribute.SOP_INSTANCE_UID)).isNotEqualTo(other.string(Attribute.SOP_INSTANCE_UID));
        DataSet group = groups(other).stream()
                .filter(candidate ->
                        candidate.items(Attribute.CONTENT_SEQUENCE).stream().anyMatch(child -> is(child, "SCOORD")))
                .findFirst()
                .orElseThrow();
        assertThat(item(item(group, "SCOORD"), "IMAGE")
                        .items(Attribute.REFERENCED_SOP_SEQUENCE)
                        .get(0)
                        .integer(Attribute.REFERENCED_FRAME_NUMBER))
                .hasValue(2);
    }

    private static List<DataSet> groups(DataSet report) {
        return item(report, "CONTAINER").items(Attribute.CONTENT_SEQUENCE);
    }

    private static double percent(DataSet parent) {
        return named(parent, "111012")
                .items(Attribute.MEASURED_VALUE_SEQUENCE)
                .get(0)
                .decimals(Attribute.NUMERIC_VALUE)[0];
    }

    /** The item with a concept name. */
    private static DataSet named(DataSet parent, String code) {
        return parent.items(Attribute.CONTENT_SEQUENCE).stream()
                .filter(child ->
                        code(child, Attribute.CONCEPT_NAME_CODE_SEQUENCE).equals(code))
                .findFirst()
                .orElseThrow();
    }

    private static String code(DataSet item, Attribute sequence) {
        return item.items(sequence).get(0).string(Attribute.CODE_VALUE).orElseThrow();
    }

    private static DataSet item(DataSet parent, String valueType) {
        return parent.items(Attribute.CONTENT_SEQUENCE).stream()
                .filter(child -> is(child, valueType))
                .findFirst()
                .orElseThrow();
    }

    private static boolean is(DataSet item, String valueType) {
        return item.string(Attribute.VALUE_TYPE).orElseThrow().equals(valueType);
    }
}
