// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;

/**
 * A place in a list of jobs, the newest first, which stays where it is when others are added or deleted.
 *
 * @param created when the job before that place was made, to the microsecond, as databases keep it
 * @param id of that job
 */
public record JobCursor(Instant created, UUID id) {

    /** Pattern of the text of a cursor: each such text is a place. */
    public static final String PATTERN = "^[A-Za-z0-9_-]{32}$";

    /** Bits of the microseconds since 1970: up to the year 2255. */
    private static final long MICROSECONDS = (1L << 53) - 1;

    /** @throws IllegalArgumentException if it is not the text of a cursor */
    public static JobCursor parse(String text) {
        if (!text.matches(PATTERN)) {
            throw new IllegalArgumentException("the cursor is invalid");
        }
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        return new JobCursor(
                Instant.EPOCH.plus(bytes.getLong() & MICROSECONDS, ChronoUnit.MICROS),
                new UUID(bytes.getLong(), bytes.getLong()));
    }

    /** Returns its text, as callers give it back. */
    public String text() {
        byte[] bytes = ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, created))
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().encodeToString(bytes);
    }
}
