// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.cxrlocalizer.reports.documents.ReportForm;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * The form and charset of a report, by its Content-Type.
 *
 * @param charset of plain text
 */
record ReportMediaType(ReportForm form, Charset charset) {

    /** @param contentType text where there is none, as of the fields of a form */
    static ReportMediaType of(@Nullable String contentType) {
        if (contentType == null) {
            return new ReportMediaType(ReportForm.PLAIN, StandardCharsets.UTF_8);
        }
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            Charset stated = type.getCharset();
            return ReportForm.of(type.getType() + "/" + type.getSubtype())
                    .map(form -> new ReportMediaType(form, stated == null ? StandardCharsets.UTF_8 : stated))
                    .orElseThrow(ReportMediaType::unsupported);
        } catch (InvalidMediaTypeException e) {
            throw unsupported();
        }
    }

    private static ProblemException unsupported() {
        return new ProblemException(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Reports are not read from this media type.");
    }
}
