// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses requests that a web page of another origin may have made a browser send. Without authentication, any browser that
 * reaches the service could otherwise be used: by a name that an attacker resolves to this machine (DNS rebinding), or by a
 * request whose answer the page cannot read.
 */
final class ForeignPageFilter extends OncePerRequestFilter {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private final LocalHosts hosts;
    private final Set<String> origins;
    private final HandlerExceptionResolver problems;

    /**
     * @param hosts names by which this service may be reached, besides those of loopback
     * @param origins of pages that may send requests
     */
    ForeignPageFilter(List<String> hosts, List<String> origins, HandlerExceptionResolver problems) {
        this.hosts = new LocalHosts(hosts);
        this.origins =
                origins.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String reason = reason(request);
        if (reason == null) {
            chain.doFilter(request, response);
        } else {
            problems.resolveException(request, response, null, new ForeignRequestException(reason));
        }
    }

    private @Nullable String reason(HttpServletRequest request) {
        // No browser leaves the header out.
        boolean isNamed = request.getHeader(HttpHeaders.HOST) != null;
        if (isNamed && !hosts.contains(request.getServerName(), request.getLocalAddr())) {
            return "The service is not reached by this host name. security.allowed-hosts may list it.";
        }
        if (READING.contains(request.getMethod())) {
            return null;
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && origins.contains(origin.toLowerCase(Locale.ROOT))) {
            return null;
        }
        boolean isForeign = origin == null
                ? "cross-site".equalsIgnoreCase(request.getHeader("Sec-Fetch-Site"))
                : !isOwn(origin, request) || "cross-site".equalsIgnoreCase(request.getHeader("Sec-Fetch-Site"));
        return isForeign ? "A page of another origin sent this. security.allowed-origins may list it." : null;
    }

    /** By host and port: behind a proxy that ends TLS, the scheme is another one. */
    private static boolean isOwn(String origin, HttpServletRequest request) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority != null && authority.equalsIgnoreCase(request.getHeader(HttpHeaders.HOST));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
