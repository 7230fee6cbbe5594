// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.comparison;

import java.util.List;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.Finding;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.ScoredBox;
import org.jspecify.annotations.Nullable;

/** Compares detected boxes with the ground truth. */
public final class GroundTruthComparer {

    private GroundTruthComparer() {}

    /**
     * Compares the boxes of each finding with the ground truth of its label.
     *
     * @param truth null where the image has none
     */
    public static ComparedLocalization compare(Localization localization, @Nullable ImageTruth truth) {
        if (truth == null) {
            return uncompared(localization, List.of());
        }
        ImageFrame frame = localization.frame();
        if (frame.imageWidth() != truth.width() || frame.imageHeight() != truth.height()) {
            return uncompared(
                    localization,
                    List.of(
                            "The ground truth of %s is of the released image of %d × %d pixels; this one has %d × %d and was not compared."
                                    .formatted(
                                            truth.image(),
                                            truth.width(),
                                            truth.height(),
                                            frame.imageWidth(),
                                            frame.imageHeight())));
        }
        return new ComparedLocalization(
                localization.findings().stream()
                        .map(finding -> new ComparedFinding(finding, comparisons(finding, truth)))
                        .toList(),
                List.of());
    }

    private static ComparedLocalization uncompared(Localization localization, List<String> warnings) {
        return new ComparedLocalization(
                localization.findings().stream()
                        .map(finding -> new ComparedFinding(finding, List.of()))
                        .toList(),
                warnings);
    }

    private static List<Comparison> comparisons(Finding finding, ImageTruth truth) {
        List<Box> boxes = finding.boxes().stream().map(ScoredBox::box).toList();
        return Comparison.all(boxes, truth.of(finding.label()));
    }
}
