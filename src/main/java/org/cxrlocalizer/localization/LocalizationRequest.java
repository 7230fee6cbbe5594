// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request to the localizer.
 *
 * @param labels the requested labels; empty for all of the model's
 * @param method the class activation method; null for the model's default
 * @param policy the box policy; null for the model's default
 * @param operatingPoint what decides which findings are positive; null for the model's default
 * @param minimumProbability findings below it get no boxes, in [0, 1]
 */
public record LocalizationRequest(
        Set<String> labels,
        @Nullable String method,
        @Nullable BoxPolicy policy,
        @Nullable String operatingPoint,
        double minimumProbability) {

    /** All labels, by the model's own defaults. */
    public static final LocalizationRequest DEFAULT = new LocalizationRequest(Set.of(), null, null, null, 0);

    public LocalizationRequest {
        labels = Set.copyOf(labels);
        if (!(minimumProbability >= 0 && minimumProbability <= 1)) {
            throw new IllegalArgumentException("'minProbability' must be between 0 and 1");
        }
    }

    /** Returns the same request with another operating point. */
    public LocalizationRequest withOperatingPoint(@Nullable String other) {
        return new LocalizationRequest(labels, method, policy, other, minimumProbability);
    }
}
