// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.tables;

/** A table of reports cannot be read. The message names the line and has nothing of a report. */
public final class InvalidReportTableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    InvalidReportTableException(String message) {
        super(message);
    }
}
