// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.cxrlocalizer.evaluation.ScoredImages;
import org.cxrlocalizer.jobs.JobState;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.jobrunr.jobs.annotations.Job;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Begins and ends an evaluation: cuts its images into chunks that any node localizes, and scores what they found. Public for
 * the jobs library alone.
 */
@Component
@NotOnCommandLine
public class EvaluationWorker implements JobRequestHandler<RunEvaluation> {

    private static final Logger LOG = LoggerFactory.getLogger(EvaluationWorker.class);
    private static final int RETRIES = 3;

    private final EvaluationStore store;
    private final ChunkStore chunks;
    private final ChunkScheduler scheduler;
    private final RequestedEvaluations requested;
    private final ScoringAttempts attempts;
    private final int chunkSize;

    EvaluationWorker(
            EvaluationStore store,
            ChunkStore chunks,
            ChunkScheduler scheduler,
            RequestedEvaluations requested,
            ScoringAttempts attempts,
            EvaluationProperties properties) {
        this.store = store;
        this.chunks = chunks;
        this.scheduler = scheduler;
        this.requested = requested;
        this.attempts = attempts;
        chunkSize = properties.chunkSize();
    }

    /** A refusal is final; any other failure is tried again, because a disk or a database may come back. */
    @Override
    @Job(name = "evaluation", retries = RETRIES)
    public void run(RunEvaluation request) throws IOException {
        store.attempt(request.id(), RETRIES, job -> {
            ChunkStore.Plan plan = chunks.plan(job.id()).orElseThrow();
            attempts.requireNoneEndedAProcess(job.id());
            if (job.request().dataset() == null) {
                requested.scoreUpload(job, attempts.guard(job.id()));
                succeed(job);
            } else if (plan.key() == null) {
                plan(job, plan.attempt());
                scheduler.goOn(job.id());
            } else if (chunks.areDone(job.id())) {
                score(job);
            } else {
                scheduler.goOn(job.id());
            }
        });
    }

    private void plan(EvaluationJob job, int attempt) throws IOException {
        Path directory = requested.imagesOf(job);
        List<Map<String, List<String>>> cut = new ArrayList<>();
        requested.withAllFiles(job, evaluation -> {
            ScoredImages images = evaluation.images();
            images.leftOut().forEach(line -> LOG.info("Evaluation {}: {}", job.id(), line));
            images.files().forEach((image, files) -> {
                if (cut.isEmpty() || cut.get(cut.size() - 1).size() == chunkSize) {
                    cut.add(new LinkedHashMap<>());
                }
                cut.get(cut.size() - 1)
                        .put(
                                image,
                                files.stream()
                                        .map(file -> directory.relativize(file).toString())
                                        .toList());
            });
            chunks.add(job.id(), attempt, evaluation.key().json(), cut);
        });
    }

    private void score(EvaluationJob job) throws IOException {
        requested.withAllFiles(job, evaluation -> {
            if (!scheduler.isOfThisNode(job, evaluation.key())) {
                return;
            }
            Path directory = requested.imagesOf(job);
            Map<String, List<Path>> images = new TreeMap<>();
            chunks.images(job.id())
                    .forEach((image, files) -> images.put(
                            image, files.stream().map(directory::resolve).toList()));
            try (Stream<String> lines = chunks.lines(job.id())) {
                evaluation.scoreFound(images, lines.iterator(), attempts.guard(job.id()), (done, total) -> {
                    if (!store.isOpen(job.id())) {
                        throw new CancellationException("the evaluation was cancelled");
                    }
                });
            }
            succeed(job);
            chunks.delete(job.id());
        });
    }

    private void succeed(EvaluationJob job) throws IOException {
        UUID id = job.id();
        if (!store.end(id, JobState.SUCCEEDED, null) && store.find(id).isEmpty()) {
            FileSystemUtils.deleteRecursively(requested.directory(job));
        }
    }
}
