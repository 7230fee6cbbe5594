// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.Comparator;
import java.util.Optional;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;

/**
 * The extent of one connected region of a map's bilinear surface above a level, and the highest value in it. The unit is a grid
 * cell: cell i covers [i, i + 1).
 */
record Region(double left, double top, double right, double bottom, float peak) {

    /** Highest first; equal peaks from the top left. */
    static final Comparator<Region> BY_PEAK = Comparator.comparing(Region::peak)
            .reversed()
            .thenComparing(Region::top)
            .thenComparing(Region::left)
            .thenComparing(Region::bottom)
            .thenComparing(Region::right);

    /** The region's box in original pixels; empty where all of it lies outside the image. */
    Optional<Box> toImage(ClassActivationMap map, ImageFrame frame) {
        double columns = map.width();
        double rows = map.height();
        return frame.toImage(left / columns, top / rows, right / columns, bottom / rows);
    }
}
