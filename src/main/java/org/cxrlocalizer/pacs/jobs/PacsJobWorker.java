// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.UUID;
import org.cxrlocalizer.inference.InferenceRefusedException;
import org.cxrlocalizer.jobs.JobState;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.cxrlocalizer.pacs.dicomweb.PacsException;
import org.cxrlocalizer.pacs.jobs.PacsJobStore.Run;
import org.cxrlocalizer.radiograph.ImageMemoryFullException;
import org.jobrunr.jobs.annotations.Job;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.server.runner.ThreadLocalJobContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Localizes a study, or goes on with one that a stop of the service left behind. Public for the jobs library alone. */
@Component
@NotOnCommandLine
public class PacsJobWorker implements JobRequestHandler<LocalizeStudy> {

    private static final Logger LOG = LoggerFactory.getLogger(PacsJobWorker.class);

    /** With the library's growing pauses, a PACS may be away for hours. */
    private static final int RETRIES = 8;

    private final PacsJobStore store;
    private final StudyLocalizer studies;
    private final MeterRegistry meters;

    PacsJobWorker(PacsJobStore store, StudyLocalizer studies, MeterRegistry meters) {
        this.store = store;
        this.studies = studies;
        this.meters = meters;
    }

    /** What will pass is tried again; what will not, and too many tries, end the job. */
    @Override
    @Job(name = "localize study", retries = RETRIES)
    public void run(LocalizeStudy request) {
        UUID id = request.id();
        PacsJob job = store.find(id).orElse(null);
        if (job == null) {
            return;
        }
        // The library has a run under its number: one that was cancelled must not go on beside a retry.
        Run run = new Run(id, ThreadLocalJobContext.getJobContext().getJobId());
        do {
            if (!store.start(run)) {
                return;
            }
            try {
                studies.localize(job, run, isLastAttempt());
            } catch (PermanentFailureException e) {
                fail(job, run, e.getMessage());
                return;
            } catch (RuntimeException e) {
                handle(job, run, e);
                return;
            } catch (OutOfMemoryError e) {
                LOG.error("The job {} exhausted the memory", id, e);
                fail(job, run, "It exhausted the memory of its node, and is not tried again.");
                return;
            }
        } while (!store.succeed(run));
        count(meters, job, JobState.SUCCEEDED);
    }

    private void handle(PacsJob job, Run run, RuntimeException e) {
        if (e instanceof PacsException pacs && !pacs.isPassing()) {
            fail(job, run, pacs.getMessage());
            return;
        }
        String reason = e instanceof PacsException
                        || e instanceof InferenceRefusedException
                        || e instanceof ImageMemoryFullException
                ? e.getMessage()
                : "The service failed (%s).".formatted(e.getClass().getSimpleName());
        if (isLastAttempt()) {
            fail(job, run, "%s It was tried %d times.".formatted(reason, RETRIES + 1));
        } else {
            store.interrupted(run, reason);
        }
        throw e;
    }

    private static boolean isLastAttempt() {
        return ThreadLocalJobContext.getJobContext().currentRetry() >= RETRIES;
    }

    private void fail(PacsJob job, Run run, @Nullable String reason) {
        if (store.fail(run, reason)) {
            count(meters, job, JobState.FAILED);
        }
    }

    static void count(MeterRegistry meters, PacsJob job, JobState state) {
        meters.counter(
                        "cxr.pacs.jobs",
                        "node",
                        job.node(),
                        "outcome",
                        state.name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
