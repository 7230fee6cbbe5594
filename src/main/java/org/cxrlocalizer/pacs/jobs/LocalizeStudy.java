// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import java.util.UUID;
import org.jobrunr.jobs.lambdas.JobRequest;

/** What the jobs library keeps of a job: its number. Public for the library alone. */
public record LocalizeStudy(UUID id) implements JobRequest {

    @Override
    public Class<PacsJobWorker> getJobRequestHandler() {
        return PacsJobWorker.class;
    }
}
