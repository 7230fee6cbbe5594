// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import org.springframework.web.multipart.MultipartResolver;
import org.springframework.web.servlet.DispatcherServlet;

/** Has forms taken apart, not before a caller is authenticated: a node that does jobs alone has refused it. */
@Component(DispatcherServlet.MULTIPART_RESOLVER_BEAN_NAME)
final class FormResolver implements MultipartResolver {

    private final FormParts parts;

    FormResolver(FormParts parts) {
        this.parts = parts;
    }

    @Override
    public boolean isMultipart(HttpServletRequest request) {
        return StringUtils.startsWithIgnoreCase(request.getContentType(), MediaType.MULTIPART_FORM_DATA_VALUE);
    }

    @Override
    public MultipartHttpServletRequest resolveMultipart(HttpServletRequest request) {
        return new FormRequest(request, parts);
    }

    @Override
    public void cleanupMultipart(MultipartHttpServletRequest request) {
        if (request instanceof FormRequest form) {
            form.close();
        }
    }
}
