package org.cxrlocalizer.security;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.util.ConcurrentReferenceHashMap;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Lets each who is known ask so often and no oftener; by node, since what one may ask of all is nothing that one node knows. */
final class RateLimitFilter extends OncePerRequestFilter {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final int perMinute;
    private final int burst;
    private final HandlerExceptionResolver problems;

    /** Softly held: subjects of tokens are without number. */
    private final Map<String, Bucket> buckets = new ConcurrentReferenceHashMap<>();

    RateLimitFilter(int perMinute, int burst, HandlerExceptionResolver problems) {
        this.perMinute = perMinute;
        this.burst = burst;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        if (who != null && !(who instanceof AnonymousAuthenticationToken)) {
            ConsumptionProbe probe =
                    buckets.computeIfAbsent(who.getName(), name -> bucket()).tryConsumeAndReturnRemaining(1);
            if (!probe.isConsumed()) {
                RateLimitedException refusal =
                        new RateLimitedException(Duration.ofNanos(probe.getNanosToWaitForRefill()));
                problems.resolveException(request, response, null, refusal);
                return;
            }
        }
        chain.doFilter(request, response);
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(burst).refillGreedy(perMinute, MINUTE))
                .build();
    }
}
