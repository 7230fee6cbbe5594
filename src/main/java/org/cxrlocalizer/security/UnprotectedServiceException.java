package org.cxrlocalizer.security;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** The service would answer anybody on a network, and nobody has said that it may. */
final class UnprotectedServiceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnprotectedServiceException(String setting, @Nullable InetAddress address) {
        super("The service would bind %s (%s) and ask nobody who they are."
                .formatted(address == null ? "every address" : address.getHostAddress(), setting));
    }

    /** Says what to do, in place of a stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<UnprotectedServiceException> {

        @Override
        protected FailureAnalysis analyze(Throwable root, UnprotectedServiceException cause) {
            return new FailureAnalysis(
                    cause.getMessage(),
                    "Set security.mode (SECURITY_MODE) to api-key or jwt; or to none, if whoever reaches the service may use it;"
                            + " or leave server.address at loopback, and set management.server.address to it.",
                    cause);
        }
    }
}
