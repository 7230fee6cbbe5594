package org.cxrlocalizer.security;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.springframework.util.ConcurrentReferenceHashMap;

/**
 * How often each who is known may ask. Nodes that share a PostgreSQL count together; one that has its own database, or whose
 * database is away, counts by itself.
 */
final class RateLimit {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Bandwidth limit;
    private final Optional<SharedBuckets> shared;

    /** Softly held: subjects of tokens are without number. */
    private final Map<String, Bucket> own = new ConcurrentReferenceHashMap<>();

    RateLimit(int perMinute, int burst, Optional<SharedBuckets> shared) {
        limit = Bandwidth.builder()
                .capacity(burst)
                .refillGreedy(perMinute, MINUTE)
                .build();
        this.shared = shared;
    }

    /** Counts a request. */
    ConsumptionProbe ask(String who) {
        return shared.flatMap(buckets -> buckets.tryConsume(key(who), configuration()))
                .orElseGet(() -> own.computeIfAbsent(
                                who, name -> Bucket.builder().addLimit(limit).build())
                        .tryConsumeAndReturnRemaining(1));
    }

    /**
     * A bucket keeps the limit that it was made with: under another limit there is another bucket. The database need not know
     * who it is, and an index takes no key of any length.
     */
    private String key(String who) {
        return "%d %d %s"
                .formatted(
                        limit.getRefillTokens(),
                        limit.getCapacity(),
                        HexFormat.of().formatHex(ApiKey.hash(who)));
    }

    private BucketConfiguration configuration() {
        return BucketConfiguration.builder().addLimit(limit).build();
    }
}
