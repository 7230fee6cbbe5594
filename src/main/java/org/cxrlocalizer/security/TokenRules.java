// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;

/**
 * Tokens are accepted of a named issuer and audience only. Where none is named, Spring Security accepts a token of any: with
 * the right key, one of another service.
 */
final class TokenRules {

    private TokenRules() {}

    /** @throws UncheckedTokensException if tokens are used and issuer or audiences are not set */
    static void check(SecurityProperties properties, OAuth2ResourceServerProperties.Jwt jwt) {
        if (properties.mode() == SecurityProperties.Mode.JWT
                && (jwt.getIssuerUri() == null || jwt.getAudiences().isEmpty())) {
            throw new UncheckedTokensException();
        }
    }
}
