// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
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
 * Writes a line for each request of the API, and for each other one that is refused or changes something, to the logger
 * {@code audit}: the principal, the client's address, the route, the object, the model and the status. The route stands for
 * the address, whose parts may name a study.
 */
final class AuditFilter extends OncePerRequestFilter {

    private static final Logger AUDIT = LoggerFactory.getLogger("audit");
    static final String WHO = AuditFilter.class.getName() + ".who";

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    /** Addresses outside of the API that name no patient, refused before they have a route. */
    private static final Pattern NAMED = Pattern.compile("/|/index\\.html|/v3/api-docs|/actuator(/[a-z]{1,32})?");

    private final ClientAddress addresses;

    AuditFilter(ClientAddress addresses) {
        this.addresses = addresses;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long start = System.nanoTime();
        // What the server answers where a filter fails; the response does not have that status yet.
        int status = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        try {
            chain.doFilter(request, response);
            status = response.getStatus();
        } finally {
            write(request, status, (System.nanoTime() - start) / 1_000_000);
        }
    }

    /** One for the filter before all others and the one of the chain. */
    @Override
    protected String getAlreadyFilteredAttributeName() {
        return AuditFilter.class.getName() + ".FILTERED";
    }

    private static boolean isAudited(HttpServletRequest request, int status) {
        return request.getServletPath().startsWith("/v1/") // decoded, as controllers are found by it
                || status == HttpServletResponse.SC_UNAUTHORIZED
                || status == HttpServletResponse.SC_FORBIDDEN
                || !READING.contains(request.getMethod());
    }

    private void write(HttpServletRequest request, int status, long milliseconds) {
        if (!isAudited(request, status)) {
            return;
        }
        Object route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        String notes = Audit.notes(request).entrySet().stream()
                .map(note -> " %s=%s".formatted(note.getKey(), note.getValue()))
                .collect(Collectors.joining());
        AUDIT.info(
                "who={} method={} route={} status={} ms={} from={}{}",
                who(request.getAttribute(WHO)),
                request.getMethod().replaceAll("[^A-Za-z]", "_"),
                route == null ? unrouted(request) : route,
                status,
                milliseconds,
                addresses.of(request),
                notes);
    }

    private static String unrouted(HttpServletRequest request) {
        String path = request.getServletPath();
        return NAMED.matcher(path).matches() ? path : "-";
    }

    private static String who(@Nullable Object noted) {
        return noted instanceof String name ? name : "-";
    }

    /** Notes the principal while it is known: Spring Security clears it before the request ends. */
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
