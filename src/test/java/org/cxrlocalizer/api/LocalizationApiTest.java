// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole way on real images, over real HTTP. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class LocalizationApiTest {

    private static final String SAMPLE = "00022215_012.png";

    @LocalServerPort
    private int port;

    private Http http() {
        return new Http(port);
    }

    @Test
    void aMultipartImageOfTheDatasetIsComparedByItsFileName() {
        JsonNode answer =
                http().localizeMultipart(SAMPLE, Samples.read(SAMPLE), Map.of()).json();

        assertThat(answer.at("/image/width").asInt()).isEqualTo(1024);
        assertThat(answer.at("/image/mediaType").asString()).isEqualTo("image/png");
        assertThat(answer.at("/model/name").asString()).isEqualTo("cxr14-cells");
        assertThat(answer.at("/findings").size()).isEqualTo(14);
        assertThat(answer.at("/warnings")).as("nothing was fitted on a sample").isEmpty();
        double last = 1;
        for (JsonNode finding : answer.at("/findings")) {
            assertThat(finding.get("probability").asDouble()).isLessThanOrEqualTo(last);
            last = finding.get("probability").asDouble();
            assertThat(finding.get("boxes").isEmpty())
                    .isEqualTo(!finding.get("noBoxReason").isNull());
            assertThat(finding.get("comparisons").isEmpty())
                    .isEqualTo(!Set.of("Cardiomegaly", "Pneumonia")
                            .contains(finding.get("label").asString()));
        }
    }

    /**
     * The truths are those of the lines of BBox_List_2017.csv; IoU and IoBB are worked out here from the corners alone.
     */
    @Test
    void iouAndIobbOfThreeImagesAreThoseWorkedOutByHand() {
        assertThatComparisonsAreRight(
                "00022215_012.png",
                "Cardiomegaly",
                323.995767195767,
                353.25291005291,
                512.541798941799,
                417.185185185185);
        assertThatComparisonsAreRight(
                "00015069_001.png", "Infiltration", 171.235555555556, 186.917934027778, 686.08, 531.342222222222);
        assertThatComparisonsAreRight(
                "00013659_019.png", "Mass", 559.217777777778, 167.575711805556, 102.4, 136.533333333333);
    }

    private void assertThatComparisonsAreRight(String image, String label, double x, double y, double w, double h) {
        JsonNode finding = http().localizeMultipart(image, Samples.read(image), Map.of("labels", label))
                .json()
                .at("/findings/0");
        assertThat(finding.get("boxes").isEmpty()).isFalse();
        assertThat(finding.get("comparisons").size())
                .isEqualTo(finding.get("boxes").size());
        for (JsonNode comparison : finding.get("comparisons")) {
            assertThat(comparison.at("/truth/x").asDouble()).isEqualTo(x);
            assertThat(comparison.at("/truth/height").asDouble()).isEqualTo(h);
            JsonNode box = finding.get("boxes").get(comparison.get("box").asInt());
            double bx = box.get("x").asDouble();
            double by = box.get("y").asDouble();
            double bw = box.get("width").asDouble();
            double bh = box.get("height").asDouble();
            double overlapWidth = Math.max(0, Math.min(bx + bw, x + w) - Math.max(bx, x));
            double overlapHeight = Math.max(0, Math.min(by + bh, y + h) - Math.max(by, y));
            double overlap = overlapWidth * overlapHeight;
            assertThat(comparison.get("iou").asDouble()).isCloseTo(overlap / (bw * bh + w * h - overlap), within(1e-9));
            assertThat(comparison.get("iobb").asDouble()).isCloseTo(overlap / (bw * bh), within(1e-9));
        }
    }

    @Test
    void boxesAreThoseOfPyTorchWithinHalfAPixel() {
        JsonNode golden = new JsonMapper().readTree(Samples.content("golden/predictions.json"));
        for (JsonNode image : golden.get("images")) {
            String name = image.get("image").asString();
            JsonNode answer = http().localizeRaw(
                            Samples.read(name),
                            "image/png",
                            Map.of("method", image.get("method").asString(), "policy", "{\"type\":\"wang\"}"))
                    .json();
            List<String> labels = new ArrayList<>();
            http().get("/v1/models/cxr14-cells").json().get("labels").forEach(label -> labels.add(label.asString()));
            for (JsonNode finding : answer.get("findings")) {
                JsonNode expected = image.get("boxes")
                        .get(labels.indexOf(finding.get("label").asString()));
                assertThat(finding.get("boxes").size()).isEqualTo(expected.size());
                for (JsonNode box : finding.get("boxes")) {
                    assertThat(expected).anyMatch(other -> isNear(box, other));
                }
            }
        }
    }

    private static boolean isNear(JsonNode box, JsonNode other) {
        return Math.abs(box.get("x").asDouble() - other.get(0).asDouble()) < 0.5
                && Math.abs(box.get("y").asDouble() - other.get(1).asDouble()) < 0.5
                && Math.abs(box.get("width").asDouble() - other.get(2).asDouble()) < 0.5
                && Math.abs(box.get("height").asDouble() - other.get(3).asDouble()) < 0.5;
    }

    @Test
    void rawBodyMultipartAndRgbaGiveTheSameFindings() throws IOException {
        byte[] grey = Samples.read(SAMPLE);
        BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(grey));
        BufferedImage rgba = new BufferedImage(1024, 1024, BufferedImage.TYPE_4BYTE_ABGR);
        for (int y = 0; y < 1024; y++) {
            for (int x = 0; x < 1024; x++) {
                int level = decoded.getRaster().getSample(x, y, 0);
                rgba.getRaster().setPixel(x, y, new int[] {level, level, level, 255});
            }
        }

        JsonNode multipart = http().localizeMultipart(SAMPLE, grey, Map.of()).json();
        JsonNode raw = http().localizeRaw(grey, "image/png", Map.of("imageIndex", SAMPLE))
                .json();
        JsonNode colour = http().localizeMultipart(SAMPLE, Samples.encoded(rgba, "png"), Map.of())
                .json();

        assertThat(raw).isEqualTo(multipart);
        assertThat(colour.get("findings")).isEqualTo(multipart.get("findings"));
    }

    @Test
    void aJpegOfTheSameImageHasNearlyTheSameProbabilities() throws IOException {
        byte[] jpeg = Samples.encoded(ImageIO.read(new ByteArrayInputStream(Samples.read(SAMPLE))), "jpeg");

        JsonNode answer = http().localizeRaw(jpeg, "image/jpeg", Map.of("labels", "Cardiomegaly"))
                .json();
        JsonNode png = http().localizeRaw(Samples.read(SAMPLE), "image/png", Map.of("labels", "Cardiomegaly"))
                .json();

        assertThat(answer.at("/image/mediaType").asString()).isEqualTo("image/jpeg");
        assertThat(answer.at("/findings/0/probability").asDouble())
                .isCloseTo(png.at("/findings/0/probability").asDouble(), within(0.02));
    }

    @Test
    void parametersChooseLabelsMethodPolicyAndMaps() {
        JsonNode answer = http().localizeMultipart(
                        SAMPLE,
                        Samples.read(SAMPLE),
                        Map.of(
                                "labels", "Mass,Cardiomegaly",
                                "method", "cam",
                                "policy", "{\"type\":\"fraction\",\"fraction\":0.5,\"selection\":{\"maximumBoxes\":1}}",
                                "includeMaps", "true"))
                .json();

        assertThat(answer.get("method").asString()).isEqualTo("cam");
        assertThat(answer.at("/policy/type").asString()).isEqualTo("fraction");
        assertThat(answer.at("/policy/selection/maximumBoxes").asInt()).isEqualTo(1);
        assertThat(answer.get("findings").size()).isEqualTo(2);
        for (JsonNode finding : answer.get("findings")) {
            assertThat(finding.get("boxes").size()).isLessThanOrEqualTo(1);
            assertThat(finding.at("/map/sumResidual").asDouble()).isCloseTo(0, within(1e-4));
            assertThat(finding.at("/map/values").size()).isEqualTo(256);
        }
    }

    @Test
    void improbableFindingsGetAReasonInsteadOfBoxes() {
        JsonNode answer = http().localizeRaw(Samples.read(SAMPLE), "image/png", Map.of("minProbability", "0.4"))
                .json();

        for (JsonNode finding : answer.get("findings")) {
            assertThat(finding.get("noBoxReason").asString(""))
                    .isEqualTo(finding.get("probability").asDouble() < 0.4 ? "below-minimum-probability" : "");
        }
    }

    @ParameterizedTest
    @CsvSource({"png, 0", "png, 128", "png, 255", "jpeg, 0", "jpeg, 77"})
    void aBlankImageHasNoBoxesAndNoPositiveFindingsWhateverThePolicy(String format, int grey) {
        BufferedImage blank = new BufferedImage(300, 200, BufferedImage.TYPE_BYTE_GRAY);
        Arrays.fill(((DataBufferByte) blank.getRaster().getDataBuffer()).getData(), (byte) grey);
        byte[] bytes = Samples.encoded(blank, format);

        JsonNode answer = http().localizeRaw(bytes, "image/" + format, Map.of("policy", "{\"type\":\"otsu\"}"))
                .json();

        assertThat(answer.at("/warnings/0").asString()).contains("one grey value");
        assertThat(answer.get("findings")).hasSize(14).allSatisfy(finding -> {
            assertThat(finding.get("boxes").isEmpty()).isTrue();
            assertThat(finding.get("positive").asBoolean(true)).isFalse();
            assertThat(finding.get("noBoxReason").asString()).isEqualTo("map-constant");
        });
    }

    /** The marker of a side on a plate that was not exposed. */
    @Test
    void aBlackImageWithAMarkerHasNoFindings() {
        BufferedImage plate = new BufferedImage(512, 512, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = plate.createGraphics();
        graphics.fillRect(400, 30, 40, 60);
        graphics.dispose();

        JsonNode answer = http().localizeRaw(Samples.encoded(plate, "png"), "image/png", Map.of())
                .json();

        assertThat(answer.at("/warnings/0").asString()).contains("shows hardly anything");
        assertThat(answer.get("findings")).hasSize(14).allSatisfy(finding -> {
            assertThat(finding.get("boxes").isEmpty()).isTrue();
            assertThat(finding.get("positive").asBoolean(true)).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"00022215_012.PNG", "00022215_012.dcm", "00022215_012"})
    void anImageIsComparedWhateverTheEndingOfItsName(String name) {
        JsonNode named = http().localizeRaw(Samples.read(SAMPLE), "image/png", Map.of("imageIndex", name))
                .json();
        JsonNode sent = http().localizeMultipart("images_001/" + name, Samples.read(SAMPLE), Map.of())
                .json();

        for (JsonNode answer : List.of(named, sent)) {
            assertThat(answer.get("findings")).anySatisfy(finding -> assertThat(finding.get("comparisons"))
                    .isNotEmpty());
        }
    }

    @Test
    void aNameThatTheBoxListLacksIsNoted() {
        JsonNode answer = http().localizeRaw(
                        Samples.read(SAMPLE), "image/png", Map.of("imageIndex", "99999999_000.png"))
                .json();

        assertThat(answer.at("/warnings/0").asString())
                .isEqualTo("The box list has no image named 99999999_000.png; nothing was compared.");
    }

    @Test
    void anImplausiblePictureIsAnsweredWithAWarning() throws IOException {
        BufferedImage chest = ImageIO.read(new ByteArrayInputStream(Samples.read(SAMPLE)));
        BufferedImage upset = new BufferedImage(1024, 1024, BufferedImage.TYPE_BYTE_GRAY);
        upset.getGraphics().drawImage(chest, 0, 1024, 1024, -1024, null);

        JsonNode answer = http().localizeRaw(Samples.encoded(upset, "png"), "image/png", Map.of())
                .json();

        assertThat(answer.at("/warnings/0").asString()).contains("upside down");
    }

    @Test
    void aSmallerCopyIsNotComparedForAReasonThatIsStated() {
        BufferedImage small = new BufferedImage(256, 256, BufferedImage.TYPE_BYTE_GRAY);
        small.getRaster().setSample(9, 9, 0, 99);

        JsonNode answer = http().localizeMultipart(SAMPLE, Samples.encoded(small, "png"), Map.of())
                .json();

        assertThat(answer.at("/warnings"))
                .anyMatch(warning -> warning.asString().contains("1024")
                        && warning.asString().contains("256"));
        assertThat(answer.get("findings"))
                .allMatch(finding -> finding.get("comparisons").isEmpty());
    }

    @Test
    void anOverlayShowsTheTruthInBlueAtTheOriginalSize() throws IOException {
        Http.Answer answer = http().multipart(
                        "/v1/overlays",
                        SAMPLE,
                        Samples.read(SAMPLE),
                        Map.of("label", "Cardiomegaly", "iouThreshold", "0.1"));

        assertThat(answer.contentType()).isEqualTo("image/png");
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(answer.body()));
        assertThat(picture.getWidth()).isEqualTo(1024);
        JsonNode truth = http().get("/v1/ground-truth/" + SAMPLE).json().at("/boxes/0/box");
        int x = (int) truth.get("x").asDouble();
        int middle = (int) (truth.get("y").asDouble() + truth.get("height").asDouble() / 2);
        assertThat(picture.getRGB(x, middle) & 0xff)
                .as("blue of the truth's left side")
                .isGreaterThan(200);
        assertThat(picture.getRGB(x, middle) >> 16 & 0xff).as("red of it").isLessThan(120);
        assertThat(countOf(picture, 0x35d04f))
                .as("green pixels of a correct box")
                .isGreaterThan(200);
    }

    private static long countOf(BufferedImage picture, int colour) {
        long count = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                count += (picture.getRGB(x, y) & 0xffffff) == colour ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void modelsAreListedWithTheirCards() {
        assertThat(http().get("/v1/models").json().at("/models/0/name").asString())
                .isEqualTo("cxr14-cells");
        JsonNode model = http().get("/v1/models/cxr14-cells").json();
        assertThat(model.at("/methods/0").asString()).isEqualTo("cam");
        assertThat(model.at("/defaultPolicy/type").asString()).isEqualTo("expected-iou");
        assertThat(model.get("operatingPoints").size()).isEqualTo(14);
        assertThat(model.get("card").asString()).contains("cxr14-cells");
    }

    @Test
    void comparisonsNeedNoModel() {
        JsonNode answer = http().post("/v1/comparisons", "application/json", """
                        {"boxes": [{"x": 0, "y": 0, "width": 10, "height": 8}],
                         "truths": [{"x": 0, "y": 0, "width": 10, "height": 10}]}
                        """.getBytes(StandardCharsets.UTF_8))
                .json();

        assertThat(answer.at("/comparisons/0/iou").asDouble()).isCloseTo(0.8, within(1e-12));
        assertThat(answer.at("/comparisons/0/iobb").asDouble()).isCloseTo(1, within(1e-12));
        assertThat(answer.at("/comparisons/0/box").asInt()).isZero();
    }

    @Test
    void aReadyServiceIsUpAndMeasuresEachStep() {
        http().localizeRaw(Samples.read(SAMPLE), "image/png", Map.of());

        assertThat(http().get("/actuator/health/liveness").json().get("status").asString())
                .isEqualTo("UP");
        assertThat(http().get("/actuator/health/readiness").json().get("status").asString())
                .isEqualTo("UP");
        assertThat(http().get("/actuator/prometheus").text())
                .contains("cxr_decode_seconds_count")
                .contains("cxr_preprocess_seconds_count{error=\"none\",model=\"cxr14-cells\"}")
                .contains("cxr_inference_seconds_count{error=\"none\",model=\"cxr14-cells\"}")
                .contains("cxr_boxes_seconds_count{error=\"none\",model=\"cxr14-cells\"}")
                .contains("cxr_boxes_found_sum{model=\"cxr14-cells\"}")
                .contains("http_server_requests_seconds_count");
    }

    @Test
    void aRenderingOfAnEightBitImageIsThatImage() throws IOException {
        byte[] png =
                http().post("/v1/renderings", "image/png", Samples.read(SAMPLE)).body();

        BufferedImage expected = ImageIO.read(new ByteArrayInputStream(Samples.read(SAMPLE)));
        BufferedImage rendering = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(rendering.getRaster().getNumBands()).isEqualTo(1);
        assertThat(rendering.getRaster().getPixels(0, 0, 1024, 1024, (int[]) null))
                .isEqualTo(expected.getRaster().getSamples(0, 0, 1024, 1024, 0, (int[]) null));
    }

    @Test
    void theMapsOfAStretchingModelCoverTheImage() throws IOException {
        JsonNode extent = http().localizeRaw(Samples.read(SAMPLE), "image/png", Map.of())
                .json()
                .get("mapExtent");

        assertThat(extent.toString()).isEqualTo("{\"x\":0.0,\"y\":0.0,\"width\":1024.0,\"height\":1024.0}");
    }
}
