package org.cxrlocalizer.model;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A fixed set of platform threads with a bounded queue. */
final class InferenceWorkers implements AutoCloseable {

    private static final int DRAIN_SECONDS = 20;

    private final ThreadPoolExecutor executor;
    private final int capacity;

    InferenceWorkers(String name, int count, int capacity) {
        this.capacity = capacity;
        AtomicInteger number = new AtomicInteger();
        executor = new ThreadPoolExecutor(
                count, count, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(Math.max(capacity, count)), task -> {
                    Thread thread = new Thread(task, "inference-%s-%d".formatted(name, number.incrementAndGet()));
                    thread.setDaemon(true);
                    return thread;
                });
    }

    int count() {
        return executor.getCorePoolSize();
    }

    /**
     * Runs a task on a worker and waits for its result. A caller that is interrupted takes its task back.
     *
     * @throws InferenceQueueFullException if the queue is full
     */
    <T> T run(Supplier<T> task) {
        Future<T> future;
        try {
            future = executor.submit(task::get);
        } catch (RejectedExecutionException e) {
            throw new InferenceQueueFullException(capacity);
        }
        return await(future);
    }

    /** Runs a task once on every worker, and waits for all of them. */
    void runOnEach(Runnable task) {
        CountDownLatch everyWorkerHasOne = new CountDownLatch(count());
        List<Future<?>> futures = new ArrayList<>();
        for (int i = 0; i < count(); i++) {
            futures.add(executor.submit(() -> {
                everyWorkerHasOne.countDown();
                everyWorkerHasOne.await();
                task.run();
                return null;
            }));
        }
        futures.forEach(InferenceWorkers::await);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for a forward pass");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("a forward pass failed", e.getCause());
        }
    }

    /** Takes no more tasks and waits a while for those that are there. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
