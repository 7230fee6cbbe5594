// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Answers a request without valid credentials: a problem, and a header that names the scheme. */
record AuthenticationChallenge(SecurityProperties.Mode mode, HandlerExceptionResolver problems)
        implements AuthenticationEntryPoint {

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e) {
        if (mode == SecurityProperties.Mode.JWT) {
            if (!(e instanceof AuthenticationServiceException)) {
                response.setHeader(HttpHeaders.WWW_AUTHENTICATE, bearer(e));
            }
        } else {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "ApiKey header=\"%s\"".formatted(ApiKeyFilter.HEADER));
        }
        problems.resolveException(request, response, null, e);
    }

    /** RFC 6750, section 3. Spring's own entry point also names metadata, at whatever address Host states. */
    private static String bearer(AuthenticationException e) {
        if (!(e instanceof OAuth2AuthenticationException refusal)) {
            return "Bearer";
        }
        String description = String.valueOf(refusal.getError().getDescription()).replaceAll("[^ !#-\\[\\]-~]", "_");
        return "Bearer error=\"%s\", error_description=\"%s\""
                .formatted(refusal.getError().getErrorCode(), description);
    }
}
