package org.cxrlocalizer.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Answers a request without valid credentials: a problem, and a header that names the scheme. */
record AuthenticationChallenge(SecurityProperties.Mode mode, HandlerExceptionResolver problems)
        implements AuthenticationEntryPoint {

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e) {
        if (mode == SecurityProperties.Mode.JWT) {
            new BearerTokenAuthenticationEntryPoint().commence(request, response, e);
        } else {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "ApiKey header=\"%s\"".formatted(ApiKeyFilter.HEADER));
        }
        problems.resolveException(request, response, null, e);
    }
}
