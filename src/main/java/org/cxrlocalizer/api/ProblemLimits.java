// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.net.URI;
import java.net.URISyntaxException;
import org.cxrlocalizer.json.JsonFault;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/** Keeps problems short, whatever they repeat of a request: its address, and messages of other libraries. */
@RestControllerAdvice
class ProblemLimits implements ResponseBodyAdvice<Object> {

    private static final int LONGEST_DETAIL = 500;
    private static final int LONGEST_INSTANCE = 200;

    @Override
    public boolean supports(MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returnType,
            MediaType mediaType,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (body instanceof ProblemDetail problem) {
            String detail = problem.getDetail();
            if (detail != null) {
                problem.setDetail(JsonFault.shorten(detail, LONGEST_DETAIL));
            }
            URI instance = problem.getInstance();
            problem.setInstance(instance == null ? null : instance(instance.toString()));
        }
        return body;
    }

    /** Returns the path of a request as a problem has it, or null if it is too long, or none. */
    static @Nullable URI instance(String path) {
        try {
            return path.length() > LONGEST_INSTANCE ? null : new URI(path);
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
