// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

/** An image is not localized, and no retry changes that. */
class RefusedImageException extends RuntimeException {

    private final String reason;

    RefusedImageException(RefusalReason reason, String detail) {
        this(reason.code(), detail);
    }

    /** @param reason stable, in lower case with hyphens */
    RefusedImageException(String reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
