// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.util.ConcurrentReferenceHashMap;

/**
 * Limits the request rate per principal. Nodes that share a PostgreSQL count together; one that has its own database, or whose
 * database is away, counts by itself.
 */
final class RateLimit {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Bandwidth limit;
    private final Optional<SharedBuckets> shared;
    private final TimeMeter time;

    /** Soft references, because the number of token subjects is unbounded. */
    private final Map<String, Bucket> own = new ConcurrentReferenceHashMap<>();

    /** @param clock of the buckets that this node keeps */
    RateLimit(int perMinute, int burst, Optional<SharedBuckets> shared, Clock clock) {
        limit = Bandwidth.builder()
                .capacity(burst)
                .refillGreedy(perMinute, MINUTE)
                .build();
        this.shared = shared;
        time = new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return TimeUnit.MILLISECONDS.toNanos(clock.millis());
            }

            @Override
            public boolean isWallClockBased() {
                return true;
            }
        };
    }

    /** Counts a request. */
    ConsumptionProbe tryConsume(String principal) {
        return shared.flatMap(buckets -> buckets.tryConsume(key(principal), configuration()))
                .orElseGet(
                        () -> own.computeIfAbsent(principal, name -> bucket()).tryConsumeAndReturnRemaining(1));
    }

    private Bucket bucket() {
        return Bucket.builder().addLimit(limit).withCustomTimePrecision(time).build();
    }

    /**
     * A bucket keeps the limit that it was made with: under another limit there is another bucket. The database gets a
     * hash of the principal, and all keys have a short length.
     */
    private String key(String principal) {
        return "%d %d %s".formatted(limit.getRefillTokens(), limit.getCapacity(), DigestUtils.sha256Hex(principal));
    }

    private BucketConfiguration configuration() {
        return BucketConfiguration.builder().addLimit(limit).build();
    }
}
