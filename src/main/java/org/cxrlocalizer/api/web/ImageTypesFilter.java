// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Replaces media types of raw images that leave the format open by {@code application/octet-stream}, so that the bytes decide it. These
 * are what {@code curl --data-binary} and object stores send, old names of PNG, JPEG and DICOM, and wildcards. Types of other
 * formats are refused.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class ImageTypesFilter extends OncePerRequestFilter {

    private static final Set<String> BY_THEIR_BYTES = Set.of(
            "*/*",
            "application/binary",
            "application/download",
            "application/force-download",
            "application/unknown",
            "application/x-binary",
            "application/x-dicom",
            MediaType.APPLICATION_FORM_URLENCODED_VALUE,
            "application/x-octet-stream",
            "application/x-png",
            "binary/octet-stream",
            "image/*",
            "image/dcm",
            "image/dicom",
            "image/jfif",
            "image/jpe",
            "image/pipeg",
            "image/pjpeg",
            "image/vnd.dicom",
            "image/x-citrix-jpeg",
            "image/x-citrix-png",
            "image/x-dicom",
            "image/x-jpeg",
            "image/x-jpg",
            "image/x-png");

    /** Of these, parameters are left out: some cannot be read, as {@code charset=binary}. */
    private static final Set<String> WITHOUT_PARAMETERS = Set.of(
            MediaType.IMAGE_PNG_VALUE,
            MediaType.IMAGE_JPEG_VALUE,
            "image/jpg",
            ImageUpload.DICOM,
            MediaType.APPLICATION_OCTET_STREAM_VALUE);

    private final ObjectProvider<RequestMappingHandlerMapping> operations;
    private @Nullable List<PathPattern> paths;

    ImageTypesFilter(
            @Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> operations) {
        this.operations = operations;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String type = request.getContentType() == null ? "" : typeAlone(request.getContentType());
        String read = BY_THEIR_BYTES.contains(type)
                ? MediaType.APPLICATION_OCTET_STREAM_VALUE
                : WITHOUT_PARAMETERS.contains(type) ? type : null;
        chain.doFilter(read == null || !takesImage(request) ? request : new Typed(request, read), response);
    }

    private static String typeAlone(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private boolean takesImage(HttpServletRequest request) {
        PathContainer path = PathContainer.parsePath(
                request.getRequestURI().substring(request.getContextPath().length()));
        return paths().stream().anyMatch(pattern -> pattern.matches(path));
    }

    /** Those of the operations that take an image; they are known when the service has started. */
    private List<PathPattern> paths() {
        List<PathPattern> found = paths;
        if (found == null) {
            found = operations.getObject().getHandlerMethods().entrySet().stream()
                    .filter(operation -> takesImage(operation.getValue()))
                    .map(operation -> operation.getKey())
                    .map(RequestMappingInfo::getPathPatternsCondition)
                    .flatMap(condition -> condition == null ? null : condition.getPatterns().stream())
                    .toList();
            paths = found;
        }
        return found;
    }

    private static boolean takesImage(HandlerMethod operation) {
        return Arrays.stream(operation.getMethodParameters())
                .anyMatch(parameter -> parameter.getParameterType() == ImageUpload.class);
    }

    /** A request that states another media type. */
    private static final class Typed extends HttpServletRequestWrapper {

        private final String type;

        Typed(HttpServletRequest request, String type) {
            super(request);
            this.type = type;
        }

        @Override
        public String getContentType() {
            return type;
        }

        @Override
        public @Nullable String getHeader(String name) {
            return name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE) ? type : super.getHeader(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)
                    ? Collections.enumeration(List.of(type))
                    : super.getHeaders(name);
        }
    }
}
