// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.documents;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a report may lie in. */
public enum ReportForm {
    /** The text itself. */
    PLAIN("text/plain") {
        @Override
        String text(byte[] body, Charset charset) {
            return Decoding.decode(body, charset);
        }
    },
    /** An object with the property {@code text}. */
    JSON("application/json") {
        @Override
        String text(byte[] body, Charset charset) {
            return JsonReport.text(body);
        }
    },
    /** A message of HL7 v2 in the encoding with bars, such as ORU^R01. */
    HL7("application/hl7-v2") {
        @Override
        String text(byte[] body, Charset charset) {
            return Hl7Report.text(body);
        }
    },
    /** A FHIR DiagnosticReport, or a Bundle with one. */
    FHIR("application/fhir+json") {
        @Override
        String text(byte[] body, Charset charset) {
            return FhirReport.text(body);
        }
    },
    /** A DICOM structured report. */
    DICOM("application/dicom") {
        @Override
        String text(byte[] body, Charset charset) {
            return SrReport.text(body);
        }
    };

    /** The name that HL7 gave to the encoding with bars. */
    private static final String HL7_ER7 = "x-application/hl7-v2+er7";

    private final String mediaType;

    ReportForm(String mediaType) {
        this.mediaType = mediaType;
    }

    /** Returns the form of a media type, which is given without parameters. */
    public static Optional<ReportForm> of(String mediaType) {
        String name = mediaType.toLowerCase(Locale.ROOT);
        return name.equals(HL7_ER7)
                ? Optional.of(HL7)
                : Arrays.stream(values())
                        .filter(form -> form.mediaType.equals(name))
                        .findFirst();
    }

    /**
     * Returns the text of a report, its sections under headings.
     *
     * @param charset of plain text; the other forms state theirs
     * @throws UnreadableReportException if the body is not of this form, or has no text
     */
    abstract String text(byte[] body, Charset charset);
}
