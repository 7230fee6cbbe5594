// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Route;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.MapBoxes;
import org.cxrlocalizer.localization.MapUnit;
import org.cxrlocalizer.localization.ScoredBox;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page in a real browser, against the service itself: what it shows is what the API answers. */
class PageTest extends OpenedPage {

    private static final JsonMapper JSON = new JsonMapper();

    /** Of the detected boxes, without the lines' width, which bounding boxes include. */
    private static final String CORNERS_ON_SCREEN = """
            () => JSON.stringify([...document.querySelectorAll("#boxes rect:not(.truth)")].map((rect) => {
              const { x, y, width, height } = rect.getBBox();
              const corner = (x, y) => new DOMPoint(x, y).matrixTransform(rect.getScreenCTM());
              const [from, to] = [corner(x, y), corner(x + width, y + height)];
              return [from.x, from.y, to.x, to.y];
            }))""";

    /** With the operating point at which the page starts, if the model has operating points. */
    private Http.Answer localize(String name, byte[] image, Map<String, String> more) {
        Map<String, String> parameters = new HashMap<>(more);
        String model = http().get("/v1/models").json().at("/models/0/name").asString();
        if (http().get("/v1/models/" + model).json().get("operatingPoints").isObject()) {
            parameters.put("operatingPoint", "specific");
        }
        return http().localizeMultipart(name, image, parameters);
    }

    private void openSample() {
        page.click("[data-sample='" + SAMPLE + "']");
        opened();
    }

    private void opened() {
        assertThat(page.locator("body")).hasAttribute("data-state", "opened");
    }

    private JsonNode shownJson() {
        return JSON.readTree(page.textContent("#json"));
    }

    private static byte[] jpeg(int width, int height) {
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(Samples.read(SAMPLE)));
            BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
            scaled.getGraphics().drawImage(image.getScaledInstance(width, height, Image.SCALE_SMOOTH), 0, 0, null);
            return Samples.encoded(scaled, "jpeg");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    record Upload(String name, byte[] bytes) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Upload> formats() {
        return Stream.of(
                new Upload(SAMPLE, Samples.read(SAMPLE)),
                new Upload("portrait.jpg", jpeg(800, 1000)),
                new Upload("chest.dcm", DicomSamples.identified(SAMPLE).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN)));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void anImageOfEachFormatIsShownWithTheFindingsThatTheApiAnswers(Upload upload) {
        Browser.upload(page, upload.name(), upload.bytes());
        opened();

        JsonNode answer = localize(upload.name(), upload.bytes(), Map.of()).json();
        assertThatNumbersAreClose(shownJson(), answer);
        assertThat(page.locator("#status")).containsText(upload.name());
        List<String> names = page.locator(".finding .name").allTextContents();
        assertThat(names)
                .as("positive ones first, and each part by falling probability")
                .containsExactlyElementsOf(answer.get("findings")
                        .valueStream()
                        .sorted(Comparator.comparing(
                                finding -> !finding.get("positive").asBoolean()))
                        .map(finding -> finding.get("label").asString().replace('_', ' '))
                        .toList());
        assertThat(page.locator(".finding .said").allTextContents())
                .containsExactlyElementsOf(answer.get("findings")
                        .valueStream()
                        .map(finding -> finding.get("positive").asBoolean() ? "positive" : "below the cut-off")
                        .sorted(Comparator.reverseOrder())
                        .toList());
        assertThat(page.locator("#claim-words")).containsText(claim(answer));
        assertThat(page.locator(".finding.positive")).hasCount((int) answer.get("findings")
                .valueStream()
                .filter(it -> it.get("positive").asBoolean())
                .count());
        chooseAFindingIfNoneIs();
        assertThatBoxesLieAsInTheAnswer();
        Browser.screenshot(page, "opened-" + upload.name());
    }

    private static String claim(JsonNode answer) {
        return answer.get("findings")
                .valueStream()
                .filter(finding -> finding.get("positive").asBoolean())
                .findFirst()
                .map(finding ->
                        at(answer) + ": " + finding.get("label").asString().replace('_', ' '))
                .orElse("No finding above the cut-off");
    }

    private static String at(JsonNode answer) {
        JsonNode point = answer.get("operatingPoint");
        return point.isNull() ? "Positive" : "Positive at the operating point “%s”".formatted(point.asString());
    }

    private void chooseAFindingIfNoneIs() {
        if (page.locator("[name=finding]:checked").count() == 0) {
            page.locator("[name=finding]").first().check();
        }
    }

    /** On a small image, and on one that is shrunk to a fifth; also when it is zoomed. */
    @ParameterizedTest
    @CsvSource({"400, 500", "3000, 3000"})
    void theLinesOfBoxesAreAsWideOnAnImageOfAnySize(int width, int height) {
        Browser.upload(page, "chest.jpg", jpeg(width, height));
        opened();
        page.check("[name=finding][value=Cardiomegaly]");

        assertThat(lineWidth()).isCloseTo(2.5, within(0.01));
        page.click("#zoom-in");
        assertThat(lineWidth()).isCloseTo(2.5, within(0.01));
        page.click("#actual");
        assertThat(lineWidth()).isCloseTo(2.5, within(0.01));
        assertThat(page.locator("#image").boundingBox().width).isCloseTo(width, within(0.5));
        page.click("#fit");
        assertThat(page.locator("#image").boundingBox().height)
                .isCloseTo(page.locator("#stage").boundingBox().height, within(1.0));
    }

    /** On screen, in CSS pixels: as the browser computed it, by the scale at which it draws. */
    private double lineWidth() {
        return ((Number) page.evaluate("""
                () => {
                  const rect = document.querySelector("#boxes rect:not(.truth)");
                  const style = getComputedStyle(rect);
                  if (style.vectorEffect !== "none") return NaN;
                  return parseFloat(style.strokeWidth) * rect.getScreenCTM().a;
                }""")).doubleValue();
    }

    @Test
    void keysAndButtonsHideTheHeatMapAndTheBoxesAndInvertTheGreyLevels() {
        openSample();
        JsonNode before = shownJson();
        int grey = ((Number) centrePixel()).intValue();

        page.keyboard().press("h");
        assertThat(page.locator("#heat")).isHidden();
        assertThat(page.locator("#legend")).isHidden();
        assertThat(page.locator("#show-heat")).hasAttribute("aria-pressed", "false");
        page.click("#show-heat");
        assertThat(page.locator("#heat")).isVisible();
        page.keyboard().press("b");
        assertThat(page.locator("#boxes")).isHidden();
        assertThat(page.locator("#captions")).isHidden();
        page.click("#show-boxes");
        assertThat(page.locator("#boxes rect").first()).isVisible();
        page.keyboard().press("i");
        assertThat(((Number) centrePixel()).intValue()).isCloseTo(255 - grey, within(1));
        page.keyboard().press("r");
        assertThat(((Number) centrePixel()).intValue()).isEqualTo(grey);
        assertThat(shownJson()).isEqualTo(before);

        page.keyboard().press("?");
        assertThat(page.locator("#keys")).isVisible();
        assertThat(page.locator("#key-rows")).containsText("Invert the grey levels");
        page.uncheck("#single-keys");
        page.keyboard().press("Escape");
        page.focus("#show-boxes");
        page.keyboard().press("h");
        assertThat(page.locator("#heat")).isVisible();
        page.focus("#stage");
        page.keyboard().press("h");
        assertThat(page.locator("#heat")).isHidden();
    }

    @Test
    void windowPresetsChangeOnlyHowThePictureIsShown() {
        openSample();
        JsonNode before = shownJson();
        double full = contrast();

        page.selectOption("#preset", "dark");
        assertThat(contrast()).isGreaterThan(full);
        assertThat(Double.parseDouble(page.inputValue("#window-width"))).isLessThan(255);
        double dark = Double.parseDouble(page.inputValue("#window-centre"));
        page.selectOption("#preset", "bright");
        assertThat(Double.parseDouble(page.inputValue("#window-centre"))).isGreaterThan(dark);
        page.focus("#stage");
        page.keyboard().press("w");
        assertThat(page.locator("#preset")).hasValue("full");
        assertThat(contrast()).isEqualTo(full);
        page.locator("#window-width").fill("100");
        assertThat(page.locator("#preset")).hasValue("own");
        assertThat(shownJson()).isEqualTo(before);
    }

    /** The standard deviation of the grey levels on show in a strip over the heart. */
    private double contrast() {
        return ((Number) page.evaluate("""
                () => {
                  const context = document.getElementById("image").getContext("2d");
                  const greys = context.getImageData(300, 500, 400, 1).data.filter((_, i) => i % 4 === 0);
                  const mean = greys.reduce((sum, it) => sum + it, 0) / greys.length;
                  return Math.sqrt(greys.reduce((sum, it) => sum + (it - mean) ** 2, 0) / greys.length);
                }""")).doubleValue();
    }

    @Test
    void anImageWithoutAPositiveFindingHasAMessageAndNoHeatMap() {
        byte[] blank = Samples.encoded(new BufferedImage(300, 200, BufferedImage.TYPE_BYTE_GRAY), "png");
        Browser.upload(page, "blank.png", blank);
        opened();

        assertThat(page.locator("#claim-words"))
                .hasText(Pattern.compile("No (positive finding|finding above the cut-off).*\\."));
        assertThat(page.locator(".finding.positive")).hasCount(0);
        assertThat(page.locator("[name=finding]:checked")).hasCount(0);
        assertThat(page.locator("#heat")).isHidden();
        assertThat(page.locator("#boxes rect")).hasCount(0);
        assertThat(page.locator("#warnings li").first()).isVisible();
        assertThat(page.locator("#warnings").boundingBox().y)
                .as("warnings are above the picture")
                .isLessThan(page.locator("#stage").boundingBox().y);
        Browser.screenshot(page, "no-finding");
        page.check("[name=finding][value=Effusion]");
        assertThat(page.locator("#claim-detail")).containsText(Pattern.compile("Shown: Effusion, .*, no box\\."));
    }

    @ParameterizedTest
    @CsvSource({
        "0.2, false, specific, No finding above the cut-off at the operating point “specific”.",
        "0.2, false,, No finding above the cut-off.",
        "0.4, true,, Positive: Pleural Thickening.",
        "0.4, true, sensitive, Positive at the operating point “sensitive”: Pleural Thickening.",
        "0.4, false,, No positive finding.",
        "0.4,,, The model has no cut-offs: no finding is called positive."
    })
    void theClaimIsInWords(double probability, @Nullable Boolean positive, @Nullable String point, String words) {
        Map<String, @Nullable Object> arguments = new HashMap<>();
        arguments.put("label", "Pleural_Thickening");
        arguments.put("probability", probability);
        arguments.put("positive", positive);
        arguments.put("cutoff", positive == null ? null : 0.3);
        arguments.put("point", point);

        assertThat((String) page.evaluate("""
                async ({ label, probability, positive = null, cutoff = null, point = null }) => {
                  const { claim } = await import("/page/claim.js");
                  return claim([{ label, probability, positive, cutoff }], point);
                }""", arguments)).isEqualTo(words);
    }

    @Test
    void imagesThatWereOpenedCanBeSteppedThrough() {
        page.click("[data-sample='00015069_001.png']");
        assertThat(page.locator("#status")).containsText("00015069_001.png ·");
        assertThat(page.locator("#opened")).isHidden();
        openSampleAgain();
        byte[] portrait = jpeg(400, 500);
        Browser.upload(page, "portrait.jpg", portrait);
        assertThat(page.locator("#status")).containsText("portrait.jpg ·");
        openSampleAgain();
        assertThat(page.locator("#opened-images button"))
                .hasText(new String[] {"00015069_001.png", SAMPLE, "portrait.jpg"});
        assertThat(page.locator("#opened-images [aria-current]")).hasText(SAMPLE);

        page.keyboard().press("n");
        assertThat(page.locator("#status")).containsText("portrait.jpg · 400 × 500 px");
        page.keyboard().press("n");
        assertThat(page.locator("#status")).containsText("00015069_001.png ·");
        page.click("#previous");
        assertThat(page.locator("#status")).containsText("portrait.jpg ·");
        page.click("#opened-images >> text=" + SAMPLE);
        assertThat(page.locator("#status")).containsText(SAMPLE + " ·");
        assertThat(page.locator("#opened-images button")).hasCount(3);
    }

    private void openSampleAgain() {
        page.click("[data-sample='" + SAMPLE + "']");
        assertThat(page.locator("#status")).containsText(SAMPLE + " ·");
    }

    private String addressWith(String parameters) {
        return "http://127.0.0.1:%d/#localize?%s".formatted(port, parameters);
    }

    @Test
    void theAddressHoldsTheChoicesAndNothingOfTheImage() {
        Browser.upload(page, "Secret-Name.jpg", jpeg(400, 500));
        opened();
        page.selectOption("#method", "cam");
        assertThat(page.locator("#status")).containsText(", cam");
        page.selectOption("#policy", "fraction");
        page.locator("#level-0").fill("0.3");
        page.check("[name=finding][value=Effusion]");
        page.waitForURL(url -> url.contains("labels=Effusion"));
        String address = page.url();
        JsonNode shown = shownJson();
        assertThat(address).contains("method=cam").contains("policy=").doesNotContainIgnoringCase("secret");

        page.navigate("about:blank");
        page.navigate(address);
        Browser.upload(page, "other.jpg", jpeg(400, 500));
        opened();

        assertThat(page.locator("[name=finding]:checked")).hasValue("Effusion");
        assertThat(page.locator("#method")).hasValue("cam");
        assertThatNumbersAreClose(shownJson().get("policy"), shown.get("policy"));
        assertThatNumbersAreClose(shownJson().get("findings"), shown.get("findings"));
    }

    @Test
    void unknownValuesInTheAddressAreIgnoredWithANote() {
        page.navigate("about:blank");
        page.navigate(
                addressWith("labels=Zebra&method=magic&policy=%7B%22type%22%3A%22fraction%22%2C%22fraction%22%3A7%7D"));

        assertThat(page.locator("#status")).containsText("labels, method, policy");
        openSample();
        JsonNode answer = localize(SAMPLE, Samples.read(SAMPLE), Map.of()).json();
        assertThatNumbersAreClose(shownJson(), answer);
    }

    /** Nested, large and narrow boxes go on the page as in the service. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'wang','selection':{'dropNested':true}}",
                "{'type':'wang','selection':{'maximumArea':0.3}}",
                "{'type':'percentile','percentile':70,'selection':{'minimumAspect':0.8}}",
                "{'type':'wang','selection':{'minimumArea':0.01,'maximumArea':0.5,'minimumAspect':0.3,'dropNested':true,"
                        + "'maximumBoxes':3,'merge':{'type':'union'}}}",
                "{'type':'wang','selection':{'maximumArea':0.0001}}"
            })
    void aSelectionOfTheAddressKeepsTheBoxesThatTheServiceWouldKeep(String quoted) {
        String policy = quoted.replace('\'', '"');
        page.navigate("about:blank");
        page.navigate(addressWith("policy=" + URLEncoder.encode(policy, StandardCharsets.UTF_8)));
        openSample();

        JsonNode answer =
                localize(SAMPLE, Samples.read(SAMPLE), Map.of("policy", policy)).json();
        assertThatNumbersAreClose(shownJson().get("policy"), JSON.readTree(policy));
        assertThatNumbersAreClose(shownJson().get("findings"), answer.get("findings"));
        JsonNode all = localize(
                        SAMPLE, Samples.read(SAMPLE), Map.of("policy", policy.replaceFirst(",\"selection.*", "}")))
                .json();
        assertThat(boxCount(answer)).isLessThan(boxCount(all));
    }

    private static int boxCount(JsonNode answer) {
        return answer.get("findings")
                .valueStream()
                .mapToInt(it -> it.get("boxes").size())
                .sum();
    }

    /** On screen: the rectangles against the picture's own corners. */
    private void assertThatBoxesLieAsInTheAnswer() {
        JsonNode answer = shownJson();
        String label = page.inputValue("[name=finding]:checked");
        JsonNode finding = finding(answer, label);
        var picture = page.locator("#image").boundingBox();
        double scale = picture.width / answer.at("/image/width").asDouble();
        assertThat(picture.height / answer.at("/image/height").asDouble()).isCloseTo(scale, within(1e-6));
        JsonNode drawn = JSON.readTree((String) page.evaluate(CORNERS_ON_SCREEN));
        assertThat(drawn.size()).isEqualTo(finding.get("boxes").size());
        for (int i = 0; i < drawn.size(); i++) {
            JsonNode box = finding.get("boxes").get(i);
            double right = box.get("x").asDouble() + box.get("width").asDouble();
            double bottom = box.get("y").asDouble() + box.get("height").asDouble();
            assertThat(drawn.get(i).get(0).asDouble())
                    .isCloseTo(picture.x + scale * box.get("x").asDouble(), within(0.01));
            assertThat(drawn.get(i).get(1).asDouble())
                    .isCloseTo(picture.y + scale * box.get("y").asDouble(), within(0.01));
            assertThat(drawn.get(i).get(2).asDouble()).isCloseTo(picture.x + scale * right, within(0.01));
            assertThat(drawn.get(i).get(3).asDouble()).isCloseTo(picture.y + scale * bottom, within(0.01));
        }
    }

    private static JsonNode finding(JsonNode answer, String label) {
        return answer.get("findings")
                .valueStream()
                .filter(it -> it.get("label").asString().equals(label))
                .findFirst()
                .orElseThrow();
    }

    record Setting(String policy, List<String> sliders, String json, String merge) {

        @Override
        public String toString() {
            return json;
        }
    }

    static Stream<Setting> settings() {
        return Stream.of(
                new Setting("fraction", List.of("0.35"), "{'type':'fraction','fraction':0.35}", "none"),
                new Setting("fraction", List.of("0.05"), "{'type':'fraction','fraction':0.05}", "none"),
                new Setting("percentile", List.of("72.5"), "{'type':'percentile','percentile':72.5}", "none"),
                new Setting("wang", List.of("40", "200"), "{'type':'wang','greyLevels':[40,200]}", "none"),
                new Setting(
                        "wang",
                        List.of("100", "220"),
                        "{'type':'wang','greyLevels':[100,220],'selection':{'minimumArea':0,'maximumBoxes':10,'merge':{'type':'union'}}}",
                        "union"),
                new Setting(
                        "wang",
                        List.of("180", "200"),
                        "{'type':'wang','greyLevels':[180,200],'selection':{'minimumArea':0,'maximumBoxes':10,'merge':{'type':'nms','iou':0.5}}}",
                        "nms"),
                new Setting("otsu", List.of(), "{'type':'otsu'}", "none"));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void slidersMoveTheBoxesAtOnceToWhereTheServiceWouldCutThem(Setting setting) {
        openSample();
        List<String> requests = new ArrayList<>();
        page.onRequest(request -> requests.add(request.url()));

        page.selectOption("#policy", setting.policy());
        for (int i = 0; i < setting.sliders().size(); i++) {
            page.locator("#level-" + i).fill(setting.sliders().get(i));
        }
        page.click("summary:text('More')");
        page.selectOption("#merge", setting.merge());

        assertThat(requests)
                .as("a browser may load the icon again when the address changes")
                .allMatch(url -> url.endsWith("/page/icon.svg"));
        String policy = setting.json().replace('\'', '"');
        assertThatNumbersAreClose(shownJson().get("policy"), JSON.readTree(policy));
        JsonNode answer =
                localize(SAMPLE, Samples.read(SAMPLE), Map.of("policy", policy)).json();
        int boxes = 0;
        for (int i = 0; i < answer.get("findings").size(); i++) {
            JsonNode shown = shownJson().get("findings").get(i);
            JsonNode expected = answer.get("findings").get(i);
            assertThat(shown.get("noBoxReason")).isEqualTo(expected.get("noBoxReason"));
            assertThatNumbersAreClose(shown.get("boxes"), expected.get("boxes"));
            assertThatNumbersAreClose(shown.get("comparisons"), expected.get("comparisons"));
            boxes += expected.get("boxes").size();
        }
        assertThat(boxes).isGreaterThan(10);
        for (String label : List.of("Cardiomegaly", "Pneumonia", "Nodule")) {
            page.check("[name=finding][value=" + label + "]");
            assertThatBoxesLieAsInTheAnswer();
        }
    }

    /** Maps of probabilities, which not each model has: the search of the script against that of the service, bit for bit. */
    @Test
    void theScriptFindsTheGreatestExpectedIouWhereTheServiceDoes() {
        Random random = new Random(8);
        BoxPolicy.MapPolicy policy = new BoxPolicy.ExpectedIou(BoxPolicy.Selection.DEFAULT);
        int boxes = 0;
        for (int run = 0; run < 12; run++) {
            float[] values = new float[28 * 20];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(8 + 10 * run) == 0 ? random.nextFloat() : random.nextFloat() / 16;
            }
            MapBoxes expected = MapBoxes.cut(
                    new ClassActivationMap(28, 20, values, MapUnit.PROBABILITY),
                    ImageFrame.stretch(1000, 900),
                    0.5,
                    policy);
            Map<String, Object> map = Map.of("width", 28, "height", 20, "values", doubles(values));

            JsonNode cut = JSON.readTree(
                    (String) page.evaluate("""
                    async (finding) => {
                      const { cut } = await import("/page/boxes.js");
                      const image = { width: 1000, height: 900 };
                      return JSON.stringify(cut(finding, { type: "expected-iou" }, { x: 0, y: 0, ...image }, image));
                    }""", Map.of("probability", 0.5, "map", map, "mentions", List.of())));

            assertThat(cut.get("boxes")
                            .valueStream()
                            .map(it -> new ScoredBox(
                                    new Box(
                                            number(it, "x"),
                                            number(it, "y"),
                                            number(it, "width"),
                                            number(it, "height")),
                                    number(it, "score"))))
                    .containsExactlyElementsOf(expected.boxes());
            boxes += expected.boxes().size();
        }
        assertThat(boxes).isGreaterThan(12);
    }

    private static List<Double> doubles(float[] values) {
        List<Double> result = new ArrayList<>();
        for (float value : values) {
            result.add((double) value);
        }
        return result;
    }

    private static double number(JsonNode node, String name) {
        return node.get(name).asDouble();
    }

    private static void assertThatNumbersAreClose(JsonNode actual, JsonNode expected) {
        if (expected.isNumber()) {
            assertThat(actual.asDouble()).isCloseTo(expected.asDouble(), within(1e-6));
        } else if (expected.isValueNode()) {
            assertThat(actual).isEqualTo(expected);
        } else {
            assertThat(actual.size()).isEqualTo(expected.size());
            expected.propertyStream().forEach(it -> assertThatNumbersAreClose(actual.get(it.getKey()), it.getValue()));
            for (int i = 0; expected.isArray() && i < expected.size(); i++) {
                assertThatNumbersAreClose(actual.get(i), expected.get(i));
            }
        }
    }

    @Test
    void aLevelInLogitUnitsAndAnotherMethodAgreeToo() {
        openSample();
        page.selectOption("#policy", "absolute");
        page.selectOption("#method", "cam");
        assertThat(page.locator("#status")).containsText(", cam");
        page.locator("#level-0").focus();
        page.keyboard().press("ArrowRight");

        JsonNode policy = shownJson().get("policy");
        JsonNode answer = localize(SAMPLE, Samples.read(SAMPLE), Map.of("method", "cam", "policy", policy.toString()))
                .json();
        assertThat(policy.get("level").asDouble()).isNotEqualTo(1);
        assertThatNumbersAreClose(shownJson().get("findings"), answer.get("findings"));
    }

    /** Each pixel of the heat map is as opaque as {@link ClassActivationMap#at} is high there, which PyTorch's values check. */
    @Test
    void theHeatMapIsTheSurfaceThatTheBoxesAreCutFrom() {
        byte[] portrait = jpeg(800, 1000);
        Browser.upload(page, "portrait.jpg", portrait);
        opened();
        page.check("[name=finding][value=Effusion]");

        JsonNode answer = localize("portrait.jpg", portrait, Map.of("includeMaps", "true"))
                .json();
        JsonNode map = finding(answer, "Effusion").get("map");
        float[] values = new float[map.get("values").size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = map.get("values").get(i).floatValue();
        }
        ClassActivationMap surface = new ClassActivationMap(
                map.get("width").asInt(), map.get("height").asInt(), values);
        @SuppressWarnings("unchecked")
        List<Integer> alphas = (List<Integer>) page.evaluate("""
                () => {
                  const heat = document.getElementById("heat");
                  const { data } = heat.getContext("2d").getImageData(0, 0, heat.width, heat.height);
                  return Array.from({ length: heat.width * heat.height }, (_, i) => data[4 * i + 3]);
                }""");
        assertThat(alphas).hasSize(800 * 1000);
        for (int y = 0; y < 1000; y += 7) {
            for (int x = 0; x < 800; x += 7) {
                double height = surface.at((x + 0.5) / 800, (y + 0.5) / 1000);
                double expected = 255 * (height - surface.minimum()) / (surface.maximum() - surface.minimum());
                assertThat(alphas.get(y * 800 + x).doubleValue()).isCloseTo(expected, within(0.51));
            }
        }
    }

    @Test
    void boxesAreJudgedAgainstTheGroundTruth() {
        openSample();
        page.check("[name=finding][value=Cardiomegaly]");
        JsonNode comparison = finding(shownJson(), "Cardiomegaly").at("/comparisons/0");

        assertThat(page.locator("#boxes rect.truth")).hasCount(1);
        assertThat(page.locator("#boxes rect.correct")).hasCount(1);
        assertThat(page.locator("#box-rows tr.correct"))
                .containsText("%.3f".formatted(comparison.get("iou").asDouble()));
        assertThat(page.locator("#box-rows tr.correct"))
                .containsText("%.3f".formatted(comparison.get("iobb").asDouble()));
        assertThat(page.locator(".caption.correct"))
                .containsText("IoU %.2f".formatted(comparison.get("iou").asDouble()));
        assertThat(page.locator("#boxes rect.truth")).hasCSS("stroke", "rgb(77, 163, 255)");
        assertThat(page.locator("#boxes rect.correct")).hasCSS("stroke", "rgb(53, 208, 106)");

        page.click("summary:text('More')");
        page.fill("#correct-above", "1");

        assertThat(page.locator("#boxes rect.false")).hasCSS("stroke", "rgb(255, 92, 92)");
        assertThat(page.locator("#box-rows tr.false")).containsText("✗ false");
        page.check("[name=finding][value=Effusion]");
        assertThat(page.locator("#boxes rect.truth")).hasCount(0);
        assertThat(page.locator("#boxes rect.unknown").first()).isVisible();
        page.check("#most-probable");
        assertThat(page.locator("#boxes rect.truth")).hasCount(1);
    }

    @Test
    void aFileThatIsNoImageIsExplainedInWordsAndTheNextOneOpens() {
        Browser.upload(page, "letter.txt", "Dear radiologist".getBytes(StandardCharsets.UTF_8));

        JsonNode problem = localize("letter.txt", "Dear radiologist".getBytes(StandardCharsets.UTF_8), Map.of())
                .json();
        assertThat(page.locator("#problem-title")).hasText(problem.get("title").asString());
        assertThat(page.locator("#problem-detail"))
                .hasText(problem.get("detail").asString());
        assertThat(shownJson().get("type")).isEqualTo(problem.get("type"));
        Browser.screenshot(page, "wrong-file");
        openSample();
        assertThat(page.locator("#problem")).isHidden();
    }

    @Test
    void aDicomFileOfAnotherBodyPartIsReadOnlyWithForce() {
        byte[] skull = DicomSamples.identified(SAMPLE)
                .add(Attribute.BODY_PART_EXAMINED, "SKULL")
                .file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        Browser.upload(page, "skull.dcm", skull);
        assertThat(page.locator("#problem-title")).hasText("The DICOM file is not a frontal chest radiograph");

        page.click("text=Read it anyway");

        opened();
        assertThat(page.locator("#warnings li").first()).containsText("another part of the body");
        assertThat(page.locator("#curl")).containsText("force=true");
    }

    @Test
    void anotherFrameOfADicomFileIsShownOnRequest() {
        byte[] twice = DicomSamples.twice(DicomSamples.identified(SAMPLE).add(Attribute.NUMBER_OF_FRAMES, "2"), SAMPLE)
                .file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        Browser.upload(page, "two.dcm", twice);
        opened();

        page.fill("#frame", "2");
        page.keyboard().press("Enter");

        assertThat(page.locator("#curl")).containsText("frame=2");
        page.fill("#frame", "3");
        page.keyboard().press("Enter");
        assertThat(page.locator("#problem-title")).hasText("A parameter is invalid");
    }

    @Test
    void aSlowNetworkIsWaitedForAndMayBeCancelled() {
        List<Route> held = new ArrayList<>();
        page.route("**/v1/localizations", held::add);
        page.click("[data-sample='" + SAMPLE + "']");

        assertThat(page.locator("#status")).containsText("looking for findings");
        assertThat(page.locator("#stage")).hasAttribute("aria-busy", "true");
        Browser.screenshot(page, "waiting");
        page.click("#cancel");
        assertThat(page.locator("#welcome")).isVisible();

        page.click("[data-sample='00015069_001.png']");
        page.waitForCondition(() -> held.size() == 2);
        page.click("[data-sample='" + SAMPLE + "']");
        page.waitForCondition(() -> held.size() == 3);
        held.get(2).resume();
        opened();
        assertThat(page.locator("#status")).containsText(SAMPLE);
    }

    @Test
    void aServiceThatDoesNotAnswerIsAProblem() {
        page.route("**/v1/localizations", Route::abort);
        page.click("[data-sample='" + SAMPLE + "']");

        assertThat(page.locator("#problem-title")).hasText("The service cannot be reached");
        page.unroute("**/v1/localizations");
        page.click("#again");
        opened();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/problem+json", "text/html"})
    void aRequiredSignInIsAProblem(String type) {
        page.route(
                "**/v1/localizations",
                route -> route.fulfill(
                        new Route.FulfillOptions()
                                .setStatus(401)
                                .setContentType(type)
                                .setBody(
                                        type.equals("text/html")
                                                ? "<h1>Sign in</h1>"
                                                : "{\"title\":\"A key is needed\",\"status\":401,\"detail\":\"The key is missing.\"}")));
        page.click("[data-sample='" + SAMPLE + "']");

        assertThat(page.locator("#problem-title"))
                .hasText(type.equals("text/html") ? "Authentication required" : "A key is needed");
        assertThat(page.locator("#problem-detail"))
                .containsText(type.equals("text/html") ? "no valid key" : "The key is missing.");
    }

    @Test
    void windowAndZoomChangeOnlyHowItLooks() {
        openSample();
        JsonNode before = shownJson();
        var stage = page.locator("#stage").boundingBox();
        double x = stage.x + stage.width / 2;
        double y = stage.y + stage.height / 2;
        Object bright = centrePixel();

        page.mouse().move(x, y);
        page.mouse().down();
        page.mouse().move(x - 60, y + 120);
        page.mouse().up();

        assertThat(centrePixel()).isNotEqualTo(bright);
        assertThat(Double.parseDouble(page.inputValue("#window-centre"))).isGreaterThan(150);
        page.mouse().wheel(0, -100);
        page.mouse().wheel(0, -100);
        assertThat(page.locator("#image").boundingBox().width).isGreaterThan(stage.height * 1.4);
        assertThatBoxesLieAsInTheAnswer();
        page.check("#tool-pan");
        page.mouse().move(x, y);
        page.mouse().down();
        page.mouse().move(x + 50, y + 40);
        page.mouse().up();
        assertThatBoxesLieAsInTheAnswer();
        page.click("#reset");
        assertThat(centrePixel()).isEqualTo(bright);
        assertThat(page.locator("#image").boundingBox().height).isCloseTo(stage.height, within(1.0));
        assertThat(shownJson()).isEqualTo(before);
        page.locator("#opacity").fill("20");
        assertThat(page.locator("#heat")).hasCSS("opacity", "0.2");
    }

    private Object centrePixel() {
        return page.evaluate(
                "() => document.getElementById('image').getContext('2d').getImageData(512, 300, 1, 1).data[0]");
    }

    @Test
    void thePageCanBeUsedByKeysAlone() {
        page.keyboard().press("Tab");
        assertThat(page.locator(".skip")).isFocused();
        for (int tabs = 0; tabs < 100 && !isSampleFocused(); tabs++) {
            page.keyboard().press("Tab");
        }
        assertThat(isSampleFocused()).isTrue();
        page.keyboard().press("Enter");
        opened();
        page.focus("[name=finding]:checked");
        String first = page.inputValue("[name=finding]:checked");
        page.keyboard().press("ArrowDown");
        assertThat(page.inputValue("[name=finding]:checked")).isNotEqualTo(first);
        page.focus("#stage");
        double width = page.locator("#image").boundingBox().width;
        page.keyboard().press("+");
        assertThat(page.locator("#image").boundingBox().width).isCloseTo(1.25 * width, within(0.5));
        page.selectOption("#policy", "fraction");
        page.focus("#level-0");
        page.keyboard().press("ArrowLeft");
        assertThat(shownJson().at("/policy/fraction").asDouble()).isCloseTo(0.49, within(1e-9));
    }

    private boolean isSampleFocused() {
        return (Boolean) page.evaluate("() => document.activeElement.dataset.sample !== undefined");
    }

    @Test
    void theCommandRequestsWhatIsShown(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed");
        Files.write(folder.resolve(SAMPLE), Samples.read(SAMPLE));
        openSample();
        page.selectOption("#policy", "fraction");
        page.locator("#level-0").fill("0.3");
        page.selectOption("#method", "gradcam_pp");
        assertThat(page.locator("#status")).containsText("gradcam_pp");

        Process curl = new ProcessBuilder(
                        "bash", "-c", page.textContent("#curl").replaceFirst("curl", "curl -s"))
                .directory(folder.toFile())
                .start();
        JsonNode answer = JSON.readTree(curl.getInputStream().readAllBytes());

        assertThat(curl.waitFor(60, TimeUnit.SECONDS)).isTrue();
        JsonNode shown = shownJson();
        assertThat(shown.get("method")).isEqualTo(answer.get("method"));
        assertThatNumbersAreClose(shown.get("findings"), answer.get("findings"));
    }

    private byte[] saved(String button) throws IOException {
        Download download = page.waitForDownload(() -> page.click(button));
        try (var content = download.createReadStream()) {
            return content.readAllBytes();
        }
    }

    @Test
    void whatIsShownCanBeTakenAlong() throws IOException {
        Browser.upload(page, "chest.dcm", DicomSamples.identified(SAMPLE).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN));
        opened();
        for (String button : List.of("#save-sr", "#save-gsps", "#save-sc")) {
            assertThat(new String(saved(button), 128, 4, StandardCharsets.US_ASCII))
                    .as(button)
                    .isEqualTo("DICM");
        }
        BufferedImage overlay = ImageIO.read(new ByteArrayInputStream(saved("#save-overlay")));
        assertThat(overlay.getWidth()).isEqualTo(1024);
        assertThat(JSON.readTree(saved("#save-json"))).isEqualTo(shownJson());

        openSample();
        assertThat(page.locator("#save-sr")).isDisabled();
        assertThat(page.locator("#download-note")).containsText("refers to a DICOM image");
        byte[] boxes = saved("#save-boxes");
        Http.Answer taken = http().post("/v1/evaluations?draws=10", "text/csv", boxes);
        assertThat(taken.status())
                .as("the service's own opinion of the list: %s", taken.text())
                .isEqualTo(202);
        long expected = shownJson()
                .get("findings")
                .valueStream()
                .filter(it -> it.get("positive").asBoolean())
                .mapToInt(it -> it.get("boxes").size())
                .sum();
        assertThat(new String(boxes, StandardCharsets.UTF_8).lines().count()).isEqualTo(expected + 1);
    }
}
