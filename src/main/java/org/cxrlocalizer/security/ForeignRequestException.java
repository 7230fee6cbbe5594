// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import org.springframework.security.access.AccessDeniedException;

/** A web page of another origin may have sent the request, to a service without authentication. */
public final class ForeignRequestException extends AccessDeniedException {

    private static final long serialVersionUID = 1;

    ForeignRequestException(String message) {
        super(message);
    }
}
