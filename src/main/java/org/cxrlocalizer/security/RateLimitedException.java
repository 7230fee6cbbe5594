package org.cxrlocalizer.security;

import java.time.Duration;

/** A key or a token's subject has asked more often than it may. */
public final class RateLimitedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Duration retryAfter;

    RateLimitedException(Duration retryAfter) {
        super("You may ask again in %d s.".formatted(Math.max(1, retryAfter.toSeconds())));
        this.retryAfter = retryAfter;
    }

    /** At least a second. */
    public Duration retryAfter() {
        return retryAfter.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : retryAfter;
    }
}
