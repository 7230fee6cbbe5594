// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * UIDs that are the same whenever they are made from the same things, so that an object that is made twice is recognized. They
 * are written as UUIDs (PS3.5, annex B.2), of the version that is left to the maker's own hash (RFC 9562, section 5.8).
 */
public final class DerivedUid {

    private static final int UUID_BYTES = 16;

    private DerivedUid() {}

    /** @param parts their order counts */
    public static String of(String... parts) {
        MessageDigest digest = DigestUtils.getSha256Digest();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
            digest.update(bytes);
        }
        byte[] uuid = Arrays.copyOf(digest.digest(), UUID_BYTES);
        uuid[6] = (byte) ((uuid[6] & 0x0f) | 0x80);
        uuid[8] = (byte) ((uuid[8] & 0x3f) | 0x80);
        return "2.25." + new BigInteger(1, uuid);
    }
}
