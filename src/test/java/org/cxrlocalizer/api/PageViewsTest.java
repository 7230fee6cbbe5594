// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** The page's views: how heavy they are, whether everyone can use them, and those that show no image. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = "evaluation.datasets.samples.images=src/main/resources/samples")
class PageViewsTest {

    private static final int MOST_BYTES = 80_000;

    @AutoClose
    private static Browser browser;

    @LocalServerPort
    private int port;

    @BeforeAll
    static void launch() {
        browser = Browser.launch();
    }

    private String address(String view) {
        return "http://127.0.0.1:%d/%s".formatted(port, view);
    }

    @Test
    void theFirstLoadIsSmallAndFromHereAlone() {
        Page page = browser.open("about:blank");
        List<Response> responses = new ArrayList<>();
        page.onResponse(responses::add);
        page.navigate(address(""));
        page.waitForCondition(() -> page.locator("#method option").count() > 0);
        page.waitForLoadState();

        assertThat(responses).extracting(Response::url).allMatch(url -> url.startsWith(address("")));
        int bytes = responses.stream()
                .mapToInt(it -> it.request().sizes().responseBodySize)
                .sum();
        assertThat(bytes).isGreaterThan(10_000).isLessThan(MOST_BYTES);
        browser.close(page);
    }

    @Test
    void filesAreRevalidatedByTheirETags() {
        Http.Answer script = new Http(port).get("/page/main.js");

        assertThat(new Http(port).get("/").headers())
                .as("of the page, which is what a browser heeds")
                .contains("default-src 'none'; script-src 'self';")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(script.headers()).contains("no-cache").contains("nosniff").contains("default-src 'none'");
        assertThat(script.headers()).contains("etag");
        assertThat(script.contentType()).startsWith("text/javascript");
        assertThat(new Http(port).get("/page/nothing.js").json().get("type").asString())
                .isEqualTo("urn:cxr-localizer:problem:not-found");
        assertThat(new Http(port).get("/application.yaml").status()).isEqualTo(404);
    }

    @Test
    void anEvaluationIsStartedWatchedReadAndDeleted() {
        Page page = browser.open(address("#evaluations"));
        assertThat(page.locator("#no-evaluation")).isVisible();

        page.click("#start-evaluation button");
        assertThat(page.locator("#evaluation-rows tr")).hasCount(1);
        assertThat(page.locator("#evaluation-rows .state"))
                .hasText("succeeded", new LocatorAssertions.HasTextOptions().setTimeout(180_000));
        assertThat(page.locator("#evaluation-rows .figures")).containsText(figures());
        Browser.screenshot(page, "evaluations");

        assertThat(page.locator("#compared")).isHidden();
        page.click("#start-evaluation button");
        assertThat(page.locator("#evaluation-rows tr")).hasCount(2);
        assertThat(page.locator("#evaluation-rows .figures input"))
                .hasCount(2, new LocatorAssertions.HasCountOptions().setTimeout(180_000));
        page.locator("#evaluation-rows .figures input").all().forEach(choice -> choice.check());
        assertThat(page.locator("#compared-note")).containsText("the same images against the same boxes");
        List<String> rows = page.locator("#compared-rows tr").allInnerTexts();
        assertThat(rows).hasSize(8).anySatisfy(row -> assertThat(row).startsWith("Acc at T(IoU) = 0.1"));
        assertThat(rows).allSatisfy(row -> {
            List<String> cells = List.of(row.split("\t"));
            assertThat(cells.get(1)).as("one evaluation twice").isEqualTo(cells.get(2));
        });
        Browser.screenshot(page, "evaluations-compared");
        page.click("#evaluation-rows tr:first-child button >> text=Delete");
        assertThat(page.locator("#evaluation-rows tr")).hasCount(1);
        assertThat(page.locator("#compared")).isHidden();

        Page report = page.waitForPopup(() -> page.click("#evaluation-rows .links >> text=Report"));
        assertThat(report.locator("body")).containsText("IoU");
        // A4 with margins of a centimetre: a wider table would make the print of all pages smaller.
        report.setViewportSize(718, 1000);
        report.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        assertThat(((Number) report.evaluate("Math.max(...[...document.querySelectorAll('table')]"
                                + ".map((table) => table.getBoundingClientRect().right))"))
                        .doubleValue())
                .isLessThanOrEqualTo(718);
        report.close();
        page.click("#evaluation-rows button >> text=Delete");
        assertThat(page.locator("#evaluation-rows tr")).hasCount(0);
        browser.close(page);
    }

    /** Of the report of the only evaluation. */
    private String figures() {
        Http http = new Http(port);
        String id = http.get("/v1/evaluations").json().at("/evaluations/0/id").asString();
        JsonNode report =
                http.get("/v1/evaluations/%s/report.json".formatted(id)).json();
        JsonNode accuracy = report.at("/localization/0/figures").get("Acc at T(IoU) = 0.1");
        String boxes = accuracy == null || accuracy.at("/macro/value").isNull()
                ? "No true box to score"
                : "IoU 0.1: %.2f".formatted(accuracy.at("/macro/value").asDouble());
        assertThat(report.at("/images/scored").asInt()).isPositive();
        return boxes;
    }

    @Test
    void theModelIsShownWithItsCard() {
        Page page = browser.open(address("#models"));

        assertThat(page.locator(".model > h3")).containsText("cxr14-cells");
        assertThat(page.locator(".quality .limits h4")).hasText("What it is bad at");
        List<Double> aucs = page.locator(".chart .number").allTextContents().stream()
                .map(Double::valueOf)
                .toList();
        assertThat(aucs).as("the weakest first").hasSizeGreaterThan(5).isSorted();
        String card =
                new Http(port).get("/v1/models/cxr14-cells").json().get("card").asString();
        List<String> labels = page.locator(".chart tbody th").allTextContents();
        for (int i = 0; i < labels.size(); i++) {
            double auc = aucs.get(i);
            String row = "\\| %s \\|.*\\b(\\d\\.\\d+).*".formatted(labels.get(i).replace(' ', '_'));
            assertThat(Pattern.compile(row).matcher(card).results().map(found -> Double.valueOf(found.group(1))))
                    .as(labels.get(i))
                    .anySatisfy(figure -> assertThat(figure).isCloseTo(auc, within(0.0051)));
        }
        assertThat(page.locator(".quality").boundingBox().y)
                .isLessThan(page.locator(".model dl").boundingBox().y);
        assertThat(page.locator(".labels tbody tr")).hasCount(14);
        assertThat(page.locator(".card-text table").first()).isVisible();
        assertThat(page.locator(".card-text")).containsText("Research software, not a medical device");
        Browser.screenshot(page, "model");
        browser.close(page);
    }

    @Test
    void theReferenceHasEachOperationAndSchemaOfTheDocument() {
        JsonNode document = new Http(port).get("/v3/api-docs").json();
        List<String> operations = Stream.of("paths", "webhooks")
                .flatMap(part -> document.get(part).valueStream())
                .flatMap(JsonNode::valueStream)
                .map(operation -> operation.get("operationId").asString())
                .toList();
        List<String> schemas = List.copyOf(document.at("/components/schemas").propertyNames());
        assertThat(operations).hasSizeGreaterThan(25);
        Page page = browser.open(address("#api/localize"));
        Locator localize = entry(page, "localize");

        assertThat(localize.locator("h4")).isFocused();
        assertThat(localize).isInViewport();
        List<String> ids = Stream.concat(operations.stream(), schemas.stream().map(name -> "schemas/" + name))
                .map("api/"::concat)
                .toList();
        assertThat(all(page, "[id^='api/']", "id")).containsAll(ids).doesNotHaveDuplicates();
        assertThat(all(page, ".contents a", "hash"))
                .containsAll(ids.stream().map("#"::concat).toList())
                .doesNotHaveDuplicates();
        assertThat(
                        page.evaluate(
                                "() => [...document.querySelectorAll('#api a[href^=\"#\"]')]"
                                        + ".map((it) => it.getAttribute('href').slice(1)).filter((id) => !document.getElementById(id))"))
                .as("links that lead nowhere")
                .isEqualTo(List.of());
        for (JsonNode parameter : document.at("/paths/~1v1~1localizations/post/parameters")) {
            assertThat(localize)
                    .containsText(parameter.get("description").asString().replace("`", ""));
        }
        assertThat(localize.locator("dt:has-text('minProbability') + dd")).containsText("0 … 1; default 0");
        assertThat(localize.locator("dt:has-text('imageIndex') + dd")).containsText("example 00000032_037.png");
        assertThat(localize).containsText("urn:cxr-localizer:problem:unknown-label");
        assertThat(localize).not().containsText("urn:cxr-localizer:problem:unauthenticated");
        assertThat(page.locator("article:has([id='api/every-operation'])"))
                .containsText("urn:cxr-localizer:problem:unauthenticated");
        browser.close(page);
    }

    /** A property of all elements that a selector finds. */
    @SuppressWarnings("unchecked")
    private static List<String> all(Page page, String selector, String property) {
        return (List<String>)
                page.locator(selector).evaluateAll("(found, property) => found.map((it) => it[property])", property);
    }

    private static Locator entry(Page page, String id) {
        return page.locator("article:has([id='api/%s'])".formatted(id));
    }

    @Test
    void theReferenceIsReadByKeysAndKeepsItsPlaceInTheAddress() {
        Page page = browser.open(address("#api"));
        Locator schema = entry(page, "schemas/Finding");
        assertThat(schema).not().isInViewport();

        page.locator(".contents a[href='#api/schemas/Finding']").press("Enter");
        assertThat(page).hasURL(address("#api/schemas/Finding"));
        assertThat(schema.locator("h4")).isFocused();
        assertThat(schema).isInViewport();
        schema.locator("a[href='#api/schemas/ScoredBox']").first().press("Enter");
        assertThat(entry(page, "schemas/ScoredBox")).isInViewport();
        assertThat(schema).not().isInViewport();
        page.goBack();
        assertThat(schema).isInViewport();
        assertThat(page.locator("nav [aria-current]")).hasText("API");
        browser.close(page);
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void everyoneCanUseEachView(ColorScheme scheme) {
        Page page = browser.open(address(""), scheme);
        assertThatAxeFindsNothingSerious(page);
        Browser.screenshot(page, "empty-" + scheme);
        page.click("[data-sample='00015069_001.png']");
        assertThat(page.locator("#status")).containsText("00015069_001.png ·");
        Browser.upload(page, "letter.txt", new byte[] {1, 2, 3});
        assertThat(page.locator("#problem")).isVisible();
        assertThatAxeFindsNothingSerious(page);
        page.click("[data-sample='00022215_012.png']");
        assertThat(page.locator("body")).hasAttribute("data-state", "opened");
        page.check("#most-probable");
        page.click("summary:text('More')");
        assertThatAxeFindsNothingSerious(page);
        page.click("#show-keys");
        assertThatAxeFindsNothingSerious(page);
        page.click("#close-keys");
        page.click("nav >> text=Model");
        assertThat(page.locator(".model > h3")).isVisible();
        assertThatAxeFindsNothingSerious(page);
        page.click("nav >> text=Evaluations");
        assertThat(page.locator("#start-evaluation")).isVisible();
        assertThatAxeFindsNothingSerious(page);
        page.click("nav >> text=API");
        assertThat(page.locator(".entry").first()).isVisible();
        assertThatAxeFindsNothingSerious(page);
        for (int width : new int[] {1440, 1024, 390}) {
            page.setViewportSize(width, 900);
            for (String view : List.of("Model", "Evaluations", "API", "Localize")) {
                page.click("header nav >> text=" + view);
                assertThat(page.locator("#" + (view.equals("Model") ? "models" : view.toLowerCase(Locale.ROOT))))
                        .isVisible();
                assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth"))
                        .as("%s at %d px", view, width)
                        .isLessThanOrEqualTo(width);
                Browser.screenshot(page, "%s-%d-%s".formatted(view, width, scheme));
            }
            assertThatAxeFindsNothingSerious(page);
        }
        browser.close(page);
    }

    @SuppressWarnings("unchecked")
    private static void assertThatAxeFindsNothingSerious(Page page) {
        page.evaluate(new String(
                Samples.content("META-INF/resources/webjars/axe-core/4.6.3/axe.min.js"), StandardCharsets.UTF_8));
        List<Map<String, Object>> violations = (List<Map<String, Object>>)
                page.evaluate("async () => (await axe.run()).violations.map(({ id, impact, nodes }) =>"
                        + " ({ id, impact, where: nodes.map((it) => it.html + it.failureSummary).join('\\n') }))");
        assertThat(violations)
                .filteredOn(it -> List.of("serious", "critical").contains(it.get("impact")))
                .isEmpty();
    }
}
