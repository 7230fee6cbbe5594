// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.webhook;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the ends of jobs are posted.
 *
 * @param url the address that the ends of jobs are posted to; nothing is posted by default
 * @param secret the key of the signature, 24 to 64 bytes in base64, as {@code openssl rand -base64 32} prints; {@code whsec_}
 *     may stand before it
 * @param sslBundle name of the SSL bundle ({@code spring.ssl.bundle}) with the certificates that are trusted; the platform's trust
 *     by default
 * @param connectTimeout how long a connection may take
 * @param timeout how long an attempt may take, from the connection to the end of the answer
 */
@Validated
@ConfigurationProperties("webhook")
record WebhookProperties(
        @Nullable URI url,
        @Nullable String secret,
        @Nullable String sslBundle,

        @DefaultValue("5s") @NotNull @DurationMin(millis = 100)
        Duration connectTimeout,

        @DefaultValue("15s") @NotNull @DurationMin(millis = 100)
        Duration timeout) {

    private static final String PREFIX = "whsec_";
    private static final int SHORTEST = 24;
    private static final int LONGEST = 64;

    @AssertTrue(message = "must be an http or https address without a user or a fragment")
    boolean isUrlUsable() {
        return url == null
                || (Set.of("http", "https").contains(String.valueOf(url.getScheme()))
                        && url.getHost() != null
                        && url.getUserInfo() == null
                        && url.getFragment() == null);
    }

    @AssertTrue(message = "must be 24 to 64 bytes in base64, with webhook.url, and not without it")
    boolean isSecretUsable() {
        return (url == null) == (secret == null) && (secret == null || isKey(secret));
    }

    private static boolean isKey(String secret) {
        try {
            int length = decoded(secret).length;
            return length >= SHORTEST && length <= LONGEST;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] decoded(String secret) {
        return Base64.getDecoder().decode(secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret);
    }

    /** Returns the key of the signature, where an address is configured. */
    byte[] key() {
        return decoded(secret == null ? "" : secret);
    }

    /** Without the secret, and without the address, which may have one in its query. */
    @Override
    public String toString() {
        return "WebhookProperties[%s]".formatted(url == null ? "none" : url.getHost());
    }
}
