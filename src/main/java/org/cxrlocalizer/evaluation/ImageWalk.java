// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cxrlocalizer.evaluation.scoring.BoxSystem;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.cxrlocalizer.radiograph.Radiograph;
import org.jspecify.annotations.Nullable;

/** The main path for the image files of an evaluation: one forward pass for each method. */
record ImageWalk(EvaluatedModel model) {

    /** @throws RuntimeException with a message for the user, if the bytes are no image that can be used */
    Radiograph read(byte[] image) {
        return CapacityRetry.retry(() -> model.reader().read(image));
    }

    /**
     * Localizes one image.
     *
     * @param operatingPoint what decides which findings are positive; null for the model's default
     * @return one localization of all labels for each system, in their order
     * @throws RuntimeException with a message for the user, if the image cannot be used
     */
    List<Localization> localize(Radiograph radiograph, List<BoxSystem> systems, @Nullable String operatingPoint) {
        Map<String, Localization> byMethod = new HashMap<>();
        List<Localization> localizations = new ArrayList<>();
        for (BoxSystem system : systems) {
            Localization earlier = byMethod.get(system.requireMethod());
            if (earlier == null) {
                Localization first = localize(radiograph, system, operatingPoint);
                byMethod.put(system.requireMethod(), first);
                localizations.add(first);
            } else {
                localizations.add(earlier.withPolicy(
                        system.requirePolicy(), model.localizer().policies().calibrated()));
            }
        }
        return localizations;
    }

    private Localization localize(Radiograph radiograph, BoxSystem system, @Nullable String operatingPoint) {
        LocalizationRequest request =
                new LocalizationRequest(Set.of(), system.requireMethod(), system.requirePolicy(), operatingPoint, 0);
        return CapacityRetry.retry(() -> model.localizer().localize(radiograph, request));
    }

    /** Returns the size of the largest file that is read, in bytes. */
    long maxBytes() {
        return model.reader().maxBytes();
    }
}
