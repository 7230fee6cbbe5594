// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.cxrlocalizer.geometry.Box;
import org.jspecify.annotations.Nullable;

/**
 * How two models see one label on an image.
 *
 * @param probabilityDifference the other one's probability less the first one's
 * @param sameDecision whether both call it positive, or both negative; null where one has no cut-off for it
 * @param iou intersection over union of the boxes with the highest scores; null where one has no box
 */
public record ModelAgreement(
        String label,
        double probabilityDifference,
        @Nullable Boolean sameDecision,
        @Nullable Double iou) {

    /** Compares the labels that both have, in the order of the first one's findings. */
    public static List<ModelAgreement> of(Localization one, Localization other) {
        Map<String, Finding> others =
                other.findings().stream().collect(Collectors.toMap(Finding::label, Function.identity()));
        List<ModelAgreement> agreements = new ArrayList<>();
        for (Finding finding : one.findings()) {
            Finding same = others.get(finding.label());
            if (same != null) {
                agreements.add(of(finding, same));
            }
        }
        return List.copyOf(agreements);
    }

    private static ModelAgreement of(Finding one, Finding other) {
        return new ModelAgreement(
                one.label(),
                other.probability() - one.probability(),
                sameDecision(one.positive(), other.positive()),
                best(one)
                        .flatMap(box -> best(other).map(otherBox -> box.iou(otherBox)))
                        .orElse(null));
    }

    private static @Nullable Boolean sameDecision(@Nullable Boolean one, @Nullable Boolean other) {
        return (one == null || other == null) ? null : (Boolean) one.equals(other);
    }

    private static Optional<Box> best(Finding finding) {
        return finding.boxes().stream()
                .max(Comparator.comparingDouble(ScoredBox::score))
                .map(ScoredBox::box);
    }
}
