// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.documents;

import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetTooLargeException;
import org.cxrlocalizer.dicom.DicomException;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.dicom.UnsupportedTransferSyntaxException;

/** The text of a DICOM structured report: its TEXT items, under the names of their concepts (PS3.3, section C.17.3). */
final class SrReport {

    /** Deeper than any template of PS3.16 goes. */
    private static final int DEEPEST = 32;

    private static final int MOST_INFLATED = 1 << 22;

    private final StringBuilder text = new StringBuilder();
    private String heading = "";

    private SrReport() {}

    static String text(byte[] body) {
        DataSet document;
        try {
            document = DicomFile.read(body, MOST_INFLATED).dataSet();
        } catch (DicomException | UnsupportedTransferSyntaxException | DataSetTooLargeException e) {
            throw new UnreadableReportException("The body is not a readable DICOM file.");
        }
        if (!document.has(Attribute.CONTENT_SEQUENCE)) {
            throw new UnreadableReportException("The DICOM file is not a structured report with content.");
        }
        SrReport report = new SrReport();
        report.append(document, 0);
        if (report.text.isEmpty()) {
            throw new UnreadableReportException("The structured report has no item of text.");
        }
        return report.text.toString().strip();
    }

    private void append(DataSet item, int depth) {
        String type = item.string(Attribute.VALUE_TYPE).orElse("");
        String concept = item.items(Attribute.CONCEPT_NAME_CODE_SEQUENCE).stream()
                .findFirst()
                .flatMap(code -> code.text(Attribute.CODE_MEANING))
                .orElse("");
        if (type.equals("TEXT")) {
            item.text(Attribute.TEXT_VALUE).ifPresent(value -> {
                if (!concept.equals(heading) && !concept.isEmpty()) {
                    text.append("\n\n").append(concept).append(":\n");
                }
                heading = concept;
                text.append(value).append("\n\n");
            });
        } else if (type.equals("CONTAINER") && depth > 0 && !concept.isEmpty()) {
            heading = concept;
            text.append("\n\n").append(concept).append(":\n");
        }
        if (depth < DEEPEST) {
            item.items(Attribute.CONTENT_SEQUENCE).forEach(child -> append(child, depth + 1));
        }
    }
}
