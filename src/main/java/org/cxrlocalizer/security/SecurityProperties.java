// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Authentication and access. Tokens are configured by {@code spring.security.oauth2.resourceserver.jwt} (issuer, keys,
 * audiences).
 *
 * @param mode how callers are authenticated: {@code none}, {@code api-key} or {@code jwt}; without it there is no authentication,
 *     and the service binds loopback only
 * @param apiKeys file of the keys' hashes, which is read again when it changes
 * @param requestsPerMinute request rate of a key or a token's subject, over time; no limit by default
 * @param burst how many requests may come at once within that rate
 * @param allowedHosts host names by which the service is reached without authentication, besides those of loopback and its own
 *     addresses
 * @param trustedProxies addresses or ranges of proxies whose {@code X-Forwarded-For} gives the client's address to the audit log
 * @param allowedOrigins origins of other web pages that may send requests; none by default
 */
@Validated
@ConfigurationProperties("security")
record SecurityProperties(
        @Nullable Mode mode,
        @Nullable Path apiKeys,
        @Nullable @Positive Integer requestsPerMinute,
        @DefaultValue("30") @Positive int burst,
        @DefaultValue List<String> allowedHosts,
        @DefaultValue List<String> trustedProxies,
        @DefaultValue List<String> allowedOrigins) {

    enum Mode {
        NONE,
        API_KEY,
        JWT
    }

    Mode effectiveMode() {
        return mode == null ? Mode.NONE : mode;
    }

    @AssertTrue(message = "must name a file in security.api-keys where security.mode is api-key")
    boolean isApiKeysGiven() {
        return mode != Mode.API_KEY || apiKeys != null;
    }
}
