// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a key or a token may be used for. */
public enum Scope {
    /** Images, models, ground truth, comparisons and statistics. */
    LOCALIZE,
    /** Studies of the configured PACS. */
    PACS,
    /** Evaluations, and the metrics where they have no port of their own. */
    ADMIN;

    /** As a key file and a token's claim {@code scope} name it. */
    @JsonValue
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As Spring Security names it, for keys as well as for tokens. */
    String authority() {
        return "SCOPE_" + code();
    }
}
