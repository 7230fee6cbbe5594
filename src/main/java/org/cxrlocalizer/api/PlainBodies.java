// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.cxrlocalizer.json.JsonFault;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses bodies in a content encoding, which would be taken for damaged ones. */
final class PlainBodies implements HandlerInterceptor {

    private static final String PLAIN = "identity";
    private static final int SHOWN = 60;

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (RequestConfiguration.isOperation(handler)
                && encoding != null
                && !encoding.isBlank()
                && !encoding.strip().equalsIgnoreCase(PLAIN)) {
            response.setHeader(HttpHeaders.ACCEPT_ENCODING, PLAIN); // RFC 9110, section 15.5.16
            throw new ProblemException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "The Content-Encoding '%s' is not supported; send the body as it is."
                            .formatted(JsonFault.shorten(encoding, SHOWN)));
        }
        return true;
    }
}
