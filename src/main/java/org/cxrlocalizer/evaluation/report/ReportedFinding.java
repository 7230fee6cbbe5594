// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cxrlocalizer.comparison.Comparison;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.dataset.TruthBox;
import org.cxrlocalizer.drawing.ComparisonOutlines;
import org.cxrlocalizer.drawing.Overlay;
import org.cxrlocalizer.evaluation.scoring.BoxSystem;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ScoredBox;
import org.cxrlocalizer.reports.LabelPolicy;
import org.cxrlocalizer.reports.ReportLabels;

/**
 * A label that a report states as present, and where a system found it.
 *
 * @param caption the words below its picture
 * @param outlines of the boxes: true ones blue, correct ones green, false ones red, those without a true box yellow
 */
public record ReportedFinding(String label, String caption, List<Overlay.Outline> outlines) {

    /** Returns the labels of a report that the model has or that have a true box, in the order of the dataset's page. */
    public static List<ReportedFinding> of(
            ReportLabels report, ImagePrediction prediction, GroundTruth truth, BoxSystem system) {
        Map<String, List<ScoredBox>> boxes = prediction.boxes().getOrDefault(system.name(), Map.of());
        List<ReportedFinding> findings = new ArrayList<>();
        for (String label : report.accepted(LabelPolicy.CERTAIN)) {
            List<Box> truths = truth.of(prediction.image()).orElse(List.of()).stream()
                    .filter(box -> box.label().equals(label))
                    .map(TruthBox::box)
                    .toList();
            if (boxes.containsKey(label) || !truths.isEmpty()) {
                findings.add(of(label, boxes.getOrDefault(label, List.of()), truths));
            }
        }
        return findings;
    }

    private static ReportedFinding of(String label, List<ScoredBox> found, List<Box> truths) {
        List<Comparison> comparisons =
                Comparison.all(found.stream().map(ScoredBox::box).toList(), truths);
        return new ReportedFinding(
                label,
                "%s, %s".formatted(label, words(found, comparisons)),
                ComparisonOutlines.of(found, comparisons, Gallery.CORRECT));
    }

    private static String words(List<ScoredBox> found, List<Comparison> comparisons) {
        if (found.isEmpty()) {
            return comparisons.isEmpty() ? "no box" : "no box, though there is a true one";
        }
        return comparisons.stream().mapToDouble(Comparison::iou).max().stream()
                .mapToObj(iou -> String.format(Locale.ROOT, "IoU %.2f", iou))
                .findFirst()
                .orElse("no ground truth");
    }
}
