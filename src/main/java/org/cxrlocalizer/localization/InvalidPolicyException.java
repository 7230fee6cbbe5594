// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

/** A box policy cannot be read; the message states what is wrong with it. */
public final class InvalidPolicyException extends RuntimeException {

    InvalidPolicyException(String message) {
        super(message);
    }
}
