// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

/** A multipart request has no image. */
public final class MissingImageException extends RuntimeException {

    MissingImageException() {
        super("The multipart request has no file part named 'image'.");
    }
}
