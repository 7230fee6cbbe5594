package org.cxrlocalizer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class InferenceWorkersTest {

    @Test
    void everyWorkerGetsItsWarmUp() {
        try (InferenceWorkers workers = new InferenceWorkers("test", 3, 1)) {
            Set<String> threads = ConcurrentHashMap.newKeySet();

            workers.runOnEach(() -> threads.add(Thread.currentThread().getName()));

            assertThat(threads).containsExactlyInAnyOrder("inference-test-1", "inference-test-2", "inference-test-3");
        }
    }

    @Test
    void aFullQueueRefusesAtOnceAndTakesWorkAgainLater() throws InterruptedException {
        try (InferenceWorkers workers = new InferenceWorkers("test", 1, 1)) {
            CountDownLatch running = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            Thread busy = new Thread(() -> workers.run(() -> {
                running.countDown();
                awaitQuietly(go);
                return 1;
            }));
            busy.start();
            running.await();
            Thread waiting = new Thread(() -> workers.run(() -> 2));
            waiting.start();
            while (waiting.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }

            assertThatExceptionOfType(InferenceQueueFullException.class).isThrownBy(() -> workers.run(() -> 3));

            go.countDown();
            busy.join();
            waiting.join();
            assertThat(workers.run(() -> 4)).isEqualTo(4);
        }
    }

    @Test
    void theCallerGetsTheTasksOwnException() {
        try (InferenceWorkers workers = new InferenceWorkers("test", 1, 1)) {
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> workers.run(() -> {
                        throw new ArithmeticException();
                    }));
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
