// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.webhook;

import java.time.Instant;
import java.util.UUID;
import org.jobrunr.jobs.lambdas.JobRequest;

/**
 * What the jobs library keeps of a delivery. Neither the address nor the secret is part of it.
 *
 * @param delivery its number
 * @param finished which end of the job it is
 */
public record PostJobEnd(UUID delivery, JobKind kind, UUID job, Instant finished) implements JobRequest {

    @Override
    public Class<WebhookWorker> getJobRequestHandler() {
        return WebhookWorker.class;
    }
}
