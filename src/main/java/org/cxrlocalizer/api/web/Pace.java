// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Limits the time that a thread waits for a peer's bytes: an allowance, and time for each byte that was transferred. It counts
 * the time between two attempts of which the first transferred nothing. Time in which nothing is transferred on purpose does not
 * count.
 */
final class Pace {

    private static final long BYTES_PER_SECOND = 16_000;

    private long allowance = Long.MAX_VALUE;
    private long nanosPerByte;
    private long waited;
    private long transferred;
    private long stalledAt;
    private boolean isStalled;

    /** Starts for a request. */
    void start(Duration allowance) {
        restart(allowance.toNanos(), 1_000_000_000L / BYTES_PER_SECOND);
    }

    /** Starts with an allowance that no transferred byte extends. */
    void startStrict(Duration allowance) {
        restart(allowance.toNanos(), 0);
    }

    /** Sets no limit until the next start. */
    void stop() {
        restart(Long.MAX_VALUE, 0);
    }

    private void restart(long allowance, long nanosPerByte) {
        this.allowance = allowance;
        this.nanosPerByte = nanosPerByte;
        waited = 0;
        transferred = 0;
        isStalled = false;
    }

    /** An attempt to read or write the bytes of a buffer. */
    @FunctionalInterface
    interface Transfer {

        /** Returns the number of bytes; it is negative at the end of the stream. */
        int of(ByteBuffer buffer) throws IOException;
    }

    /**
     * Makes an attempt, if the peer has time left.
     *
     * @throws SocketTimeoutException if the peer was waited for too long
     */
    int measure(ByteBuffer buffer, Transfer transfer) throws IOException {
        check();
        int bytes = transfer.of(buffer);
        count(bytes);
        return bytes;
    }

    /**
     * Ends the time of waiting, before an attempt.
     *
     * @throws SocketTimeoutException if the peer was waited for too long
     */
    private void check() throws SocketTimeoutException {
        if (isStalled) {
            waited += System.nanoTime() - stalledAt;
            isStalled = false;
        }
        if (allowance != Long.MAX_VALUE && waited > allowance + transferred * nanosPerByte) {
            throw new SocketTimeoutException("the peer is too slow");
        }
    }

    /** Counts the bytes of an attempt; none starts the time of waiting. */
    private void count(int bytes) {
        if (bytes > 0) {
            transferred += bytes;
        } else if (bytes == 0) {
            stalledAt = System.nanoTime();
            isStalled = true;
        }
    }
}
