// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import org.jspecify.annotations.Nullable;

/**
 * The side and zone that a report states for a finding.
 *
 * @param side null where only the zone is stated
 * @param zone null where only the side is stated
 * @param span from the first to the last of the words that state it
 */
public record Place(@Nullable Side side, @Nullable Zone zone, Span span) {

    /** The patient's side. */
    public enum Side {
        LEFT,
        RIGHT,
        BILATERAL
    }

    /** A third of the lungs' height; apices are in the upper, bases in the lower, hila in the middle one. */
    public enum Zone {
        UPPER,
        MIDDLE,
        LOWER
    }
}
