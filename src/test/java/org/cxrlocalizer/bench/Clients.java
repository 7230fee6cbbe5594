// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Callers of a service's {@code POST /v1/localizations}. */
final class Clients {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpRequest request;

    Clients(URI uri, byte[] image, String mediaType) {
        request = HttpRequest.newBuilder(uri)
                .header("Content-Type", mediaType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(image))
                .build();
    }

    /** When requests come in an open loop: the next comes whether or not the last was answered. */
    enum Arrivals {
        /** At equal distances. */
        STEADY {
            @Override
            double gap(Random random) {
                return 1;
            }
        },
        /** Independently of each other (Poisson). */
        RANDOM {
            @Override
            double gap(Random random) {
                return -Math.log1p(-random.nextDouble());
            }
        };

        /** The time between two, in units of its mean. */
        abstract double gap(Random random);
    }

    /**
     * What an open loop saw.
     *
     * @param millis latencies of the answered requests, from the time that each was due, sorted
     * @param refused answers other than 200
     */
    record Outcome(double seconds, double[] millis, long refused) {

        double throughput() {
            return millis.length / seconds;
        }

        double quantile(double q) {
            return millis.length == 0
                    ? Double.NaN
                    : millis[(int) Math.min(millis.length - 1, Math.floor(q * millis.length))];
        }
    }

    /**
     * Sends requests at a rate for a time. Latency counts from when a request was due, so that a slow service, or a slow
     * client, cannot hide behind requests that were not sent.
     */
    Outcome openLoop(double ratePerSecond, double seconds, Arrivals arrivals, long seed) {
        Random random = new Random(seed);
        int most = (int) (ratePerSecond * seconds);
        double[] millis = new double[most];
        Arrays.fill(millis, Double.NaN);
        AtomicLong refused = new AtomicLong();
        List<CompletableFuture<?>> answers = new ArrayList<>();
        long start = System.nanoTime();
        double due = 0;
        for (int i = 0; i < most; i++) {
            due += arrivals.gap(random) / ratePerSecond;
            long at = start + (long) (due * 1e9);
            for (long wait = at - System.nanoTime(); wait > 0; wait = at - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            int index = i;
            answers.add(http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .thenAccept(answer -> {
                        if (answer.statusCode() == 200) {
                            millis[index] = (System.nanoTime() - at) / 1e6;
                        } else {
                            refused.incrementAndGet();
                        }
                    }));
        }
        answers.forEach(CompletableFuture::join);
        double[] answered =
                Arrays.stream(millis).filter(Double::isFinite).sorted().toArray();
        return new Outcome(due, answered, refused.get());
    }

    /** Answers a second to so many clients, each of which sends its next request when it has its answer. */
    double closedLoop(int clients, double seconds) throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<Future<Double>> rates = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                rates.add(threads.submit(() -> {
                    long start = System.nanoTime();
                    long answered = 0;
                    while (System.nanoTime() < end) {
                        int status = http.send(request, HttpResponse.BodyHandlers.discarding())
                                .statusCode();
                        if (status != 200) {
                            throw new IllegalStateException("a client got the status " + status);
                        }
                        answered++;
                    }
                    return answered * 1e9 / (System.nanoTime() - start);
                }));
            }
            double sum = 0;
            for (Future<Double> rate : rates) {
                sum += rate.get();
            }
            return sum;
        } finally {
            threads.shutdown();
        }
    }
}
