// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.comparison;

import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.geometry.Box;
import org.jspecify.annotations.Nullable;

/**
 * How one detected box lies to one true box.
 *
 * @param box the place of the detected box in its list, from 0; null where nothing was detected
 * @param iou intersection over union
 * @param iobb intersection over the detected box
 */
public record Comparison(Box truth, @Nullable Integer box, double iou, double iobb) {

    /**
     * Compares every detected box with every true one, many-to-many as in Wang et al. (CVPR 2017).
     *
     * @return in the order of the truths, then of the boxes; a truth without any detected box gets one entry of zeros
     */
    public static List<Comparison> all(List<Box> detected, List<Box> truths) {
        List<Comparison> comparisons = new ArrayList<>();
        for (Box truth : truths) {
            if (detected.isEmpty()) {
                comparisons.add(new Comparison(truth, null, 0, 0));
            }
            for (int i = 0; i < detected.size(); i++) {
                comparisons.add(new Comparison(
                        truth, i, detected.get(i).iou(truth), detected.get(i).iobb(truth)));
            }
        }
        return List.copyOf(comparisons);
    }
}
