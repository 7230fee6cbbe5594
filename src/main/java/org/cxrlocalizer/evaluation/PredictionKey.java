// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.util.Map;
import java.util.TreeMap;
import org.cxrlocalizer.model.ModelManifest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the predictions of an evaluation depend on, beside the images, whose names and hashes stand in the predictions.
 *
 * @param json an object
 */
public record PredictionKey(String json) {

    /** Names the file of the model that ran; absent for the reference. */
    private static final String VARIANT = "variant";

    /** Returns the key of a plan's predictions. */
    public static PredictionKey of(EvaluationPlan plan) {
        Map<String, Object> parts = new TreeMap<>(Map.of("format", 1, "systems", plan.systems()));
        parts.put("model", plan.model().sha256());
        parts.put("boxes", plan.inputs().getOrDefault("boxes", ""));
        if (plan.options().operatingPoint() != null) {
            parts.put("operatingPoint", plan.options().operatingPoint());
        }
        String labelMap = plan.inputs().get(DatasetFiles.LABEL_MAP);
        if (labelMap != null) {
            parts.put("labelMap", labelMap);
        }
        if (!plan.model().variant().name().equals(ModelManifest.Variant.REFERENCE)) {
            parts.put(VARIANT, plan.model().variant().sha256());
        }
        return new PredictionKey(PredictionLog.JSON.writeValueAsString(parts));
    }

    /** Returns whether predictions of another key are of the same evaluation, but for the file of the model. */
    public boolean differsInVariantAlone(PredictionKey other) {
        return other.withoutVariant().equals(withoutVariant());
    }

    private JsonNode withoutVariant() {
        JsonNode parts = PredictionLog.JSON.readTree(json);
        return parts instanceof ObjectNode object ? object.without(VARIANT) : parts;
    }
}
