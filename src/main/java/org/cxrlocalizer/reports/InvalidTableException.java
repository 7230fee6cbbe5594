// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

/** A table of words, of the user or of ours, is not as it should be; the message names the line. */
public final class InvalidTableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    InvalidTableException(String message) {
        super(message);
    }
}
