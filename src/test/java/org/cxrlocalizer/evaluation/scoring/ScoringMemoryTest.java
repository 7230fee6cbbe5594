// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScoringMemoryTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private static ScoringSize size(long boxes) {
        return new ScoringSize(1, 1, 0, 1, boxes, new Bootstrap(1, 10));
    }

    private static int await(CountDownLatch latch) {
        try {
            latch.await();
            return 1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatNeverFitsIsRefusedWithEstimateAndLimit() {
        ScoringMemory memory = new ScoringMemory(50 << 20);

        memory.require(size(1));
        assertThatExceptionOfType(EvaluationTooLargeException.class)
                .isThrownBy(() -> memory.require(size(1_000_000)))
                .withMessageContaining("1000000 boxes and 10 draws needs about %d MB of memory, and 50 MB is the limit"
                        .formatted(1 + size(1_000_000).bytes() / (1 << 20)))
                .satisfies(e -> {
                    assertThat(e.estimate()).isEqualTo(size(1_000_000).bytes());
                    assertThat(e.limit()).isEqualTo(50 << 20);
                });
        assertThatExceptionOfType(EvaluationTooLargeException.class)
                .isThrownBy(() -> memory.during(size(1_000_000), ScoringGuard.NONE, () -> 1));
    }

    @Test
    void manyScoringsAtOnceWaitForEachOtherAndNeverTakeMoreThanThereIs() throws Exception {
        ScoringMemory memory = new ScoringMemory(2 * size(1).bytes() + (1 << 20));
        AtomicInteger scored = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(threads.submit(() -> memory.during(size(1), ScoringGuard.NONE, () -> {
                most.accumulateAndGet(scored.incrementAndGet(), Math::max);
                return scored.decrementAndGet();
            })));
        }
        for (Future<Integer> one : all) {
            assertThat(one.get()).isBetween(0, 1);
        }
        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void aScoringIsMarkedOnlyWhileItHasMemoryAndOneThatFailsGivesItBack() throws Exception {
        ScoringMemory memory = new ScoringMemory(size(1).bytes() + (1 << 20));
        List<String> calls = new ArrayList<>();
        ScoringGuard guard = new ScoringGuard() {
            @Override
            public void begins() {
                calls.add("begins");
            }

            @Override
            public void ended() {
                calls.add("ended");
            }
        };

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> memory.during(size(1), guard, () -> {
                    throw new IOException("of the disk");
                }));
        assertThat(memory.<Integer>during(size(1), guard, () -> 7)).isEqualTo(7);

        assertThat(calls).containsExactly("begins", "ended", "begins", "ended");
    }

    @Test
    void anEvaluationThatEndsWhileItWaitsIsNotScored() throws Exception {
        ScoringMemory memory = new ScoringMemory(size(1).bytes() + (1 << 20));
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Future<Integer> first = threads.submit(() -> memory.during(size(1), ScoringGuard.NONE, () -> {
            holding.countDown();
            return await(over);
        }));
        holding.await();
        ScoringGuard cancelled = new ScoringGuard() {
            @Override
            public boolean isOpen() {
                return false;
            }

            @Override
            public void begins() {
                throw new AssertionError("it has no memory");
            }
        };

        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> memory.during(size(1), cancelled, () -> 2));
        over.countDown();
        assertThat(first.get()).isEqualTo(1);
    }
}
