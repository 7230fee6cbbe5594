// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import java.time.Duration;

/** A key or a token's subject has exceeded its request rate. */
public final class RateLimitedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Duration retryAfter;

    /** @param wait until a request is taken; rounded up, since Retry-After has whole seconds */
    RateLimitedException(Duration wait) {
        this((long) Math.ceil(Math.max(1, wait.toNanos() / 1e9)));
    }

    private RateLimitedException(long seconds) {
        super("Retry after %d s.".formatted(seconds));
        retryAfter = Duration.ofSeconds(seconds);
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
