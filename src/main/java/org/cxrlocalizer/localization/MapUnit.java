// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What the values of a class activation map are. In JSON in lower case. */
public enum MapUnit {
    /** Parts of a logit, of any size and sign. */
    LOGIT,
    /** The probability of each cell, in [0, 1], to lie in the label's box. */
    PROBABILITY;

    @JsonValue
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
