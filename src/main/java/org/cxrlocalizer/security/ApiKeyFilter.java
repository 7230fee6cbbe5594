// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.web.filter.OncePerRequestFilter;

/** Authenticates requests by the header {@value #HEADER}. An unknown key is refused even where none is needed. */
final class ApiKeyFilter extends OncePerRequestFilter {

    static final String HEADER = "X-API-Key";

    private final ApiKeys keys;
    private final AuthenticationEntryPoint refusal;

    ApiKeyFilter(ApiKeys keys, AuthenticationEntryPoint refusal) {
        this.keys = keys;
        this.refusal = refusal;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String presented = request.getHeader(HEADER);
        if (presented != null) {
            Optional<ApiKey> key = keys.find(presented);
            if (key.isEmpty()) {
                refusal.commence(request, response, new BadCredentialsException("The key is not known, or expired."));
                return;
            }
            SecurityContext context = SecurityContextHolder.createEmptyContext();
            context.setAuthentication(
                    UsernamePasswordAuthenticationToken.authenticated(key.get().name(), null, authorities(key.get())));
            SecurityContextHolder.setContext(context);
        }
        chain.doFilter(request, response);
    }

    private static List<SimpleGrantedAuthority> authorities(ApiKey key) {
        return key.scopes().stream()
                .map(Scope::authority)
                .map(SimpleGrantedAuthority::new)
                .toList();
    }
}
