// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** The service would be open to a network without a setting that allows it. */
class UnprotectedServiceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String action;

    UnprotectedServiceException(String message, String action) {
        super(message);
        this.action = action;
    }

    /** The address is reachable from a network, and no mode is set. */
    static UnprotectedServiceException bound(String setting, @Nullable InetAddress address) {
        return new UnprotectedServiceException(
                "Refusing to bind %s (%s) without authentication."
                        .formatted(address == null ? "every address" : address.getHostAddress(), setting),
                "Set security.mode (SECURITY_MODE) to api-key or jwt; or to none, to serve without authentication;"
                        + " or leave server.address at loopback, and set management.server.address to it.");
    }

    /** Reports what to do, in place of a stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<UnprotectedServiceException> {

        @Override
        protected FailureAnalysis analyze(Throwable root, UnprotectedServiceException cause) {
            return new FailureAnalysis(cause.getMessage(), cause.action, cause);
        }
    }
}
