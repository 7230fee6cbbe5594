// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.reports.ReportLabels;
import org.cxrlocalizer.reports.documents.ReportForm;
import org.cxrlocalizer.reports.documents.Reports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** An image and its report, over real HTTP. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ReportedLocalizationTest {

    private static final String SAMPLE = "00022215_012.png";
    private static final Http.Part IMAGE = new Http.Part("image", SAMPLE, "image/png", Samples.read(SAMPLE));

    @LocalServerPort
    private int port;

    private Http http() {
        return new Http(port);
    }

    private JsonNode localize(String report) {
        Http.Answer answer = http().localizeMultipart(SAMPLE, Samples.read(SAMPLE), Map.of("report", report));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static Http.Part report(String type, byte[] content) {
        return new Http.Part("report", "", type, content);
    }

    private static Http.Part report(String text) {
        return report("", text.getBytes(StandardCharsets.UTF_8));
    }

    private static String problem(Http.Answer answer) {
        return answer.json().get("type").asString().replace("urn:cxr-localizer:problem:", "");
    }

    private static JsonNode finding(JsonNode answer, String label) {
        return answer.get("findings")
                .valueStream()
                .filter(finding -> finding.get("label").asString().equals(label))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> agreements(JsonNode finding) {
        return finding.get("boxes")
                .valueStream()
                .map(box -> box.get("agreesWithReport").asString())
                .distinct()
                .toList();
    }

    @Test
    void eachFindingHasWhatTheReportStatesOfItAndWhere() {
        String text = "FINDINGS: The heart is enlarged. No pneumothorax. Possible nodule in the left apex.";
        JsonNode answer = localize(text);

        assertThat(finding(answer, "Cardiomegaly").get("reported").asString()).isEqualTo("present");
        assertThat(finding(answer, "Pneumothorax").get("reported").asString()).isEqualTo("absent");
        assertThat(finding(answer, "Nodule").get("reported").asString()).isEqualTo("uncertain");
        assertThat(finding(answer, "Mass").get("reported").asString()).isEqualTo("not-mentioned");
        assertThat(finding(answer, "Mass").get("mentions").isEmpty()).isTrue();
        JsonNode span = finding(answer, "Nodule").at("/mentions/0/span");
        assertThat(text.substring(span.get("start").asInt(), span.get("end").asInt()))
                .isEqualTo("nodule");
        assertThat(answer.at("/reports/0/report/text").asString()).isEqualTo(text);
        assertThat(agreements(finding(answer, "Cardiomegaly"))).containsExactly("unstated");
    }

    @Test
    void eachFindingIsAnAgreementADisagreementOrUndecided() {
        JsonNode answer = localize("The heart is enlarged. No pneumothorax. Possible nodule.");
        JsonNode report = answer.at("/reports/0");

        List<String> listed = new ArrayList<>();
        for (String list : List.of("agreements", "disagreements", "undecided")) {
            report.get(list).forEach(label -> listed.add(label.asString()));
        }
        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(answer.get("findings")
                        .valueStream()
                        .map(finding -> finding.get("label").asString())
                        .toList());
        assertThat(report.get("undecided").valueStream().map(JsonNode::asString))
                .containsExactly("Nodule");
        report.get("disagreements").forEach(label -> {
            JsonNode finding = finding(answer, label.asString());
            assertThat(finding.get("positive").asBoolean())
                    .isNotEqualTo(finding.get("reported").asString().equals("present"));
        });
    }

    /** The image's left half is the patient's right side. */
    @Test
    void boxesAreOnTheSideThatTheReportNamesOrNot() {
        JsonNode left = localize(everyLabel("on the left side"));
        JsonNode right = localize(everyLabel("on the right side"));
        int onOneSide = 0;
        for (JsonNode finding : left.get("findings")) {
            JsonNode others = finding(right, finding.get("label").asString()).get("boxes");
            for (int i = 0; i < others.size(); i++) {
                JsonNode box = finding.get("boxes").get(i);
                double start = box.get("x").asDouble();
                double end = start + box.get("width").asDouble();
                if (end < 512 || start > 512) {
                    onOneSide++;
                    assertThat(box.get("agreesWithReport").asString()).isEqualTo(start > 512 ? "yes" : "no");
                    assertThat(others.get(i).get("agreesWithReport").asString()).isEqualTo(start > 512 ? "no" : "yes");
                }
            }
        }
        assertThat(onOneSide).isPositive();
    }

    private static String everyLabel(String place) {
        return ReportLabels.LABELS.stream()
                .map(label -> "%s %s.".formatted(label.replace('_', ' '), place))
                .collect(Collectors.joining(" "));
    }

    @Test
    void boxesOfTheReportedLabelsAloneCanBeRequested() {
        Http.Answer answer = http().form("/v1/localizations?onlyReported=true", report("Cardiomegaly."), IMAGE);

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        answer.json().get("findings").forEach(finding -> {
            boolean isReported = finding.get("label").asString().equals("Cardiomegaly");
            assertThat(finding.get("boxes").isEmpty()).isNotEqualTo(isReported);
            assertThat(finding.get("noBoxReason").asString("")).isEqualTo(isReported ? "" : "not-reported");
        });
    }

    @ParameterizedTest
    @EnumSource(ReportForm.class)
    void aReportIsReadInEachForm(ReportForm form) {
        Http.Answer field =
                http().form("/v1/localizations", IMAGE, report(Reports.mediaType(form), Reports.body(form)));
        Http.Answer file = http().form(
                        "/v1/localizations",
                        new Http.Part("report", "report.bin", Reports.mediaType(form), Reports.body(form)),
                        IMAGE);

        for (Http.Answer answer : List.of(field, file)) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(finding(answer.json(), "Effusion").get("reported").asString())
                    .isEqualTo("present");
            assertThat(finding(answer.json(), "Pneumothorax").get("reported").asString())
                    .isEqualTo("absent");
        }
    }

    @Test
    void withoutAReportNothingIsCompared() {
        JsonNode form = http().form("/v1/localizations", IMAGE).json();
        JsonNode raw = http().localizeRaw(Samples.read(SAMPLE), "image/png", Map.of("imageIndex", SAMPLE))
                .json();

        for (JsonNode answer : List.of(form, raw)) {
            assertThat(answer.get("reports").isEmpty()).isTrue();
            answer.get("findings").forEach(finding -> {
                assertThat(finding.get("reported").asString()).isEqualTo("unread");
                assertThat(finding.get("mentions").isEmpty()).isTrue();
                assertThat(agreements(finding)).isSubsetOf("unstated");
            });
        }
    }

    @Test
    void whatCannotBeReadIsAProblemWithoutAWordOfIt() {
        String planted = "Zq7Planted effusion. ";
        Http.Answer tooLong = http().form("/v1/localizations", IMAGE, report(planted.repeat(30_000)));
        Http.Answer blank = http().form("/v1/localizations", IMAGE, report(" \n"));
        Http.Answer json = http().form(
                        "/v1/localizations",
                        report("application/json", planted.getBytes(StandardCharsets.UTF_8)),
                        IMAGE);
        Http.Answer type =
                http().form("/v1/localizations", IMAGE, report("text/html", planted.getBytes(StandardCharsets.UTF_8)));
        Http.Answer two = http().form("/v1/localizations", IMAGE, report(planted), report(planted));
        Http.Answer query = http().form("/v1/localizations?report=Zq7Planted", IMAGE);
        Http.Answer elsewhere = http().form("/v1/overlays?labels=Mass", IMAGE, report(planted));
        Http.Answer missing = http().form("/v1/localizations?onlyReported=true", IMAGE);

        assertThat(problem(tooLong)).isEqualTo("report-too-large");
        assertThat(problem(blank)).isEqualTo("unreadable-report");
        assertThat(problem(json)).isEqualTo("unreadable-report");
        assertThat(problem(type)).isEqualTo("unsupported-media-type");
        assertThat(problem(two)).isEqualTo("invalid-parameter");
        assertThat(problem(query)).isEqualTo("invalid-parameter");
        assertThat(problem(elsewhere)).isEqualTo("invalid-parameter");
        assertThat(problem(missing)).isEqualTo("invalid-parameter");
        for (Http.Answer answer : List.of(tooLong, blank, json, type, two, query, elsewhere, missing)) {
            assertThat(answer.text()).doesNotContain("Zq7");
        }
    }
}
