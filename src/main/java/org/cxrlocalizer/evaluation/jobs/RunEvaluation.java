// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import java.util.UUID;
import org.jobrunr.jobs.lambdas.JobRequest;

/** What the jobs library keeps of an evaluation: its number. */
public record RunEvaluation(UUID id) implements JobRequest {

    @Override
    public Class<EvaluationWorker> getJobRequestHandler() {
        return EvaluationWorker.class;
    }
}
