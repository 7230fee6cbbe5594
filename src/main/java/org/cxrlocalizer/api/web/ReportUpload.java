// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import org.jspecify.annotations.Nullable;

/**
 * A report as it came in, as the multipart part {@code report}.
 *
 * @param bytes all of it, or one byte more than the limit
 * @param contentType that the part states
 */
public record ReportUpload(byte[] bytes, @Nullable String contentType) {

    /** The name of the part. */
    public static final String PART = "report";

    /** A report is private: Spring logs arguments at its finest level. */
    @Override
    public String toString() {
        return "a report of %d bytes".formatted(bytes.length);
    }
}
