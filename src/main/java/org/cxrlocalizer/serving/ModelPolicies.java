package org.cxrlocalizer.serving;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.BoxPolicyReader;
import org.cxrlocalizer.localization.InvalidPolicyException;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelRefusedException;

/**
 * The box policies that a model's manifest gives.
 *
 * @param defaultPolicy used where a request names none; half of the map's maximum where the manifest names none
 * @param calibrated by label, in the order of the manifest
 */
public record ModelPolicies(BoxPolicy defaultPolicy, Map<String, BoxPolicy.Threshold> calibrated) {

    private static final BoxPolicy FALLBACK = new BoxPolicy.FractionOfMaximum(0.5, BoxPolicy.Selection.DEFAULT);

    /** @throws ModelRefusedException if a policy of the manifest is wrong */
    static ModelPolicies of(ModelManifest manifest) {
        ModelManifest.Boxes boxes = manifest.boxes();
        if (boxes == null) {
            return new ModelPolicies(FALLBACK, Map.of());
        }
        Map<String, BoxPolicy.Threshold> calibrated = new LinkedHashMap<>();
        boxes.calibrated().forEach((label, policy) -> {
            if (!(parse(manifest, policy) instanceof BoxPolicy.Threshold threshold)) {
                throw new ModelRefusedException(
                        manifest.name(), "the calibrated policy of %s must be a threshold".formatted(label));
            }
            calibrated.put(label, threshold);
        });
        Map<String, Object> defaultPolicy = boxes.defaultPolicy();
        return new ModelPolicies(
                defaultPolicy == null ? FALLBACK : parse(manifest, defaultPolicy),
                Collections.unmodifiableMap(calibrated));
    }

    private static BoxPolicy parse(ModelManifest manifest, Map<String, Object> policy) {
        try {
            return BoxPolicyReader.read(policy);
        } catch (InvalidPolicyException e) {
            throw new ModelRefusedException(manifest.name(), "a box policy is wrong: " + e.getMessage());
        }
    }
}
