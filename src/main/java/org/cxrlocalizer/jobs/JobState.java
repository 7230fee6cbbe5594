// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

/** Where a job is; the last three are final. */
public enum JobState {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    public boolean isFinal() {
        return this != QUEUED && this != RUNNING;
    }
}
