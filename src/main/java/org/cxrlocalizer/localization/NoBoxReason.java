// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why a finding has no box. In JSON in lower case with hyphens. */
public enum NoBoxReason {
    /** The label's probability is below the requested probability. */
    BELOW_MINIMUM_PROBABILITY,
    /** The map holds a value that is not a finite number. */
    MAP_NOT_FINITE,
    /** All values of the map are equal. */
    MAP_CONSTANT,
    /** No value of the map is positive: nothing on the image speaks for the label. */
    MAP_NOT_POSITIVE,
    /**
     * The box would be the whole image, because the level is at or below the map's minimum, or because all cells together are the
     * best box. Or a box is larger than the policy's maximum area, and no other one is left.
     */
    LEVEL_BELOW_MAP,
    /** The level is above the map's maximum. */
    LEVEL_ABOVE_MAP,
    /** All regions are smaller or narrower than the policy allows, or lie on padding. */
    REGIONS_TOO_SMALL,
    /** Boxes of the reported labels alone were requested, and the report does not state this one. */
    NOT_REPORTED;

    @JsonValue
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
