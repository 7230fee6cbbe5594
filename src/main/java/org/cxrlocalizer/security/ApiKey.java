// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * An API key, stored as its SHA-256 hash. Keys are 256 random bits, too many to try; a plain hash is enough for them, where
 * passwords need a slow one.
 *
 * @param name of the principal; in the audit log
 * @param scopes what it may be used for
 * @param sha256 of the key, in hexadecimal
 * @param expires when it is no longer taken; null for never
 */
public record ApiKey(
        String name,
        Set<Scope> scopes,
        String sha256,
        @Nullable Instant expires) {

    private static final String PREFIX = "cxr_";
    private static final int BYTES = 32;

    public ApiKey {
        if (name == null || !name.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException(
                    "a key needs a 'name' of letters, digits, dots, underscores and hyphens");
        }
        if (scopes == null || scopes.isEmpty()) {
            throw new IllegalArgumentException("key '%s' needs 'scopes'".formatted(name));
        }
        if (sha256 == null || !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("key '%s' needs a 'sha256' of 64 hexadecimal digits".formatted(name));
        }
        scopes = Set.copyOf(scopes);
    }

    /** Generates the text of a new key. It is not stored. */
    public static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public static ApiKey of(String name, Set<Scope> scopes, String key) {
        return new ApiKey(name, scopes, DigestUtils.sha256Hex(key), null);
    }

    /** Compares in constant time. */
    boolean matches(byte[] hash) {
        return MessageDigest.isEqual(HexFormat.of().parseHex(sha256), hash);
    }
}
