// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.cxrlocalizer.Await;
import org.cxrlocalizer.Observed;
import org.cxrlocalizer.inference.InferenceRefusedException.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The network here doubles numbers, each batch when the test lets it. */
class InferenceWorkersTest {

    private final Semaphore started = new Semaphore(0);
    private final Semaphore mayRun = new Semaphore(0);
    private final List<List<Integer>> batches = Collections.synchronizedList(new ArrayList<>());
    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final ExecutorService callers = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        mayRun.release(1000);
        callers.shutdownNow();
    }

    private List<Integer> doubled(int worker, String key, List<Integer> inputs) {
        batches.add(inputs);
        started.release();
        mayRun.acquireUninterruptibly();
        if (inputs.contains(99)) {
            throw new DeviceLostException(new IllegalStateException("99"));
        }
        if (inputs.contains(13)) {
            throw new ArithmeticException("13");
        }
        return inputs.stream().map(input -> 2 * input).toList();
    }

    private InferenceWorkers<String, Integer, Integer> workers(int count, int capacity, int maxBatch, long millis) {
        return new InferenceWorkers<>(
                "test",
                new InferenceQueue.Limits(count, capacity, maxBatch, Duration.ofMillis(millis)),
                this::doubled,
                meters,
                Observed.by(meters));
    }

    /** Calls from another thread, and returns once the call waits in the queue. */
    private Future<Integer> queued(InferenceWorkers<String, Integer, Integer> workers, String key, int input) {
        int before = workers.depth();
        Future<Integer> answer = callers.submit(() -> workers.run(key, input));
        Await.until("the call waits in the queue", () -> workers.depth() != before);
        return answer;
    }

    private Future<Integer> running(InferenceWorkers<String, Integer, Integer> workers, int input)
            throws InterruptedException {
        Future<Integer> answer = callers.submit(() -> workers.run("busy", input));
        started.acquire();
        return answer;
    }

    @Test
    void everyWorkerRunsTasksOfItsOwn() {
        try (InferenceWorkers<String, Integer, Integer> workers = workers(3, 1, 1, 60_000)) {
            for (int i = 0; i < 3; i++) {
                assertThat(workers.runOn(i, () -> Thread.currentThread().getName()))
                        .isEqualTo("inference-test-" + (i + 1));
            }
        }
    }

    @Test
    void aFreeWorkerTakesASingleImageAtOnceAndABusyOneFindsABatch() throws Exception {
        try (InferenceWorkers<String, Integer, Integer> workers = workers(1, 16, 4, 60_000)) {
            List<Future<Integer>> answers = new ArrayList<>();
            answers.add(running(workers, 0));
            for (int i = 1; i <= 6; i++) {
                answers.add(queued(workers, i == 3 ? "other" : "key", i));
            }
            mayRun.release(10);
            for (int i = 0; i <= 6; i++) {
                assertThat(answers.get(i).get()).isEqualTo(2 * i);
            }
            assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 4, 5), List.of(3), List.of(6));
            assertThat(meters.get("cxr.batch.size").summary().max()).isEqualTo(4);
        }
    }

    @Test
    void aFullQueueRefusesAtOnceAndTakesWorkAgainLater() throws Exception {
        try (InferenceWorkers<String, Integer, Integer> workers = workers(1, 1, 1, 60_000)) {
            Future<Integer> first = running(workers, 1);
            Future<Integer> second = queued(workers, "key", 2);

            assertThatExceptionOfType(InferenceRefusedException.class)
                    .isThrownBy(() -> workers.run("key", 3))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.QUEUE_FULL))
                    .satisfies(e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(1)));
            assertThat(meters.get("cxr.refusals")
                            .tag("reason", "queue_full")
                            .counter()
                            .count())
                    .isEqualTo(1);

            mayRun.release(3);
            assertThat(first.get()).isEqualTo(2);
            assertThat(second.get()).isEqualTo(4);
            assertThat(workers.run("key", 4)).isEqualTo(8);
        }
    }

    @Test
    void asManyImagesAreAdmittedAsMayWaitAndRunAndTheNextIsRefusedBeforeAnythingIsDoneForIt() throws Exception {
        try (InferenceWorkers<String, Integer, Integer> workers = workers(1, 2, 1, 60_000)) {
            Semaphore decoding = new Semaphore(0);
            List<Future<Boolean>> admitted = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                admitted.add(callers.submit(() -> workers.queue().admit(() -> {
                    started.release();
                    decoding.acquireUninterruptibly();
                    return true;
                })));
            }
            started.acquire(3);

            assertThatExceptionOfType(InferenceRefusedException.class)
                    .isThrownBy(() -> workers.queue().admit(() -> {
                        throw new IllegalStateException("work was done for a refused image");
                    }))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.QUEUE_FULL));

            decoding.release(3);
            for (Future<Boolean> image : admitted) {
                assertThat(image.get()).isTrue();
            }
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> workers.queue().admit(() -> {
                        throw new IllegalStateException("a damaged image");
                    }));
            for (int i = 0; i < 3; i++) {
                int image = i;
                assertThat(workers.queue().<Integer>admit(() -> image)).isEqualTo(i);
            }
        }
    }

    @Test
    void theTimeToRetryAfterGrowsWithTheQueueAndTheTimeOfAPass() throws Exception {
        try (InferenceWorkers<String, Integer, Integer> workers = workers(1, 4, 1, 60_000)) {
            Future<Integer> slow = running(workers, 1);
            clock.add(Duration.ofMillis(600)); // the only pass that was measured then takes this long
            mayRun.release();
            slow.get();
            List<Future<Integer>> answers = new ArrayList<>(List.of(running(workers, 2)));
            for (int i = 0; i < 4; i++) {
                answers.add(queued(workers, "key", i));
            }

            assertThatExceptionOfType(InferenceRefusedException.class)
                    .isThrownBy(() -> workers.run("key", 3))
                    .satisfies(e -> assertThat(e.retryAfter())
                            .as("of 4 images at 0.6 s")
                            .isEqualTo(Duration.ofSeconds(3)));
            mayRun.release(10);
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEven();
            }
        }
    }

    @Test
    void anImagePastItsDeadlineLeavesTheQueue() throws Exception {
        try (InferenceWorkers<String, Integer, Integer> workers = workers(1, 4, 1, 200)) {
            Future<Integer> busy = running(workers, 1);

            assertThatExceptionOfType(InferenceRefusedException.class)
                    .isThrownBy(() -> workers.run("key", 2))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.DEADLINE_PASSED));

            assertThat(workers.depth()).isZero();
            assertThat(meters.get("cxr.queue.wait").timer().count())
                    .as("waits that ended")
                    .isEqualTo(2);
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(busy::get);
            mayRun.release(1000);
            // Its deadline may pass too, on a busy machine.
            Await.until("a later image is answered", () -> isDoubled(workers, 3));
            assertThat(batches).doesNotContain(List.of(2));
            assertThat(meters.get("cxr.forward").timer().count()).isGreaterThanOrEqualTo(2);
        }
    }

    private static boolean isDoubled(InferenceWorkers<String, Integer, Integer> workers, int input) {
        try {
            return workers.run("key", input) == 2 * input;
        } catch (InferenceRefusedException e) {
            return false;
        }
    }

    @Test
    void aCallerThatIsInterruptedTakesItsImageBack() throws Exception {
        try (InferenceWorkers<String, Integer, Integer> workers = workers(1, 4, 1, 60_000)) {
            Future<Integer> busy = running(workers, 1);
            Future<Integer> dropped = queued(workers, "key", 2);

            dropped.cancel(true);

            Await.until("the image was taken back", () -> workers.depth() == 0);
            mayRun.release(2);
            assertThat(busy.get()).isEqualTo(2);
            assertThat(workers.run("key", 3)).isEqualTo(6);
            assertThat(batches).doesNotContain(List.of(2));
        }
    }

    @Test
    void aStopFinishesWhatRunsAndRefusesWhatWaits() throws Exception {
        InferenceWorkers<String, Integer, Integer> workers = workers(1, 4, 1, 60_000);
        Future<Integer> inFlight = running(workers, 1);
        Future<Integer> waiting = queued(workers, "key", 2);
        Thread closing = new Thread(workers::close);
        closing.start();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(waiting::get)
                .havingCause()
                .isInstanceOfSatisfying(InferenceRefusedException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.DRAINING));
        assertThatExceptionOfType(InferenceRefusedException.class).isThrownBy(() -> workers.run("key", 3));
        mayRun.release();
        assertThat(inFlight.get()).isEqualTo(2);
        closing.join();
    }

    @Test
    void theCallersGetTheirBatchsOwnExceptionAndTheWorkerGoesOn() {
        try (InferenceWorkers<String, Integer, Integer> workers = workers(1, 1, 1, 60_000)) {
            mayRun.release(2);
            assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> workers.run("key", 13));
            assertThat(workers.run("key", 1)).isEqualTo(2);
        }
    }

    @Test
    void anImageThatFailsDoesNotFailItsBatch() throws Exception {
        try (InferenceWorkers<String, Integer, Integer> workers = workers(1, 8, 4, 60_000)) {
            Future<Integer> busy = running(workers, 0);
            Future<Integer> good = queued(workers, "key", 1);
            Future<Integer> bad = queued(workers, "key", 13);
            Future<Integer> alsoGood = queued(workers, "key", 2);
            mayRun.release(10);

            assertThat(busy.get()).isZero();
            assertThat(good.get()).isEqualTo(2);
            assertThat(alsoGood.get()).isEqualTo(4);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(bad::get)
                    .withCauseInstanceOf(ArithmeticException.class);
        }
    }

    @Test
    void afterTheLastDeviceIsLostEveryImageIsRefusedAtOnce() throws Exception {
        try (InferenceWorkers<String, Integer, Integer> workers = workers(1, 8, 4, 60_000)) {
            Future<Integer> last = running(workers, 99);
            Future<Integer> waiting = queued(workers, "key", 1);
            mayRun.release(10);

            for (Future<Integer> image : List.of(last, waiting)) {
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(image::get)
                        .havingCause()
                        .isInstanceOfSatisfying(InferenceRefusedException.class, e -> assertThat(e.reason())
                                .isEqualTo(Reason.DEVICE_LOST));
            }
            assertThat(workers.isUsable()).isFalse();
            assertThatExceptionOfType(InferenceRefusedException.class).isThrownBy(() -> workers.run("key", 2));
            assertThat(workers.depth()).isZero();
        }
    }

    @Test
    void anotherWorkerTakesOverWhatALostDeviceHad() throws Exception {
        Semaphore lost = new Semaphore(0);
        try (InferenceWorkers<String, Integer, Integer> workers = new InferenceWorkers<>(
                "test",
                new InferenceQueue.Limits(2, 8, 1, Duration.ofSeconds(60)),
                (worker, key, inputs) -> {
                    if (worker == 0) {
                        lost.release();
                        throw new DeviceLostException(new IllegalStateException("the first worker's"));
                    }
                    lost.acquireUninterruptibly(); // the other one waits until the first has tried
                    lost.release();
                    return inputs;
                },
                meters,
                Observed.by(meters))) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int image = i;
                answers.add(callers.submit(() -> workers.run("key", image)));
            }
            for (int i = 0; i < 6; i++) {
                assertThat(answers.get(i).get()).isEqualTo(i);
            }
            assertThat(workers.isUsable()).isTrue();
        }
    }
}
