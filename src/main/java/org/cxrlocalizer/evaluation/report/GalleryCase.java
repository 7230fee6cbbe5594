// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import java.util.List;
import java.util.Locale;
import org.cxrlocalizer.drawing.Overlay;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.jspecify.annotations.Nullable;

/**
 * A case to draw.
 *
 * @param sha256 of the file that was scored; null where there was none
 * @param map of the label; null where the predictions have none
 * @param frame where the map lies on the image
 * @param iou of the best box with the true box
 */
public record GalleryCase(
        String image,
        @Nullable String sha256,
        @Nullable ClassActivationMap map,
        ImageFrame frame,
        String label,
        double iou,
        List<Overlay.Outline> outlines) {

    /** Returns the words below its picture. */
    public String caption() {
        return String.format(Locale.ROOT, "%s, IoU %.2f", image, iou);
    }
}
