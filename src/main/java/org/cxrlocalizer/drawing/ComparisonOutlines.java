// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.drawing;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.cxrlocalizer.comparison.ComparedFinding;
import org.cxrlocalizer.comparison.Comparison;
import org.cxrlocalizer.drawing.Overlay.Outline;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ScoredBox;

/**
 * The outlines of a compared finding in the colours of the dataset's page: ground truth blue, correct boxes green, false
 * ones red. Boxes of an image without ground truth for the label are yellow: they are neither right nor wrong.
 */
public final class ComparisonOutlines {

    private static final Color TRUTH = new Color(0x4da3ff);
    private static final Color CORRECT = new Color(0x35d04f);
    private static final Color FALSE = new Color(0xff4d4d);
    private static final Color UNKNOWN = new Color(0xffd23f);

    private ComparisonOutlines() {}

    /** @param iouThreshold a box is correct if its IoU with a true box is above it */
    public static List<Outline> of(ComparedFinding compared, double iouThreshold) {
        return of(compared.finding().boxes(), compared.comparisons(), iouThreshold);
    }

    public static List<Outline> of(List<ScoredBox> boxes, List<Comparison> comparisons, double iouThreshold) {
        List<Outline> outlines = new ArrayList<>();
        for (int i = boxes.size() - 1; i >= 0; i--) { // the best one on top
            outlines.add(detected(i, boxes.get(i).box(), comparisons, iouThreshold));
        }
        comparisons.stream()
                .map(Comparison::truth)
                .distinct()
                .forEach(truth -> outlines.add(new Outline(truth, TRUTH, "ground truth")));
        return outlines;
    }

    private static Outline detected(int index, Box box, List<Comparison> comparisons, double iouThreshold) {
        return comparisons.stream()
                .filter(comparison -> Objects.equals(comparison.box(), index))
                .mapToDouble(Comparison::iou)
                .max()
                .stream()
                .mapToObj(iou -> new Outline(
                        box, iou > iouThreshold ? CORRECT : FALSE, String.format(Locale.ROOT, "IoU %.2f", iou)))
                .findFirst()
                .orElseGet(() -> new Outline(box, UNKNOWN, "no ground truth"));
    }
}
