// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.jobs.JobCursor;
import org.cxrlocalizer.jobs.JobEnds;
import org.cxrlocalizer.jobs.JobState;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.util.FileSystemUtils;

/** Takes evaluations, and reports their state. */
@Service
@NotOnCommandLine
public class EvaluationJobs {

    private static final String GIVEN_UP =
            "Each try failed, or its node ended meanwhile; the nodes' logs have the cause. It can be started again.";

    private static final String REPORT = "report.json";

    static final String UPLOAD = "predictions.csv";

    private final EvaluationStore store;
    private final EvaluationProperties properties;
    private final RequestedEvaluations requested;
    private final ChunkScheduler scheduler;
    private final ScoringAttempts attempts;

    EvaluationJobs(
            EvaluationStore store,
            EvaluationProperties properties,
            RequestedEvaluations requested,
            ChunkScheduler scheduler,
            ScoringAttempts attempts) {
        this.store = store;
        this.properties = properties;
        this.requested = requested;
        this.scheduler = scheduler;
        this.attempts = attempts;
    }

    /** The names of the datasets that can be scored. */
    public List<String> datasets() {
        return properties.datasets().keySet().stream().sorted().toList();
    }

    /** Images that open evaluations have not got to, on whichever node. */
    public long imagesWaiting() {
        return store.imagesWaiting();
    }

    /**
     * Takes an evaluation of the model over a configured dataset.
     *
     * @throws UnknownDatasetException if it is not configured
     * @throws org.cxrlocalizer.model.UnknownMethodException if the model lacks a method
     * @throws org.cxrlocalizer.localization.UncalibratedLabelException if the model lacks calibrated policies
     * @throws org.cxrlocalizer.evaluation.scoring.EvaluationTooLargeException if scoring needs more memory than there is
     */
    public EvaluationJob submit(EvaluationRequest request) {
        if (request.dataset() == null || !properties.datasets().containsKey(request.dataset())) {
            throw new UnknownDatasetException(datasets());
        }
        requested.requireUsable(request);
        UUID id = UUID.randomUUID();
        store.add(id, request);
        return enqueue(id);
    }

    /**
     * Takes an evaluation of boxes that any system found.
     *
     * @param predictions as {@link org.cxrlocalizer.dataset.PredictedBoxList} reads them
     * @throws UploadTooLargeException if it has more bytes than are allowed
     * @throws UploadNotWrittenException if the state directory has no room for it
     * @throws org.cxrlocalizer.dataset.InvalidDatasetException if it is another file, or has more characters unpacked than
     *     bytes are allowed
     * @throws org.cxrlocalizer.evaluation.scoring.EvaluationTooLargeException if scoring needs more memory than there is
     */
    public EvaluationJob submit(InputStream predictions, Bootstrap bootstrap) throws IOException {
        UUID id = UUID.randomUUID();
        Path out = properties.directory(id);
        try {
            Path file = out.resolve(UPLOAD);
            long limit = properties.maxUpload().toBytes();
            UploadFile.write(predictions, file, limit);
            EvaluationRequest request = EvaluationRequest.ofUpload(bootstrap);
            requested.requireUsable(request, file, limit);
            store.add(id, request);
        } catch (IOException | RuntimeException e) {
            FileSystemUtils.deleteRecursively(out);
            throw e;
        }
        return enqueue(id);
    }

    /** The row came first: should the service or its database fail between the two, {@link #goOn} finds it. */
    private EvaluationJob enqueue(UUID id) {
        scheduler.goOn(id);
        return store.find(id).orElseThrow();
    }

    /** Enqueues jobs that the library does not have, and fails those that it abandoned while the database was away. */
    @EventListener(ApplicationReadyEvent.class)
    @Scheduled(initialDelay = 1, fixedDelay = 1, timeUnit = TimeUnit.MINUTES)
    void goOn() {
        for (UUID id : store.open()) {
            if (attempts.endedAProcess(id)) {
                store.end(id, JobState.FAILED, ScoringAttempts.MEMORY);
            } else if (scheduler.isGivenUp(id)) {
                store.end(id, JobState.FAILED, GIVEN_UP);
            } else {
                scheduler.goOn(id);
            }
        }
    }

    /** Returns the ends of evaluations, to be announced. */
    public JobEnds ends() {
        return store.ends();
    }

    public Optional<EvaluationJob> find(UUID id) {
        return store.find(id);
    }

    /**
     * Returns a page of the list, the newest first.
     *
     * @param after the last of the page before; null for the first page
     */
    public List<EvaluationJob> list(int limit, @Nullable JobCursor after) {
        return store.list(limit, after);
    }

    /** Whether an evaluation has succeeded and its report is there still. */
    public boolean hasReport(EvaluationJob job) {
        return job.state() == JobState.SUCCEEDED && Files.isReadable(file(job.id(), REPORT));
    }

    /**
     * Cancels an evaluation: one that waits never starts, one that runs finds out when it next writes its progress.
     *
     * @return false if it has ended already, or is not there
     */
    public boolean cancel(UUID id) {
        return store.end(id, JobState.CANCELLED, null);
    }

    /**
     * Deletes an evaluation that has ended, with its files.
     *
     * @return false if it has not ended, or is not there
     */
    public boolean delete(UUID id) throws IOException {
        boolean deleted = store.delete(id);
        if (deleted) {
            FileSystemUtils.deleteRecursively(properties.directory(id));
        }
        return deleted;
    }

    /** A file of the report of an evaluation that has succeeded. */
    public Path file(UUID id, String name) {
        return properties.directory(id).resolve(name);
    }
}
