// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Limits the request rate per authenticated principal. */
final class RateLimitFilter extends OncePerRequestFilter {

    private final RateLimit limit;
    private final HandlerExceptionResolver problems;

    RateLimitFilter(RateLimit limit, HandlerExceptionResolver problems) {
        this.limit = limit;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Authentication principal = SecurityContextHolder.getContext().getAuthentication();
        if (principal != null && !(principal instanceof AnonymousAuthenticationToken)) {
            ConsumptionProbe probe = limit.tryConsume(principal.getName());
            if (!probe.isConsumed()) {
                RateLimitedException refusal =
                        new RateLimitedException(Duration.ofNanos(probe.getNanosToWaitForRefill()));
                problems.resolveException(request, response, null, refusal);
                return;
            }
        }
        chain.doFilter(request, response);
    }
}
