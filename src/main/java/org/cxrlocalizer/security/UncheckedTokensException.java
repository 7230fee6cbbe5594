package org.cxrlocalizer.security;

/** Tokens would be taken whoever issued them, or for whichever service. */
final class UncheckedTokensException extends UnprotectedServiceException {

    private static final long serialVersionUID = 1;

    UncheckedTokensException() {
        super(
                "security.mode is jwt, and tokens would be taken from any issuer, or for any service.",
                "Set issuer-uri and audiences of spring.security.oauth2.resourceserver.jwt; jwk-set-uri besides, where the"
                        + " issuer does not say where its keys are.");
    }
}
