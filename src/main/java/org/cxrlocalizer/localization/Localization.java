package org.cxrlocalizer.localization;

import java.util.List;
import java.util.Map;
import org.cxrlocalizer.geometry.ImageFrame;

/**
 * What a model found on one radiograph.
 *
 * @param frame where the model's input, and so each map, lies on the original image
 * @param findings in order of falling probability
 */
public record Localization(String method, BoxPolicy policy, ImageFrame frame, List<Finding> findings) {

    /**
     * The same findings with the boxes that another policy cuts from their maps.
     *
     * @param calibrated the model's calibrated policies by label
     * @throws UncalibratedLabelException if calibrated boxes are asked for and the model lacks them for a label
     */
    public Localization withPolicy(BoxPolicy other, Map<String, BoxPolicy.Threshold> calibrated) {
        return new Localization(
                method,
                other,
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
