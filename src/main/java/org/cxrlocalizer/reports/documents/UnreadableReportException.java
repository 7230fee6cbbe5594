// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.documents;

/** A report, or what it lies in, cannot be read. The message has nothing of it. */
public final class UnreadableReportException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnreadableReportException(String message) {
        super(message);
    }
}
