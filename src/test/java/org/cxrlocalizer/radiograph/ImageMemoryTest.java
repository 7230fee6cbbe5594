// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.Test;

class ImageMemoryTest {

    private final ImageMemory memory = new ImageMemory(1000);

    @Test
    void whatIsTakenIsGivenBackAtTheEnd() {
        try (ImageMemory.Reservation reservation = memory.open()) {
            reservation.take(300);
            reservation.take(600);
            reservation.give(100);
            assertThat(memory.taken()).isEqualTo(800);
        }
        assertThat(memory.taken()).isZero();
    }

    @Test
    void aStepThatDoesNotFitIsRefusedAndTakesNothing() {
        try (ImageMemory.Reservation first = memory.open();
                ImageMemory.Reservation second = memory.open()) {
            first.take(600);
            assertThatExceptionOfType(ImageMemoryFullException.class).isThrownBy(() -> second.take(401));
            second.take(400);
            assertThat(memory.taken()).isEqualTo(1000);
        }
    }

    @Test
    void anImageThatNeverFitsIsTooLarge() {
        try (ImageMemory.Reservation reservation = memory.open()) {
            reservation.take(1);
            assertThatExceptionOfType(ImageTooLargeException.class)
                    .isThrownBy(() -> reservation.take(1000))
                    .withMessageContaining("more memory than the 0 MB");
            assertThatExceptionOfType(ImageTooLargeException.class).isThrownBy(() -> reservation.take(Long.MAX_VALUE));
        }
    }

    @Test
    void manyThreadsNeverTakeMoreThanThereIs() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Boolean>> ended = IntStream.range(0, 8)
                    .mapToObj(thread -> threads.submit(() -> {
                        boolean never = true;
                        for (int i = 0; i < 20_000; i++) {
                            try (ImageMemory.Reservation reservation = memory.open()) {
                                reservation.take(200);
                                reservation.take(1 + i % 200);
                            } catch (ImageMemoryFullException e) {
                                Thread.onSpinWait();
                            }
                            never &= memory.taken() <= 1000;
                        }
                        return never;
                    }))
                    .toList();
            for (Future<Boolean> one : ended) {
                assertThat(one.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(memory.taken()).isZero();
    }

    @Test
    void aReaderAccountsForPixelsBeforeItDecodesThem() {
        byte[] png = Samples.read(Samples.NAMES.get(0));
        ImageMemory small = new ImageMemory(png.length + 1024 * 1024);
        RadiographReader reader = new RadiographReader(RadiographReaders.LIMITS, ObservationRegistry.NOOP, small);

        assertThatExceptionOfType(ImageTooLargeException.class).isThrownBy(() -> reader.read(png));
        assertThat(small.taken()).isZero();
    }
}
