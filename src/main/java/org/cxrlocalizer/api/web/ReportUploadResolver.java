// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** Takes the report out of a form; there is none in a raw body. */
@Component
class ReportUploadResolver implements HandlerMethodArgumentResolver {

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == ReportUpload.class;
    }

    @Override
    public @Nullable ReportUpload resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binderFactory)
            throws IOException {
        MultipartHttpServletRequest form = request.getNativeRequest(MultipartHttpServletRequest.class);
        MultipartFile report = form == null ? null : form.getFile(ReportUpload.PART);
        return report == null ? null : new ReportUpload(report.getBytes(), report.getContentType());
    }
}
