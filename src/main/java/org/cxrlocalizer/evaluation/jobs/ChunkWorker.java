// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cxrlocalizer.evaluation.ModelEvaluation;
import org.cxrlocalizer.inference.InferenceRefusedException;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.jobrunr.jobs.annotations.Job;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Localizes a chunk of an evaluation's images. Public for the jobs library alone. */
@Component
@NotOnCommandLine
public class ChunkWorker implements JobRequestHandler<LocalizeChunk>, DisposableBean {

    private static final int RETRIES = 5;
    private static final long PROGRESS_NANOS = 500_000_000;

    private final EvaluationStore store;
    private final ChunkStore chunks;
    private final ChunkScheduler scheduler;
    private final RequestedEvaluations requested;
    private final ExecutorService images;

    ChunkWorker(
            EvaluationStore store,
            ChunkStore chunks,
            ChunkScheduler scheduler,
            RequestedEvaluations requested,
            EvaluationProperties properties) {
        this.store = store;
        this.chunks = chunks;
        this.scheduler = scheduler;
        this.requested = requested;
        images = Executors.newFixedThreadPool(properties.threads());
    }

    /** What will pass is tried again, by this node or another. */
    @Override
    @Job(name = "chunk of an evaluation", retries = RETRIES)
    public void run(LocalizeChunk chunk) throws IOException {
        store.attempt(chunk.evaluation(), RETRIES, job -> {
            Map<String, List<String>> files = chunks.images(chunk).orElse(null);
            if (files != null) {
                requested.withBoxes(job, evaluation -> {
                    if (scheduler.isOfThisNode(job, evaluation.key())) {
                        chunks.done(chunk, lines(chunk, evaluation, files, requested.imagesOf(job)));
                    }
                });
            }
            scheduler.goOn(job.id());
        });
    }

    private List<String> lines(
            LocalizeChunk chunk, ModelEvaluation evaluation, Map<String, List<String>> files, Path directory)
            throws IOException {
        List<Future<String>> running = new ArrayList<>();
        files.forEach((image, names) -> running.add(images.submit(() -> evaluation.localize(
                image, names.stream().map(directory::resolve).toList()))));
        try {
            List<String> lines = new ArrayList<>();
            long written = System.nanoTime();
            for (Future<String> one : running) {
                lines.add(one.get());
                if (System.nanoTime() - written >= PROGRESS_NANOS) {
                    written = System.nanoTime();
                    if (!chunks.progress(chunk, lines.size())) {
                        throw new CancellationException("the chunk is not wanted any more");
                    }
                }
            }
            return lines;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the chunk was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InferenceRefusedException refused) {
                throw refused;
            }
            throw new IOException("the chunk cannot be localized", e.getCause());
        } finally {
            running.forEach(one -> one.cancel(true));
        }
    }

    @Override
    public void destroy() {
        images.shutdownNow();
    }
}
