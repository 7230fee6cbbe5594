// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

/** A job has ended by a cancellation, or has another run, so that this run must not do its next step. */
final class RunEndedException extends RuntimeException {

    RunEndedException() {
        super("the run has ended");
    }
}
