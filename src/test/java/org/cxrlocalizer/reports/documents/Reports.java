// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.documents;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;
import org.cxrlocalizer.dicom.DicomWriter;
import org.cxrlocalizer.reports.Mention;
import org.cxrlocalizer.reports.Place;
import org.cxrlocalizer.reports.ReportLabeller;
import org.cxrlocalizer.reports.ReportsProperties;
import org.springframework.util.unit.DataSize;

/** One report in each of the forms. */
public final class Reports {

    public static final String FINDINGS = "Small left pleural effusion & no pneumothorax.";
    public static final String IMPRESSION = "Possible pneumonia at the right base.";
    public static final String TEXT = "INDICATION: Nodule?\nFINDINGS: " + FINDINGS + "\nIMPRESSION: " + IMPRESSION;

    private static final ReportReader READER =
            new ReportReader(ReportLabeller.read(), new ReportsProperties(DataSize.ofKilobytes(64), null, null));

    private Reports() {}

    /** Returns the body of each form, all with the same findings. */
    public static byte[] body(ReportForm form) {
        return switch (form) {
            case PLAIN -> TEXT.getBytes(StandardCharsets.UTF_8);
            case JSON ->
                "{\"text\":\"%s\"}".formatted(TEXT.replace("\n", "\\n")).getBytes(StandardCharsets.UTF_8);
            case HL7 -> hl7().getBytes(StandardCharsets.UTF_8);
            case FHIR -> fhir(TEXT).getBytes(StandardCharsets.UTF_8);
            case DICOM -> sr(FINDINGS, IMPRESSION);
        };
    }

    /**
     * Reads a report whose first byte chooses its form, as a caller's would be read.
     *
     * @throws AssertionError if a mention lies outside the text
     */
    public static void read(byte[] bytes) {
        List<ReportForm> forms = List.of(ReportForm.values());
        ReportForm form = forms.get(Math.floorMod(bytes.length == 0 ? 0 : bytes[0], forms.size()));
        byte[] body = Arrays.copyOfRange(bytes, Math.min(1, bytes.length), bytes.length);
        ReadReport report;
        try {
            report = READER.read(new ByteArrayInputStream(body), form, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        String text = report.text().text();
        for (Mention mention : report.labels().mentions()) {
            Mention.Trigger trigger = mention.trigger();
            Place place = mention.place();
            if (mention.span().in(text).isBlank()
                    || (trigger != null && trigger.span().in(text).isBlank())
                    || (place != null && place.span().in(text).isBlank())) {
                throw new AssertionError("a span without text");
            }
        }
    }

    public static String mediaType(ReportForm form) {
        return switch (form) {
            case PLAIN -> "text/plain";
            case JSON -> "application/json";
            case HL7 -> "application/hl7-v2";
            case FHIR -> "application/fhir+json";
            case DICOM -> "application/dicom";
        };
    }

    private static String hl7() {
        return String.join(
                "\r",
                "MSH|^~\\&|RIS|H|EMR|H|20260101||ORU^R01|1|P|2.5.1",
                "PID|1||4711||Doe^Jane",
                "OBR|1|||71046^CHEST 2 VIEWS",
                "OBX|1|TX|71046^CHEST^L||Mass in the left lung.||||||W",
                "OBX|2|NM|1^Dose^L||0.1||||||F",
                "OBX|3|TX|71046&GDT^CHEST^L||Small left pleural effusion \\T\\ no~pneumothorax.||||||F",
                "OBX|4|FT|71046&IMP^CHEST^L||Possible pneumonia\\.br\\at the right base.||||||F",
                "");
    }

    /** A DiagnosticReport whose presented form is a text. */
    public static String fhir(String text) {
        return """
                {"resourceType":"DiagnosticReport","status":"final","conclusion":"Mass.",
                 "presentedForm":[{"contentType":"text/plain; charset=utf-8","data":"%s"}]}
                """.formatted(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A Basic Text SR with two sections. */
    public static byte[] sr(String findings, String impression) {
        return DicomWriter.write(new DataSetBuilder()
                .text(Attribute.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.88.11")
                .text(Attribute.SOP_INSTANCE_UID, "1.2.3.4")
                .text(Attribute.MODALITY, "SR")
                .text(Attribute.VALUE_TYPE, "CONTAINER")
                .items(
                        Attribute.CONTENT_SEQUENCE,
                        List.of(
                                section("Findings", "Finding", findings),
                                section("Impressions", "Impression", impression)))
                .build());
    }

    private static DataSet section(String name, String item, String text) {
        return new DataSetBuilder()
                .text(Attribute.VALUE_TYPE, "CONTAINER")
                .items(Attribute.CONCEPT_NAME_CODE_SEQUENCE, concept(name))
                .items(
                        Attribute.CONTENT_SEQUENCE,
                        new DataSetBuilder()
                                .text(Attribute.VALUE_TYPE, "TEXT")
                                .items(Attribute.CONCEPT_NAME_CODE_SEQUENCE, concept(item))
                                .text(Attribute.TEXT_VALUE, text)
                                .build())
                .build();
    }

    private static DataSet concept(String meaning) {
        return new DataSetBuilder().text(Attribute.CODE_MEANING, meaning).build();
    }
}
