// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

/** A study cannot be localized, however often it is tried. */
class PermanentFailureException extends RuntimeException {

    PermanentFailureException(String message) {
        super(message);
    }
}
