// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

/** A list of predicted boxes has too many bytes. */
public final class UploadTooLargeException extends RuntimeException {

    UploadTooLargeException(long limit) {
        super("The list has more than %d bytes.".formatted(limit));
    }
}
