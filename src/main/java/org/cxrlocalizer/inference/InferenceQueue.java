// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.cxrlocalizer.inference.InferenceRefusedException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The state that workers and callers share: the images that wait, how many are admitted, and how many workers are left to
 * run them. One lock guards all of it; nothing that takes long is done while it is held.
 */
final class InferenceQueue<K, I, O> {

    private static final long LONGEST_RETRY_SECONDS = 60;
    /** Weight of the newest forward pass in the mean time of one image. */
    private static final double NEWEST = 0.1;

    /** @param workers number of workers */
    record Limits(int workers, int capacity, int maxBatch, Duration deadline) {}

    /** The next work of a worker: a task, or the images of a batch, or neither: then the worker ends. */
    record Batch<K, I, O>(@Nullable Runnable task, List<WaitingImage<K, I, O>> images) {}

    private final Limits limits;
    private final InferenceMeters measured;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final Deque<WaitingImage<K, I, O>> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private final List<Deque<Runnable>> tasks = new ArrayList<>();

    @GuardedBy("lock")
    private int admitted;

    @GuardedBy("lock")
    private int usable;

    @GuardedBy("lock")
    private boolean draining;

    @GuardedBy("lock")
    private double secondsPerImage;

    InferenceQueue(String name, Limits limits, MeterRegistry meters, ObservationRegistry observations) {
        this.limits = limits;
        usable = limits.workers();
        for (int i = 0; i < limits.workers(); i++) {
            tasks.add(new ArrayDeque<>());
        }
        measured = new InferenceMeters(name, meters, observations);
    }

    InferenceMeters measured() {
        return measured;
    }

    /** Measures this queue from now on, in place of that of a model of the same name. */
    void show() {
        measured.show(this::depth);
    }

    /** Images that wait for a worker. */
    int depth() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
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

    /** For one worker, before any image. */
    void add(int worker, Runnable task) {
        lock.lock();
        try {
            tasks.get(worker).add(task);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does the work of one image, from its decoding to its answer. As many are admitted as may wait and run at once.
     * So a refusal comes before any work, and few images are in memory at a time.
     *
     * @throws InferenceRefusedException if as many are admitted already, or no worker is left
     */
    <T> T admit(Supplier<T> work) {
        lock.lock();
        try {
            requireOpen();
            if (admitted >= limits.capacity() + limits.workers() * limits.maxBatch()) {
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

    /** @throws InferenceRefusedException if the queue is full, or no worker is left */
    WaitingImage<K, I, O> add(K key, I input) {
        lock.lock();
        try {
            requireOpen();
            if (waiting.size() >= limits.capacity()) {
                throw refused(Reason.QUEUE_FULL);
            }
            WaitingImage<K, I, O> image = new WaitingImage<>(key, input, measured);
            waiting.add(image);
            changed.signal();
            return image;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void requireOpen() {
        if (draining) {
            throw refused(Reason.DRAINING);
        }
        if (usable == 0) {
            throw refused(Reason.DEVICE_LOST);
        }
    }

    /** Its caller waits no longer. */
    void takeBack(WaitingImage<K, I, O> image) {
        boolean waited;
        lock.lock();
        try {
            waited = waiting.remove(image);
        } finally {
            lock.unlock();
        }
        if (waited) {
            image.endWait();
        }
    }

    /** Waits until there is something to do for a worker. */
    Batch<K, I, O> next(int worker) {
        lock.lock();
        try {
            while (tasks.get(worker).isEmpty() && waiting.isEmpty() && !draining) {
                changed.awaitUninterruptibly();
            }
            Runnable task = tasks.get(worker).poll();
            return new Batch<>(task, task == null ? take() : List.of());
        } finally {
            lock.unlock();
        }
    }

    /** The image that waits longest, and those behind it that may go with it. */
    @GuardedBy("lock")
    private List<WaitingImage<K, I, O>> take() {
        List<WaitingImage<K, I, O>> taken = new ArrayList<>();
        Iterator<WaitingImage<K, I, O>> images = waiting.iterator();
        while (images.hasNext() && taken.size() < limits.maxBatch()) {
            WaitingImage<K, I, O> next = images.next();
            if (taken.isEmpty() || taken.get(0).key.equals(next.key)) {
                taken.add(next);
                images.remove();
            }
        }
        return taken;
    }

    /** A forward pass took this long for each of its images. */
    void passed(double seconds) {
        lock.lock();
        try {
            secondsPerImage = secondsPerImage == 0 ? seconds : secondsPerImage + NEWEST * (seconds - secondsPerImage);
        } finally {
            lock.unlock();
        }
    }

    /** A worker lost its device: the others take over its images; after the last one, all images are refused. */
    void retire(List<WaitingImage<K, I, O>> images) {
        lock.lock();
        try {
            usable--;
        } finally {
            lock.unlock();
        }
        putBack(images);
    }

    /** Images that were taken wait again, before all others. */
    void putBack(List<WaitingImage<K, I, O>> images) {
        List<WaitingImage<K, I, O>> lost;
        lock.lock();
        try {
            for (int i = images.size() - 1; i >= 0; i--) {
                waiting.addFirst(images.get(i));
            }
            changed.signalAll();
            lost = usable == 0 ? clear() : List.of();
        } finally {
            lock.unlock();
        }
        refuse(lost, Reason.DEVICE_LOST);
    }

    /** Refuses what waits and what still comes; workers end when they have done what they took. */
    void drain() {
        List<WaitingImage<K, I, O>> left;
        lock.lock();
        try {
            draining = true;
            changed.signalAll();
            left = clear();
        } finally {
            lock.unlock();
        }
        refuse(left, Reason.DRAINING);
    }

    @GuardedBy("lock")
    private List<WaitingImage<K, I, O>> clear() {
        List<WaitingImage<K, I, O>> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    private void refuse(List<WaitingImage<K, I, O>> images, Reason reason) {
        for (WaitingImage<K, I, O> image : images) {
            image.endWait();
            image.result.completeExceptionally(refused(reason));
        }
    }

    InferenceRefusedException refused(Reason reason) {
        measured.refused(reason, 1);
        lock.lock();
        try {
            int ahead = Math.max(waiting.size(), admitted);
            long estimate = (long) Math.ceil(ahead * secondsPerImage / limits.workers());
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
}
