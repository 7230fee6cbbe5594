// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.webhook;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.cxrlocalizer.api.EvaluationAnswer;
import org.cxrlocalizer.api.PacsJobAnswer;
import org.cxrlocalizer.evaluation.jobs.EvaluationJobs;
import org.cxrlocalizer.jobs.JobEnds;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.cxrlocalizer.pacs.jobs.PacsJobs;
import org.springframework.stereotype.Component;

/** The jobs of each kind, as the API answers them. */
@Component
@NotOnCommandLine
class EndedJobs {

    private final PacsJobs pacsJobs;
    private final EvaluationJobs evaluations;

    EndedJobs(PacsJobs pacsJobs, EvaluationJobs evaluations) {
        this.pacsJobs = pacsJobs;
        this.evaluations = evaluations;
    }

    JobEnds of(JobKind kind) {
        return switch (kind) {
            case PACS_JOB -> pacsJobs.ends();
            case EVALUATION -> evaluations.ends();
        };
    }

    /** Returns the answer of a job; empty if it was deleted, or retried since that end. */
    Optional<?> answer(JobKind kind, UUID id, Instant finished) {
        return switch (kind) {
            case PACS_JOB ->
                pacsJobs.find(id).filter(job -> finished.equals(job.finished())).map(PacsJobAnswer::of);
            case EVALUATION ->
                evaluations
                        .find(id)
                        .filter(job -> finished.equals(job.finished()))
                        .map(job -> EvaluationAnswer.of(job, evaluations.hasReport(job)));
        };
    }
}
