// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.cxrlocalizer.reports.LabelState;
import org.cxrlocalizer.reports.Mention;
import org.cxrlocalizer.reports.ReportLabeller;
import org.cxrlocalizer.reports.ReportsProperties;
import org.cxrlocalizer.reports.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.unit.DataSize;

class ReportReaderTest {

    private static final int LIMIT = 64 * 1024;
    private static final ReportReader READER =
            new ReportReader(ReportLabeller.read(), new ReportsProperties(DataSize.ofBytes(LIMIT), null, null));

    private static ReadReport read(byte[] body, ReportForm form, Charset charset) {
        try {
            return READER.read(new ByteArrayInputStream(body), form, charset);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ReadReport read(String body, ReportForm form) {
        return read(body.getBytes(StandardCharsets.UTF_8), form, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(ReportForm.class)
    void theSameReportHasTheSameLabelsInEachForm(ReportForm form) {
        ReadReport report = read(Reports.body(form), form, StandardCharsets.UTF_8);

        assertThat(report.labels().states())
                .containsEntry("Effusion", LabelState.PRESENT)
                .containsEntry("Pneumothorax", LabelState.ABSENT)
                .containsEntry("Pneumonia", LabelState.UNCERTAIN)
                .containsEntry("Nodule", LabelState.NOT_MENTIONED)
                .containsEntry("Mass", LabelState.NOT_MENTIONED);
        List<Mention> counted = report.labels().mentions().stream()
                .filter(mention -> mention.section().counted())
                .toList();
        assertThat(counted)
                .extracting(Mention::section)
                .containsExactly(Section.FINDINGS, Section.FINDINGS, Section.IMPRESSION);
        assertThat(counted.get(0).span().in(report.text().text())).isEqualTo("pleural effusion");
    }

    @Test
    void escapesAndCharacterSetsOfHl7AreRead() {
        String message = "MSH|^~\\&|A|B|C|D|1||ORU^R01|1|P|2.3||||||8859/1\rOBX|1|FT|1^Note||"
                + "Temp\\E\\ \\X41\\\\H\\b\\N\\ \\F\\\\S\\\\R\\ \\broken \u00e9||||||F\r";

        ReadReport report = read(message.getBytes(StandardCharsets.ISO_8859_1), ReportForm.HL7, StandardCharsets.UTF_8);

        assertThat(report.text().text()).isEqualTo("Note:\nTemp\\ Ab |^~ \\broken \u00e9");
    }

    @Test
    void narrativesAndConclusionsOfFhirAreRead() {
        ReadReport report = read("""
                {"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient"}},{"resource":
                {"resourceType":"DiagnosticReport","conclusion":"Edema.","text":{"status":"generated",
                "div":"<div><!-- Mass > --><style>Mass</style><p>Findings:</p><p>Heart &lt; 0.5, <b>no</b> effusion.</p></div>"}}}]}
                """, ReportForm.FHIR);

        assertThat(report.labels().states())
                .containsEntry("Effusion", LabelState.ABSENT)
                .containsEntry("Edema", LabelState.PRESENT)
                .containsEntry("Mass", LabelState.NOT_MENTIONED);
        assertThat(report.text().text()).contains("Heart < 0.5, no effusion.").contains("Impression:\nEdema.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "PLAIN#' '",
                "JSON#{}",
                "JSON#{\"text\":5}",
                "JSON#{\"text\":\"a\",\"more\":1}",
                "JSON#{\"text\":\"a\"} x",
                "JSON#[",
                "HL7#FHS|^~\\&|",
                "HL7#MSH|^~",
                "HL7#MSH|^~\\&|A",
                "HL7#MSH|^\u7efc|",
                "FHIR#{\"resourceType\":\"Patient\"}",
                "FHIR#{\"resourceType\":\"DiagnosticReport\",\"status\":\"entered-in-error\",\"conclusion\":\"Edema.\"}",
                "FHIR#{\"resourceType\":\"DiagnosticReport\",\"presentedForm\":[{\"contentType\":\"text/plain\",\"data\":\"a\"}]}",
                "FHIR#x",
                "DICOM#x"
            })
    void whatHasNoReportIsRefused(ReportForm form, String body) {
        assertThatThrownBy(() -> read(body, form)).isInstanceOf(UnreadableReportException.class);
    }

    @Test
    void bytesThatAreNoTextOfTheirCharacterSetAreRefused() {
        byte[] latin = "Ödem".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> read(latin, ReportForm.PLAIN, StandardCharsets.UTF_8))
                .isInstanceOf(UnreadableReportException.class);
        assertThat(read(latin, ReportForm.PLAIN, StandardCharsets.ISO_8859_1)
                        .text()
                        .text())
                .isEqualTo("Ödem");
    }

    @Test
    void reportsThatAreTooLongAreRefused() {
        assertThat(read("a".repeat(LIMIT), ReportForm.PLAIN).labels().mentions())
                .isEmpty();
        assertThatThrownBy(() -> read("a".repeat(LIMIT + 1), ReportForm.PLAIN))
                .isInstanceOf(ReportTooLargeException.class);
        assertThatThrownBy(() -> read("mass. ".repeat(LIMIT / 6), ReportForm.PLAIN))
                .isInstanceOf(ReportTooLargeException.class);
    }

    @Test
    void eachFormHasItsMediaType() {
        assertThat(Arrays.stream(ReportForm.values()))
                .allSatisfy(form ->
                        assertThat(ReportForm.of(Reports.mediaType(form))).contains(form));
        assertThat(ReportForm.of("X-Application/HL7-v2+er7")).contains(ReportForm.HL7);
        assertThat(ReportForm.of("text/html")).isEmpty();
    }
}
