// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cxrlocalizer.geometry.ImageFrame;
import org.jspecify.annotations.Nullable;

/**
 * What a model found on one radiograph.
 *
 * @param operatingPoint the name of the operating point that decided which findings are positive; null where the model's plain
 *     cut-offs did
 * @param frame where the model's input, and so each map, lies on the original image
 * @param findings in order of falling probability
 */
public record Localization(
        String method, BoxPolicy policy, @Nullable String operatingPoint, ImageFrame frame, List<Finding> findings) {

    /** Returns the same findings, of which only those of some labels have boxes. */
    public Localization withBoxesOf(Set<String> labels) {
        return new Localization(
                method,
                policy,
                operatingPoint,
                frame,
                findings.stream()
                        .map(finding -> labels.contains(finding.label())
                                ? finding
                                : finding.withBoxes(MapBoxes.none(NoBoxReason.NOT_REPORTED)))
                        .toList());
    }

    /**
     * The same findings with the boxes that another policy cuts from their maps.
     *
     * @param calibrated the model's calibrated policies by label
     * @throws UncalibratedLabelException if calibrated boxes are requested and the model lacks them for a label
     */
    public Localization withPolicy(BoxPolicy other, Map<String, BoxPolicy.MapPolicy> calibrated) {
        return new Localization(
                method,
                other,
                operatingPoint,
                frame,
                findings.stream()
                        .map(finding -> finding.withBoxes(MapBoxes.cut(
                                finding.map(),
                                frame,
                                finding.probability(),
                                other.forLabel(finding.label(), calibrated))))
                        .toList());
    }
}
