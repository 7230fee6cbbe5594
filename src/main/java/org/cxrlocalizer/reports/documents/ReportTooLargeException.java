// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.documents;

/** A report is longer than the limit, or has more findings in it. */
public final class ReportTooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ReportTooLargeException(String message) {
        super(message);
    }
}
