// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What decides whether a finding is positive.
 *
 * @param operatingPoint null where the manifest's plain {@code cutoffs} decide
 * @param cutoffs probabilities from which labels are positive; a label may have none
 */
public record DecisionRule(@Nullable OperatingPoint operatingPoint, Map<String, Double> cutoffs) {

    public DecisionRule {
        cutoffs = Map.copyOf(cutoffs);
    }

    /**
     * Returns the rule of a model.
     *
     * @param wanted the name of an operating point; where null, the plain cut-offs decide, and the point {@code balanced} in
     *     packages without them, because plain cut-offs are chosen in the same way
     * @throws UnknownOperatingPointException if the point does not exist, or the model has none
     */
    public static DecisionRule of(ModelManifest manifest, @Nullable String wanted) {
        OperatingPoint named = wanted == null ? null : OperatingPoint.of(wanted);
        OperatingPoints points = manifest.operatingPoints();
        ModelManifest.Cutoffs plain = manifest.cutoffs();
        if (points == null) {
            if (named != null) {
                throw new UnknownOperatingPointException("The model has no operating points.");
            }
            return new DecisionRule(null, plain == null ? Map.of() : plain.probabilities());
        }
        if (named == null && plain != null) {
            return new DecisionRule(null, plain.probabilities());
        }
        OperatingPoint used = named == null ? OperatingPoint.BALANCED : named;
        return new DecisionRule(used, points.cutoffs(used));
    }
}
