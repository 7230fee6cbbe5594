// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.serving;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.BoxPolicyReader;
import org.cxrlocalizer.localization.InvalidPolicyException;
import org.cxrlocalizer.localization.MapUnit;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelRefusedException;

/**
 * The box policies that a model's manifest gives.
 *
 * @param defaultPolicy used where a request names none; half of the map's maximum where the manifest names none
 * @param calibrated by label, in the order of the manifest
 */
public record ModelPolicies(BoxPolicy defaultPolicy, Map<String, BoxPolicy.MapPolicy> calibrated) {

    private static final BoxPolicy FALLBACK = new BoxPolicy.FractionOfMaximum(0.5, BoxPolicy.Selection.DEFAULT);

    /** @throws ModelRefusedException if a policy of the manifest is wrong */
    static ModelPolicies of(ModelManifest manifest) {
        ModelManifest.Boxes boxes = manifest.boxes();
        if (boxes == null) {
            return new ModelPolicies(FALLBACK, Map.of());
        }
        Map<String, BoxPolicy.MapPolicy> calibrated = new LinkedHashMap<>();
        boxes.calibrated().forEach((label, policy) -> {
            if (!(parse(manifest, policy) instanceof BoxPolicy.MapPolicy own)) {
                throw new ModelRefusedException(
                        manifest.name(), "the calibrated policy of %s must not be 'calibrated'".formatted(label));
            }
            calibrated.put(label, own);
        });
        Map<String, Object> defaultPolicy = boxes.defaultPolicy();
        ModelPolicies policies = new ModelPolicies(
                defaultPolicy == null ? FALLBACK : parse(manifest, defaultPolicy),
                Collections.unmodifiableMap(calibrated));
        ModelManifest.Method method = manifest.method(null);
        if (!policies.fits(unit(method))) {
            throw new ModelRefusedException(
                    manifest.name(),
                    "the default box policy cannot cut the maps of the default method '%s'".formatted(method.name()));
        }
        return policies;
    }

    /** Returns the unit of a method's maps. */
    public static MapUnit unit(ModelManifest.Method method) {
        return method.isFittedOnBoxes() ? MapUnit.PROBABILITY : MapUnit.LOGIT;
    }

    /** Returns what is used where a request names none: half of the map's maximum where the default cannot cut such maps. */
    public BoxPolicy defaultPolicy(MapUnit unit) {
        return fits(unit) ? defaultPolicy : FALLBACK;
    }

    private boolean fits(MapUnit unit) {
        return defaultPolicy instanceof BoxPolicy.MapPolicy own
                ? own.fits(unit)
                : calibrated.values().stream().allMatch(policy -> policy.fits(unit));
    }

    private static BoxPolicy parse(ModelManifest manifest, Map<String, Object> policy) {
        try {
            return BoxPolicyReader.read(policy);
        } catch (InvalidPolicyException e) {
            throw new ModelRefusedException(manifest.name(), "a box policy is wrong: " + e.getMessage());
        }
    }
}
