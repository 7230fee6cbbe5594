// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

/** JWT issuer or audience validation is not configured. */
final class UncheckedTokensException extends UnprotectedServiceException {

    private static final long serialVersionUID = 1;

    UncheckedTokensException() {
        super(
                "security.mode is jwt, and JWT issuer or audience validation is not configured.",
                "Set issuer-uri and audiences of spring.security.oauth2.resourceserver.jwt; jwk-set-uri besides, where the"
                        + " issuer does not state where its keys are.");
    }
}
