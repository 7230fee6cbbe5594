// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.cxrlocalizer.inference.InferenceRefusedException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of platform threads that take images from a bounded queue, in batches while they are busy. A worker that is
 * free takes what waits and may go together, up to the largest batch, and never waits for more to come. So a single image
 * is not delayed, and batches form by themselves under load.
 *
 * @param <K> what images of one batch must have in common
 * @param <I> what goes into the network for one image
 * @param <O> what comes out of it
 */
final class InferenceWorkers<K, I, O> implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(20);

    /** Runs a batch on the worker of that number; answers in the order of the inputs. */
    interface BatchRunner<K, I, O> {
        List<O> run(int worker, K key, List<I> inputs);
    }

    private final InferenceQueue.Limits limits;
    private final BatchRunner<K, I, O> runner;
    private final InferenceQueue<K, I, O> queue;
    private final Clock clock;
    private final List<Thread> threads = new ArrayList<>();

    InferenceWorkers(
            String name,
            InferenceQueue.Limits limits,
            BatchRunner<K, I, O> runner,
            MeterRegistry meters,
            ObservationRegistry observations) {
        this.limits = limits;
        this.runner = runner;
        clock = meters.config().clock();
        queue = new InferenceQueue<>(name, limits, meters, observations);
        for (int i = 0; i < limits.workers(); i++) {
            int worker = i;
            Thread thread = new Thread(() -> work(worker), "inference-%s-%d".formatted(name, worker + 1));
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    int count() {
        return limits.workers();
    }

    /** The queue that these workers share with their callers. */
    InferenceQueue<K, I, O> queue() {
        return queue;
    }

    /** Whether any worker still has its device. */
    boolean isUsable() {
        return queue.isUsable();
    }

    /** Measures these workers' queue from now on, in place of that of a model of the same name. */
    void show() {
        queue.show();
    }

    /** Images that wait for a worker. */
    int depth() {
        return queue.depth();
    }

    /** Runs a task on one worker, before any image, and waits for it. */
    <T> T runOn(int worker, Callable<T> task) {
        return await(start(worker, task));
    }

    /** Runs a task on all workers at the same time, and waits for all of them; its argument is the worker's number. */
    <T> List<T> runOnEach(IntFunction<T> task) {
        List<FutureTask<T>> started = new ArrayList<>();
        for (int i = 0; i < count(); i++) {
            int worker = i;
            started.add(start(worker, () -> task.apply(worker)));
        }
        List<T> results = new ArrayList<>();
        @Nullable RuntimeException failure = null;
        for (FutureTask<T> future : started) {
            try {
                results.add(await(future));
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    private <T> FutureTask<T> start(int worker, Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        queue.add(worker, future);
        return future;
    }

    private static <T> T await(FutureTask<T> future) {
        try {
            return get(future, Long.MAX_VALUE);
        } catch (TimeoutException e) {
            throw new IllegalStateException("a worker took longer than a lifetime", e);
        }
    }

    /**
     * Puts an image into the queue and waits for its result. A caller that is interrupted, or waits too long, takes its
     * image back.
     *
     * @throws InferenceRefusedException if the queue is full, the deadline passes, or the workers are closed
     */
    O run(K key, I input) {
        WaitingImage<K, I, O> image = queue.add(key, input);
        try {
            return get(image.result, limits.deadline().toNanos());
        } catch (TimeoutException e) {
            throw queue.refused(Reason.DEADLINE_PASSED);
        } finally {
            if (!image.result.isDone()) {
                queue.takeBack(image);
            }
        }
    }

    private void work(int worker) {
        boolean goesOn = true;
        while (goesOn) {
            InferenceQueue.Batch<K, I, O> next = queue.next(worker);
            Runnable task = next.task();
            if (task != null) {
                task.run();
            } else {
                goesOn = !next.images().isEmpty() && run(worker, next.images());
            }
        }
    }

    /** @return whether the worker still has its device */
    private boolean run(int worker, List<WaitingImage<K, I, O>> images) {
        images.forEach(WaitingImage::endWait);
        WaitingImage<K, I, O> first = images.get(0);
        List<I> inputs = images.stream().map(image -> image.input).toList();
        long start = clock.monotonicTime();
        try {
            List<O> results =
                    queue.measured().forward(images.size(), first.caller, () -> runner.run(worker, first.key, inputs));
            for (int i = 0; i < images.size(); i++) {
                images.get(i).result.complete(results.get(i));
            }
        } catch (DeviceLostException e) {
            queue.retire(images);
            return false;
        } catch (Throwable e) { // an Error too belongs to the callers; the worker must go on
            if (images.size() > 1) {
                return runOneByOne(worker, images);
            }
            first.result.completeExceptionally(e);
        }
        queue.passed((clock.monotonicTime() - start) / 1e9 / images.size());
        return true;
    }

    /** An image that the network fails on, or memory that is too short for all of them, must not fail the others. */
    private boolean runOneByOne(int worker, List<WaitingImage<K, I, O>> images) {
        for (int i = 0; i < images.size(); i++) {
            if (!run(worker, images.subList(i, i + 1))) {
                queue.putBack(images.subList(i + 1, images.size()));
                return false;
            }
        }
        return true;
    }

    private static <T> T get(Future<T> future, long nanos) throws TimeoutException {
        try {
            return future.get(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for a forward pass");
        } catch (ExecutionException e) {
            @Nullable Throwable cause = e.getCause();
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException("a forward pass failed", cause);
        }
    }

    /** Refuses what waits and what still comes, and waits a while for the forward passes that run. */
    @Override
    public void close() {
        queue.drain();
        long end = System.nanoTime() + DRAIN.toNanos();
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
