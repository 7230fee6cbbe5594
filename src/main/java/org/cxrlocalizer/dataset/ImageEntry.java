// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code Data_Entry_2017.csv}.
 *
 * @param findings of the 14 labels; empty for "No Finding"
 * @param patient the eight digits at the front of the image index
 * @param age in completed years; null where it is missing or implausible
 */
public record ImageEntry(
        String imageIndex,
        Set<String> findings,
        String patient,
        @Nullable Integer age,
        Sex sex,
        View view) {

    private static final String UNKNOWN_PART = "unknown";

    /** As the file abbreviates it. */
    public enum Sex {
        F,
        M,
        UNKNOWN;

        /** Names it as a part of the images. */
        public String part() {
            return this == UNKNOWN ? ImageEntry.UNKNOWN_PART : name();
        }
    }

    /** How the rays went: from the back (PA) or from the front (AP, mostly bedside). */
    public enum View {
        PA,
        AP,
        UNKNOWN;

        /** Names it as a part of the images. */
        public String part() {
            return this == UNKNOWN ? ImageEntry.UNKNOWN_PART : name();
        }
    }

    /** The age in bands of 20 years, open at both ends; {@code unknown} without an age. */
    public String ageBand() {
        if (age == null) {
            return UNKNOWN_PART;
        }
        if (age < 18) {
            return "0-17";
        }
        return age < 40 ? "18-39" : age < 60 ? "40-59" : age < 80 ? "60-79" : "80 and above";
    }
}
