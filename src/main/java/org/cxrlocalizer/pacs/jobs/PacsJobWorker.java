package org.cxrlocalizer.pacs.jobs;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.UUID;
import org.cxrlocalizer.inference.InferenceRefusedException;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.cxrlocalizer.pacs.dicomweb.PacsException;
import org.cxrlocalizer.pacs.jobs.PacsJob.State;
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
        do {
            if (!store.start(id)) {
                return;
            }
            try {
                studies.localize(job, isLastAttempt());
            } catch (PermanentFailureException e) {
                fail(job, e.getMessage());
                return;
            } catch (RuntimeException e) {
                handle(job, e);
                return;
            } catch (OutOfMemoryError e) {
                LOG.error("The job {} exhausted the memory", id, e);
                fail(job, "It exhausted the memory of its node, and is not tried again.");
                return;
            }
        } while (!store.succeed(id));
        count(meters, job, State.SUCCEEDED);
    }

    private void handle(PacsJob job, RuntimeException e) {
        if (e instanceof PacsException pacs && !pacs.isPassing()) {
            fail(job, pacs.getMessage());
            return;
        }
        String reason = e instanceof PacsException
                        || e instanceof InferenceRefusedException
                        || e instanceof ImageMemoryFullException
                ? e.getMessage()
                : "The service failed (%s).".formatted(e.getClass().getSimpleName());
        if (isLastAttempt()) {
            fail(job, "%s It was tried %d times.".formatted(reason, RETRIES + 1));
        } else {
            store.interrupted(job.id(), reason);
        }
        throw e;
    }

    private static boolean isLastAttempt() {
        return ThreadLocalJobContext.getJobContext().currentRetry() >= RETRIES;
    }

    private void fail(PacsJob job, @Nullable String reason) {
        if (store.end(job.id(), State.FAILED, reason)) {
            count(meters, job, State.FAILED);
        }
    }

    static void count(MeterRegistry meters, PacsJob job, State state) {
        meters.counter(
                        "cxr.pacs.jobs",
                        "node",
                        job.node(),
                        "outcome",
                        state.name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
