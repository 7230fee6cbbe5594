// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Duration;
import java.util.List;

/**
 * An issuer's keys, fetched rarely whatever tokens come: those of unknown keys cost the issuer two requests in each interval,
 * and an issuer that is away or hangs costs its known keys nothing.
 */
final class CachedKeys implements JWKSource<SecurityContext> {

    private static final Duration FRESH = Duration.ofMinutes(5);

    /** How long an issuer may be away before its keys are no longer taken. */
    private static final Duration OUTAGE = Duration.ofHours(4);

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    /** Requests that come while keys are fetched hold a thread so long. */
    private static final Duration WAIT = Duration.ofMillis(500);

    private final JWKSource<SecurityContext> source;
    private volatile boolean known;

    CachedKeys(JWKSetSource<SecurityContext> keys) {
        source = JWKSourceBuilder.create(keys)
                .cache(FRESH.toMillis(), WAIT.toMillis())
                .refreshAheadCache(false)
                .rateLimited(INTERVAL.toMillis())
                .outageTolerant(OUTAGE.toMillis())
                .build();
    }

    /** @throws KeySourceException if there are no keys, because the issuer does not answer */
    @Override
    public List<JWK> get(JWKSelector selector, SecurityContext context) throws KeySourceException {
        try {
            List<JWK> keys = source.get(selector, context);
            known = true;
            return keys;
        } catch (RateLimitReachedException e) {
            if (known) {
                return List.of(); // an unknown key, as far as the issuer was queried
            }
            throw e;
        }
    }
}
