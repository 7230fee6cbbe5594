// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

/** A request came to a node that is not of role {@code api}. */
public final class NoApiException extends RuntimeException {

    NoApiException() {
        super("This node does jobs; others of the service answer requests.");
    }
}
