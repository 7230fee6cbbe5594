// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.Optional;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;

/**
 * A rectangle of whole grid cells: columns {@code left} to {@code right - 1} and rows {@code top} to {@code bottom - 1}.
 *
 * @param expectedIou in [0, 1]
 */
record CellRectangle(int left, int top, int right, int bottom, double expectedIou) {

    /** Returns how many cells it has. */
    int area() {
        return (right - left) * (bottom - top);
    }

    boolean isWhole(ClassActivationMap map) {
        return area() == map.width() * map.height();
    }

    CellRectangle withExpectedIou(double other) {
        return new CellRectangle(left, top, right, bottom, other);
    }

    /** The rectangle's box in original pixels; empty where all of it lies outside the image. */
    Optional<Box> toImage(ClassActivationMap map, ImageFrame frame) {
        double columns = map.width();
        double rows = map.height();
        return frame.toImage(left / columns, top / rows, right / columns, bottom / rows);
    }
}
