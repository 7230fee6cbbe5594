package org.cxrlocalizer.security;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tokens would be taken whoever issued them, or for whichever service. */
final class UncheckedTokensException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UncheckedTokensException() {
        super("security.mode is jwt, and tokens would be taken from any issuer, or for any service.");
    }

    /** Says what to do, in place of a stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<UncheckedTokensException> {

        @Override
        protected FailureAnalysis analyze(Throwable root, UncheckedTokensException cause) {
            return new FailureAnalysis(
                    cause.getMessage(),
                    "Set issuer-uri and audiences of spring.security.oauth2.resourceserver.jwt; jwk-set-uri besides, where the"
                            + " issuer does not say where its keys are.",
                    cause);
        }
    }
}
