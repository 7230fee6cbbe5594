// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.cxrlocalizer.jobs.JobCursor;
import org.cxrlocalizer.jobs.JobEnds;
import org.cxrlocalizer.jobs.JobState;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.cxrlocalizer.pacs.dicomweb.PacsNodes;
import org.cxrlocalizer.pacs.jobs.PacsJobStore.Run;
import org.jobrunr.jobs.states.StateName;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.storage.JobNotFoundException;
import org.jobrunr.storage.StorageProvider;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/** Takes studies to be localized, and reports their state. */
@Service
@NotOnCommandLine
public class PacsJobs {

    private static final String GIVEN_UP =
            "Each try failed, or its node ended meanwhile; the nodes' logs have the cause. It can be retried.";

    /** Another caller may open a job of the study between the two statements of an attempt, and end it before the next. */
    private static final int SUBMIT_ATTEMPTS = 10;

    private final PacsJobStore store;
    private final PacsNodes nodes;
    private final JobRequestScheduler scheduler;
    private final StorageProvider jobs;
    private final MeterRegistry meters;

    PacsJobs(
            PacsJobStore store,
            PacsNodes nodes,
            JobRequestScheduler scheduler,
            StorageProvider jobs,
            MeterRegistry meters) {
        this.store = store;
        this.nodes = nodes;
        this.scheduler = scheduler;
        this.jobs = jobs;
        this.meters = meters;
    }

    /**
     * Submits a study. If it has an open job for the model, that job is returned, so that a repeated request starts nothing twice.
     *
     * @param model a served model; null for that of the PACS
     * @throws UnknownNodeException if there is no such PACS
     */
    public PacsJob submit(String node, String studyUid, @Nullable String model) {
        if (nodes.find(node).isEmpty()) {
            throw new UnknownNodeException();
        }
        for (int attempt = 0; attempt < SUBMIT_ATTEMPTS; attempt++) {
            Optional<PacsJob> open = store.runAgain(node, studyUid, model);
            if (open.isPresent()) {
                return open.get();
            }
            Run run = new Run(UUID.randomUUID(), UUID.randomUUID());
            // The row comes first: should the service or its database fail between the two, goOn finds it.
            if (store.add(run, node, studyUid, model)) {
                enqueue(run);
                return store.find(run.job()).orElseThrow();
            }
        }
        throw new IllegalStateException(
                "jobs of one study were opened and ended %d times while one was submitted".formatted(SUBMIT_ATTEMPTS));
    }

    /** How many studies wait or are being localized, on whichever node. */
    public long open() {
        return store.countOpen();
    }

    /** The jobs library takes a number once: several nodes may do this for the same run. */
    private void enqueue(Run run) {
        scheduler.enqueue(run.run(), new LocalizeStudy(run.job()));
    }

    /** Enqueues jobs that the library does not have, and fails those that it abandoned while the database was away. */
    @EventListener(ApplicationReadyEvent.class)
    @Scheduled(initialDelay = 1, fixedDelay = 1, timeUnit = TimeUnit.MINUTES)
    void goOn() {
        for (Run run : store.open()) {
            try {
                if (jobs.getJobById(run.run()).hasState(StateName.FAILED) && store.fail(run, GIVEN_UP)) {
                    find(run.job()).ifPresent(job -> PacsJobWorker.count(meters, job, JobState.FAILED));
                }
            } catch (JobNotFoundException e) {
                enqueue(run);
            }
        }
    }

    /** Returns the ends of jobs, to be announced. */
    public JobEnds ends() {
        return store.ends();
    }

    public Optional<PacsJob> find(UUID id) {
        return store.find(id);
    }

    /**
     * Returns a page of the list, the newest first.
     *
     * @param state of all of them; any for null
     * @param after the place behind the page before; null for the first page
     */
    public List<PacsJob> list(@Nullable JobState state, int limit, @Nullable JobCursor after) {
        return store.list(state, limit, after);
    }

    /**
     * Deletes a job that has ended. What it stored in the PACS stays.
     *
     * @return false if it has not ended, or is not there
     */
    public boolean delete(UUID id) {
        return store.delete(id);
    }

    /**
     * Cancels a job. One that runs finds out before its next image; what it has stored stays.
     *
     * @return false if it has ended already, or is not there
     */
    public boolean cancel(UUID id) {
        return store.end(id, JobState.CANCELLED, null);
    }

    /**
     * Starts a failed or cancelled job again.
     *
     * @return false if it is open or has succeeded, or its study has another open job
     */
    public boolean retry(UUID id) {
        Run run = new Run(id, UUID.randomUUID());
        boolean reopened = store.reopen(run);
        if (reopened) {
            enqueue(run);
        }
        return reopened;
    }
}
