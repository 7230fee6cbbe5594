// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.comparison;

import java.util.List;
import java.util.Map;
import org.cxrlocalizer.geometry.Box;

/**
 * The ground truth of one image.
 *
 * @param image its name in the dataset
 * @param width in pixels of the image that the boxes refer to
 * @param height likewise
 * @param boxes by label
 */
public record ImageTruth(String image, int width, int height, Map<String, List<Box>> boxes) {

    public ImageTruth {
        boxes = Map.copyOf(boxes);
    }

    List<Box> of(String label) {
        return boxes.getOrDefault(label, List.of());
    }
}
