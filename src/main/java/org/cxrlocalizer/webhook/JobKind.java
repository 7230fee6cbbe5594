// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.webhook;

/** Kinds of jobs whose ends are posted. */
public enum JobKind {
    /** The localization of a study of a PACS. */
    PACS_JOB("pacs-job-ended"),
    /** An evaluation. */
    EVALUATION("evaluation-ended");

    private final String event;

    JobKind(String event) {
        this.event = event;
    }

    /** Returns the value of the header {@value WebhookHeaders#EVENT}. */
    public String event() {
        return event;
    }
}
