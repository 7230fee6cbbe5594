package org.cxrlocalizer.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Writes a line for each request of the API to the logger {@code audit}: who asked, for what, about which object, of which model,
 * with which answer. The route stands for the address, whose parts may name a study.
 */
final class AuditFilter extends OncePerRequestFilter {

    private static final Logger AUDIT = LoggerFactory.getLogger("audit");
    static final String WHO = AuditFilter.class.getName() + ".who";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long start = System.nanoTime();
        // What the server answers where a filter fails; the response does not say so yet.
        int status = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        try {
            chain.doFilter(request, response);
            status = response.getStatus();
        } finally {
            write(request, status, (System.nanoTime() - start) / 1_000_000);
        }
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getServletPath().startsWith("/v1/"); // decoded, as controllers are found by it
    }

    private static void write(HttpServletRequest request, int status, long milliseconds) {
        Object route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        String notes = Audit.notes(request).entrySet().stream()
                .map(note -> " %s=%s".formatted(note.getKey(), note.getValue()))
                .collect(Collectors.joining());
        AUDIT.info(
                "who={} method={} route={} status={} ms={}{}",
                who(request.getAttribute(WHO)),
                request.getMethod(),
                route == null ? "-" : route,
                status,
                milliseconds,
                notes);
    }

    private static String who(@Nullable Object noted) {
        return noted instanceof String name ? name : "-";
    }

    /** Notes who asks while that is known: Spring Security forgets it before the request ends. */
    static final class Noting extends OncePerRequestFilter {

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
            if (authentication != null && !(authentication instanceof AnonymousAuthenticationToken)) {
                // A token's subject is whatever its issuer chose: it must not break the line.
                request.setAttribute(WHO, authentication.getName().replaceAll("[^\\x21-\\x7e]", "_"));
            }
            chain.doFilter(request, response);
        }
    }
}
