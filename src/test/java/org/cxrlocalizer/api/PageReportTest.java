// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.reports.ReportLabels;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A report beside the picture, in a real browser. */
class PageReportTest extends OpenedPage {

    private static final JsonMapper JSON = new JsonMapper();

    @BeforeEach
    void openSample() {
        openSample(SAMPLE);
    }

    private void openSample(String sample) {
        page.click("[data-sample='" + sample + "']");
        assertThat(page.locator("#status")).containsText(sample + " ·");
        assertThat(page.locator("body")).hasAttribute("data-state", "opened");
    }

    private void compare(String report) {
        page.fill("#report", report);
        page.click("#report-form button");
        assertThat(page.locator("#report-marked")).hasText(report);
    }

    private Locator finding(String label) {
        return page.locator("#findings .finding").filter(new Locator.FilterOptions().setHasText(label));
    }

    @Test
    void mentionsAreMarkedByLabelAndAssertionAndFindingsShowBothColumns() {
        compare("The heart is enlarged. No pneumothorax. Possible nodule in the left apex.");

        Locator present = page.locator("#report-marked .mention.present");
        assertThat(present).hasText("heart is enlarged");
        assertThat(present).hasAttribute("title", "Cardiomegaly: present");
        assertThat(page.locator("#report-marked .mention.negated"))
                .hasAttribute("title", "Pneumothorax: negated, by the rule “no”");
        assertThat(page.locator("#report-marked .mention.uncertain"))
                .hasAttribute("title", "Nodule: uncertain, left upper, by the rule “possible”");
        assertThat(finding("Cardiomegaly").locator(".reported")).hasText("report: present");
        assertThat(finding("Pneumothorax").locator(".reported")).hasText("report: absent");
        assertThat(finding("Nodule").locator(".reported")).hasText("report: uncertain");
        assertThat(finding("Hernia").locator(".reported")).hasText("not in report");
        assertThat(page.locator("#report-note")).containsText("Report and model disagree on: ");
        Browser.screenshot(page, "report");

        page.click("#report-marked .mention.negated");

        assertThat(page.locator("#findings input[value='Pneumothorax']")).isChecked();
    }

    /** The page cuts boxes itself, and decides on them as the service does. */
    @ParameterizedTest
    @ValueSource(strings = {"left", "right", "upper", "middle", "left lower"})
    void boxesAgreeWithTheReportAsInTheService(String place) {
        String report = ReportLabels.LABELS.stream()
                .map(label -> "%s %s.".formatted(place, label.replace('_', ' ')))
                .collect(Collectors.joining(" "));
        compare(report);

        JsonNode answer = http().localizeMultipart(SAMPLE, Samples.read(SAMPLE), Map.of("report", report))
                .json();
        List<String> shown = agreements(JSON.readTree(page.textContent("#json")));
        assertThat(shown).isEqualTo(agreements(answer)).anyMatch(it -> it.endsWith("yes") || it.endsWith("no"));
    }

    private static List<String> agreements(JsonNode answer) {
        return answer.get("findings")
                .valueStream()
                .flatMap(finding -> finding.get("boxes")
                        .valueStream()
                        .map(box -> finding.get("label").asString() + " "
                                + box.get("agreesWithReport").asString()))
                .toList();
    }

    @Test
    void anotherImageHasNoReport() {
        compare("Cardiomegaly.");

        openSample("00015069_001.png");

        assertThat(page.locator("#report")).hasValue("");
        assertThat(page.locator("#report-marked")).isHidden();
        assertThat(page.locator("#findings .reported")).hasCount(0);
        assertThat(JSON.readTree(page.textContent("#json")).get("reports").isEmpty())
                .isTrue();
    }

    @Test
    void aReportIsTextAndNeverMarkup() {
        compare("<img src=x onerror=alert(1)> <b>effusion</b>");

        assertThat(page.locator("#report-marked img, #report-marked b")).hasCount(0);
        assertThat(page.locator("#report-marked .mention")).hasText("effusion");
    }

    @Test
    void anEmptyReportIsNoReport() {
        compare("Cardiomegaly.");

        page.fill("#report", "  ");
        page.click("#report-form button");

        assertThat(page.locator("#report-marked")).isHidden();
        assertThat(page.locator("#findings .reported")).hasCount(0);
    }
}
