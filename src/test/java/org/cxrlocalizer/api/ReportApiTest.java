// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.cxrlocalizer.reports.documents.ReportForm;
import org.cxrlocalizer.reports.documents.Reports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ReportApiTest {

    private static final String PLAIN = "text/plain";

    @LocalServerPort
    private int port;

    private Http.Answer post(String type, String query, byte[] body) {
        return new Http(port).post("/v1/reports" + query, type, body);
    }

    private Http.Answer post(String type, String query, String body) {
        return post(type, query, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String problem(Http.Answer answer) {
        return answer.json().get("type").asString().replace("urn:cxr-localizer:problem:", "");
    }

    private static JsonNode label(JsonNode answer, String name) {
        return answer.get("labels")
                .valueStream()
                .filter(label -> label.get("label").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(ReportForm.class)
    void aReportIsReadInEachForm(ReportForm form) {
        Http.Answer answer = post(Reports.mediaType(form), "", Reports.body(form));

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(label(answer.json(), "Effusion").get("state").asString()).isEqualTo("present");
        assertThat(label(answer.json(), "Pneumothorax").get("state").asString()).isEqualTo("absent");
        assertThat(label(answer.json(), "Hernia").get("state").asString()).isEqualTo("not-mentioned");
        assertThat(answer.json().get("labels").size()).isEqualTo(15);
    }

    @Test
    void aMentionHasItsPlaceAndTheRuleThatDecidedOnIt() {
        JsonNode answer =
                post(PLAIN, "", "FINDINGS: No nodule in the left apex.").json();
        JsonNode mention = answer.get("mentions").get(0);

        assertThat(mention.toString())
                .isEqualTo("{\"label\":\"Nodule\",\"span\":{\"start\":13,\"end\":19},\"section\":\"findings\","
                        + "\"assertion\":\"negated\",\"triggers\":[{\"rule\":\"no\",\"span\":{\"start\":10,\"end\":12}}],"
                        + "\"places\":[{\"side\":\"left\",\"zone\":\"upper\",\"span\":{\"start\":27,\"end\":36}}]}");
        assertThat(answer.get("text").asString().substring(27, 36)).isEqualTo("left apex");
    }

    @Test
    void thePolicyDecidesWhatUncertainLabelsAre() {
        String report = "Possible edema.";

        assertThat(label(post(PLAIN, "", report).json(), "Edema")
                        .get("positive")
                        .asBoolean())
                .isFalse();
        assertThat(label(post(PLAIN, "?positives=uncertain-too", report).json(), "Edema")
                        .get("positive")
                        .asBoolean())
                .isTrue();
        assertThat(problem(post(PLAIN, "?positives=all", report))).isEqualTo("invalid-parameter");
    }

    @Test
    void whatCannotBeReadIsAProblemWithoutAWordOfIt() {
        Http.Answer tooLong = post(PLAIN, "", "Zq7Planted ".repeat(30_000));
        Http.Answer json = post("application/json", "", "{\"Zq7Planted\":\"Zq7Planted\"}");
        Http.Answer bytes = post(PLAIN, "", new byte[] {'Z', 'q', '7', (byte) 0xff});
        Http.Answer type = post("text/html", "", "<p>Zq7Planted</p>");

        assertThat(problem(tooLong)).isEqualTo("report-too-large");
        assertThat(problem(json)).isEqualTo("unreadable-report");
        assertThat(problem(bytes)).isEqualTo("unreadable-report");
        assertThat(problem(type)).isEqualTo("unsupported-media-type");
        assertThat(tooLong.text() + json.text() + bytes.text() + type.text()).doesNotContain("Zq7");
    }
}
