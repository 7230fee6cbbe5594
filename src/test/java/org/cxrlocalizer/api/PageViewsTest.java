package org.cxrlocalizer.api;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The page's views: how heavy they are, whether everyone can use them, and the two that show no image. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = "evaluation.datasets.samples.images=src/main/resources/samples")
class PageViewsTest {

    private static final int MOST_BYTES = 150_000;

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
        int bytes = responses.stream().mapToInt(it -> it.body().length).sum();
        assertThat(bytes).isGreaterThan(50_000).isLessThan(MOST_BYTES);
        browser.close(page);
    }

    @Test
    void aBrowserAsksForFilesAgainAndIsToldThatTheyAreTheSame() {
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
        Browser.screenshot(page, "evaluations");

        Page report = page.waitForPopup(() -> page.click("#evaluation-rows .links >> text=Report"));
        assertThat(report.locator("body")).containsText("IoU");
        report.close();
        page.click("#evaluation-rows button >> text=Delete");
        assertThat(page.locator("#evaluation-rows tr")).hasCount(0);
        browser.close(page);
    }

    @Test
    void theModelIsShownWithItsCard() {
        Page page = browser.open(address("#models"));

        assertThat(page.locator(".model > h3")).hasText("cxr14-base");
        assertThat(page.locator(".labels tbody tr")).hasCount(14);
        assertThat(page.locator(".card-text table").first()).isVisible();
        assertThat(page.locator(".card-text")).containsText("Research software, not a medical device");
        Browser.screenshot(page, "model");
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
        Browser.upload(page, "letter.txt", new byte[] {1, 2, 3});
        assertThat(page.locator("#problem")).isVisible();
        assertThatAxeFindsNothingSerious(page);
        page.click("[data-sample='00022215_012.png']");
        assertThat(page.locator("body")).hasAttribute("data-state", "opened");
        page.check("#most-probable");
        page.click("summary:text('More')");
        assertThatAxeFindsNothingSerious(page);
        Browser.screenshot(page, "opened-" + scheme);
        page.click("nav >> text=Model");
        assertThat(page.locator(".model > h3")).isVisible();
        assertThatAxeFindsNothingSerious(page);
        page.click("nav >> text=Evaluations");
        assertThat(page.locator("#start-evaluation")).isVisible();
        assertThatAxeFindsNothingSerious(page);
        page.setViewportSize(390, 800);
        page.click("nav >> text=Localize");
        assertThatAxeFindsNothingSerious(page);
        Browser.screenshot(page, "narrow-" + scheme);
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
