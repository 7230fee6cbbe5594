// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

/** The configuration names no such PACS. */
public class UnknownNodeException extends RuntimeException {

    UnknownNodeException() {
        super("The service's configuration names no such PACS node.");
    }
}
