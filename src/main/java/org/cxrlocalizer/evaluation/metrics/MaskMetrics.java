// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.cxrlocalizer.dataset.ImageSize;
import org.cxrlocalizer.dataset.PixelMask;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.ScoredBox;

/**
 * Figures of boxes and maps against true masks, as CheXlocalize scores (Saporta et al., Nature Machine Intelligence 2022). A case is
 * a label that has a mask on an image. A pixel is in a region if its centre is.
 *
 * <ul>
 *   <li>Mask IoU of boxes: IoU of the pixels in any box of the label with the mask.
 *   <li>Mask IoU of the map: the same of the pixels where the map is at or above Otsu's level of its grid values, and not constant.
 *   <li>Pointing game in the mask: whether the centre of the map's highest cell lies in the mask.
 * </ul>
 *
 * <p>Each is the mean over cases; one without a region counts 0.
 */
public final class MaskMetrics {

    private static final BoxPolicy.Otsu OTSU = new BoxPolicy.Otsu(BoxPolicy.Selection.DEFAULT);

    private MaskMetrics() {}

    /** None where the truth has no masks. */
    public static List<Metric> ofBoxes(TruthSet set, TruthMasks masks, Detections detections) {
        return metrics(
                Figure.MASK_IOU_OF_BOXES,
                set,
                masks,
                (image, label, mask) -> mask.iou(boxes(detections.of(image, label), mask.size())));
    }

    /** None where the truth has no masks. */
    public static List<Metric> ofMaps(TruthSet set, TruthMasks masks, ClassMaps maps) {
        List<Metric> metrics = new ArrayList<>();
        metrics.addAll(
                metrics(Figure.MASK_IOU_OF_MAPS, set, masks, (image, label, mask) -> iou(maps, image, label, mask)));
        metrics.addAll(metrics(Figure.MASK_POINTING_GAME, set, masks, (image, label, mask) -> {
            double[] peak = PixelMetrics.peak(maps, image, label);
            return peak != null && mask.isIn(peak[0], peak[1]) ? 1 : 0;
        }));
        return metrics;
    }

    @FunctionalInterface
    private interface Value {
        double of(int image, int label, PixelMask mask);
    }

    private static List<Metric> metrics(Figure figure, TruthSet set, TruthMasks masks, Value value) {
        int labels = set.labels().size();
        List<CaseMean.Case> cases = new ArrayList<>();
        for (int image = 0; image < set.images().size(); image++) {
            for (int label = 0; label < labels; label++) {
                PixelMask mask = set.boxes(image, label).isEmpty() ? null : masks.of(image, label);
                if (mask != null) {
                    cases.add(new CaseMean.Case(set.patientOf(image), label, value.of(image, label, mask)));
                }
            }
        }
        return cases.isEmpty() ? List.of() : List.of(new CaseMean(figure.title(), labels, cases));
    }

    private static PixelMask boxes(List<ScoredBox> found, ImageSize size) {
        return PixelMask.of(size, column -> {
            BitSet rows = new BitSet(size.height());
            for (ScoredBox scored : found) {
                Box box = scored.box();
                if (column + 0.5 >= box.x() && column + 0.5 < box.right()) {
                    PixelMask.addRows(rows, box.y(), box.bottom(), size);
                }
            }
            return rows;
        });
    }

    private static double iou(ClassMaps maps, int image, int label, PixelMask mask) {
        ClassActivationMap map = PixelMetrics.usable(maps, image, label);
        return map == null
                ? 0
                : mask.iou(new MapRegion(map, OTSU.levels(map)[0], maps.frame(image), mask.size()).mask());
    }
}
