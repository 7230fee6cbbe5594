// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.cxrlocalizer.inference.InferenceRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of one run over images: each image is a task. */
public final class ImageThreads {

    private static final Logger LOG = LoggerFactory.getLogger(ImageThreads.class);

    private ImageThreads() {}

    /**
     * Runs the tasks, and hands each result on in the order in which they end. Ends the run where one of them fails or {@code done}
     * throws; the tasks that run then are awaited.
     *
     * @param threads how many tasks run at a time
     * @param done is called by this thread alone
     * @throws IOException if a task fails, or this thread is interrupted
     * @throws InferenceRefusedException if a task is refused by the model's queue
     */
    public static <T> void run(int threads, List<Callable<T>> tasks, Consumer<T> done) throws IOException {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CompletionService<T> running = new ExecutorCompletionService<>(executor);
            tasks.forEach(running::submit);
            for (int i = 0; i < tasks.size(); i++) {
                done.accept(running.take().get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the run was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InferenceRefusedException refused) {
                throw refused;
            }
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IOException(String.valueOf(cause.getMessage()), cause);
        } finally {
            executor.shutdownNow();
            awaitEnd(executor);
        }
    }

    private static void awaitEnd(ExecutorService executor) {
        try {
            if (!executor.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.warn("Still waiting for an image to be localized");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
