package org.cxrlocalizer.model;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.cxrlocalizer.model.InferenceRefusedException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of platform threads that take images from a bounded queue, in batches while they are busy: a worker that is
 * free takes what waits and may go together, up to the largest batch, and never waits for more to come. So a single image
 * is not delayed, and batches form by themselves under load.
 *
 * @param <K> what images of one batch must have in common
 * @param <I> what goes into the network for one image
 * @param <O> what comes out of it
 */
final class InferenceWorkers<K, I, O> implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final long LONGEST_RETRY_SECONDS = 60;
    /** Weight of the newest forward pass in the mean time of one image. */
    private static final double NEWEST = 0.1;

    /** Runs a batch on the worker of that number; answers in the order of the inputs. */
    interface Batch<K, I, O> {
        List<O> run(int worker, K key, List<I> inputs);
    }

    /** @param count number of workers */
    record Limits(int count, int capacity, int maxBatch, Duration deadline) {}

    /** An image that waits; two are never equal, though their inputs may be. Whoever takes it off the queue ends the wait. */
    private static final class Waiting<K, I, O> {

        private final K key;
        private final I input;
        private final @Nullable Observation caller;
        private final Observation wait;
        private final CompletableFuture<O> result = new CompletableFuture<>();
        private boolean taken;

        private Waiting(K key, I input, @Nullable Observation caller, Observation wait) {
            this.key = key;
            this.input = input;
            this.caller = caller;
            this.wait = wait;
        }

        /** Once, though an image may be taken again when the device of its first worker is lost. */
        private void endWait() {
            if (!taken) {
                taken = true;
                wait.stop();
            }
        }
    }

    private final Limits limits;
    private final Batch<K, I, O> batch;
    private final List<Thread> threads = new ArrayList<>();
    private final Deque<Waiting<K, I, O>> queue = new ArrayDeque<>();
    private final List<Deque<FutureTask<?>>> tasks = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int admitted;
    private int usable;
    private boolean draining;
    private double secondsPerImage;
    private final InferenceMeters measured;

    InferenceWorkers(
            String name, Limits limits, Batch<K, I, O> batch, MeterRegistry meters, ObservationRegistry observations) {
        this.limits = limits;
        this.batch = batch;
        usable = limits.count();
        measured = new InferenceMeters(name, this::depth, meters, observations);
        for (int i = 0; i < limits.count(); i++) {
            int worker = i;
            tasks.add(new ArrayDeque<>());
            Thread thread = new Thread(() -> work(worker), "inference-%s-%d".formatted(name, worker + 1));
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    int count() {
        return limits.count();
    }

    /** Whether any worker still has its device. */
    boolean isUsable() {
        lock.lock();
        try {
            return usable > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Images that wait for a worker. */
    int depth() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Runs a task on one worker, before any image, and waits for it. */
    <T> T runOn(int worker, Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        lock.lock();
        try {
            tasks.get(worker).add(future);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            return get(future, Long.MAX_VALUE);
        } catch (TimeoutException e) {
            throw new IllegalStateException("a worker took longer than a lifetime", e);
        }
    }

    /**
     * Does the work of one image, from its decoding to its answer. As many are admitted as may wait and run at once, so
     * that what must be refused is refused before anything is done for it, and few images are in memory at a time.
     *
     * @throws InferenceRefusedException if as many are admitted already, or the workers are closed
     */
    <T> T admit(Supplier<T> work) {
        lock.lock();
        try {
            requireOpen();
            if (admitted >= limits.capacity() + limits.count() * limits.maxBatch()) {
                throw refused(Reason.QUEUE_FULL);
            }
            admitted++;
        } finally {
            lock.unlock();
        }
        try {
            return work.get();
        } finally {
            lock.lock();
            try {
                admitted--;
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Puts an image into the queue and waits for its result. A caller that is interrupted, or waits too long, takes its
     * image back.
     *
     * @throws InferenceRefusedException if the queue is full, the deadline passes, or the workers are closed
     */
    O run(K key, I input) {
        Waiting<K, I, O> waiting;
        lock.lock();
        try {
            requireOpen();
            if (queue.size() >= limits.capacity()) {
                throw refused(Reason.QUEUE_FULL);
            }
            waiting = new Waiting<>(key, input, measured.caller(), measured.startWait());
            queue.add(waiting);
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean done = false;
        try {
            O result = get(waiting.result, limits.deadline().toNanos());
            done = true;
            return result;
        } catch (TimeoutException e) {
            throw refused(Reason.DEADLINE_PASSED);
        } finally {
            if (!done) {
                takeBack(waiting);
            }
        }
    }

    private void requireOpen() {
        if (draining) {
            throw refused(Reason.DRAINING);
        }
        if (usable == 0) {
            throw refused(Reason.DEVICE_LOST);
        }
    }

    private void takeBack(Waiting<K, I, O> waiting) {
        lock.lock();
        try {
            if (queue.remove(waiting)) {
                waiting.endWait();
            }
        } finally {
            lock.unlock();
        }
    }

    private InferenceRefusedException refused(Reason reason) {
        measured.refused(reason, 1);
        lock.lock();
        try {
            int ahead = Math.max(queue.size(), admitted);
            long estimate = (long) Math.ceil(ahead * secondsPerImage / limits.count());
            String message =
                    switch (reason) {
                        case QUEUE_FULL -> "%d images wait already.".formatted(ahead);
                        case DEADLINE_PASSED ->
                            "There was no result within %d ms."
                                    .formatted(limits.deadline().toMillis());
                        case DRAINING -> "The model is being unloaded.";
                        case DEVICE_LOST -> "The device that ran the model does not answer any more.";
                    };
            return new InferenceRefusedException(
                    reason, message, Duration.ofSeconds(Math.min(Math.max(estimate, 1), LONGEST_RETRY_SECONDS)));
        } finally {
            lock.unlock();
        }
    }

    private void work(int worker) {
        while (true) {
            FutureTask<?> task;
            List<Waiting<K, I, O>> taken;
            lock.lock();
            try {
                while (tasks.get(worker).isEmpty() && queue.isEmpty() && !draining) {
                    changed.awaitUninterruptibly();
                }
                task = tasks.get(worker).poll();
                taken = task == null ? take() : List.of();
            } finally {
                lock.unlock();
            }
            if (task != null) {
                task.run();
            } else if (taken.isEmpty() || !run(worker, taken)) {
                return;
            }
        }
    }

    /** The image that waits longest, and those behind it that may go with it. */
    private List<Waiting<K, I, O>> take() {
        List<Waiting<K, I, O>> taken = new ArrayList<>();
        Iterator<Waiting<K, I, O>> waiting = queue.iterator();
        while (waiting.hasNext() && taken.size() < limits.maxBatch()) {
            Waiting<K, I, O> next = waiting.next();
            if (taken.isEmpty() || taken.get(0).key.equals(next.key)) {
                taken.add(next);
                waiting.remove();
            }
        }
        return taken;
    }

    /** @return whether the worker still has its device */
    private boolean run(int worker, List<Waiting<K, I, O>> taken) {
        taken.forEach(Waiting::endWait);
        Waiting<K, I, O> first = taken.get(0);
        List<I> inputs = taken.stream().map(waiting -> waiting.input).toList();
        long start = System.nanoTime();
        try {
            List<O> results = measured.forward(taken.size(), first.caller, () -> batch.run(worker, first.key, inputs));
            for (int i = 0; i < taken.size(); i++) {
                taken.get(i).result.complete(results.get(i));
            }
        } catch (DeviceLostException e) {
            retire(taken);
            return false;
        } catch (Throwable e) { // an Error too belongs to the callers; the worker must go on
            if (taken.size() > 1) {
                return runOneByOne(worker, taken);
            }
            first.result.completeExceptionally(e);
        }
        double newest = (System.nanoTime() - start) / 1e9 / taken.size();
        lock.lock();
        try {
            secondsPerImage = secondsPerImage == 0 ? newest : secondsPerImage + NEWEST * (newest - secondsPerImage);
        } finally {
            lock.unlock();
        }
        return true;
    }

    /** An image that the network fails on, or memory that is too short for all of them, must not fail the others. */
    private boolean runOneByOne(int worker, List<Waiting<K, I, O>> taken) {
        for (int i = 0; i < taken.size(); i++) {
            if (!run(worker, taken.subList(i, i + 1))) {
                putBack(taken.subList(i + 1, taken.size()));
                return false;
            }
        }
        return true;
    }

    /** The other workers take over what a worker had; after the last one there is nobody to wait for. */
    private void retire(List<Waiting<K, I, O>> taken) {
        lock.lock();
        try {
            usable--;
        } finally {
            lock.unlock();
        }
        putBack(taken);
    }

    private void putBack(List<Waiting<K, I, O>> taken) {
        List<Waiting<K, I, O>> lost = List.of();
        lock.lock();
        try {
            for (int i = taken.size() - 1; i >= 0; i--) {
                queue.addFirst(taken.get(i));
            }
            if (usable == 0) {
                lost = new ArrayList<>(queue);
                queue.clear();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        for (Waiting<K, I, O> waiting : lost) {
            waiting.endWait();
            waiting.result.completeExceptionally(refused(Reason.DEVICE_LOST));
        }
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
        List<Waiting<K, I, O>> left;
        lock.lock();
        try {
            draining = true;
            left = new ArrayList<>(queue);
            queue.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        for (Waiting<K, I, O> waiting : left) {
            waiting.endWait();
            waiting.result.completeExceptionally(refused(Reason.DRAINING));
        }
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
