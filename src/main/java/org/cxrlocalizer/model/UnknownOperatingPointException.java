// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

/** An operating point was requested that does not exist, or of a model without operating points. */
public final class UnknownOperatingPointException extends RuntimeException {

    UnknownOperatingPointException(String message) {
        super(message);
    }
}
