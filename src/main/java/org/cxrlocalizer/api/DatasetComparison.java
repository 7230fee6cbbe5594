// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.comparison.ComparedLocalization;
import org.cxrlocalizer.comparison.GroundTruthComparer;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.serving.ServedModel;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Compares findings with the ground truth of the dataset's image that a request names. */
@Component
class DatasetComparison {

    private final GroundTruth groundTruth;

    DatasetComparison(GroundTruth groundTruth) {
        this.groundTruth = groundTruth;
    }

    /**
     * Warns where the boxes come from what was fitted on boxes of the same patient: such a comparison flatters the model, and
     * evaluations leave these patients out.
     *
     * @param imageIndex null where the request names no image of the dataset
     * @param named whether the caller named it: then a warning states that the list of boxes lacks it
     */
    ComparedLocalization compare(
            ServedModel model, Localization localization, @Nullable String imageIndex, boolean named) {
        ComparedLocalization compared = GroundTruthComparer.compare(localization, groundTruth.truth(imageIndex));
        if (imageIndex != null && named && groundTruth.of(imageIndex).isEmpty()) {
            List<String> warnings = new ArrayList<>(compared.warnings());
            warnings.add("The box list has no image named %s; nothing was compared.".formatted(imageIndex));
            return new ComparedLocalization(compared.findings(), List.copyOf(warnings));
        }
        boolean anything = compared.findings().stream()
                .anyMatch(finding -> !finding.comparisons().isEmpty());
        if (imageIndex == null || !anything || !isFittedOnPatientOf(imageIndex, model, localization)) {
            return compared;
        }
        List<String> warnings = new ArrayList<>(compared.warnings());
        warnings.add(
                ("The method or box policy was fitted on boxes of patient %s, who is on this image: the comparison is better than"
                                + " on other patients.")
                        .formatted(groundTruth.patientOf(imageIndex)));
        return new ComparedLocalization(compared.findings(), List.copyOf(warnings));
    }

    private boolean isFittedOnPatientOf(String imageIndex, ServedModel model, Localization localization) {
        boolean fitted = localization.policy() instanceof BoxPolicy.Calibrated
                || model.manifest().method(localization.method()).isFittedOnBoxes();
        String patient = groundTruth.patientOf(imageIndex);
        return fitted
                && model.classifier().calibrationImages().stream()
                        .anyMatch(image -> ChestXray14.patientOf(image).equals(patient));
    }
}
