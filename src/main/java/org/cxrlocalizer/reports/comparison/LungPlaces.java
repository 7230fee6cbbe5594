// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.comparison;

import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.reports.Place;
import org.jspecify.annotations.Nullable;

/**
 * The sides and thirds of the lungs on a frontal radiograph that is shown as usual. Columns left of the middle are of the
 * patient's right side. The lungs take the rows from a tenth to four fifths of the image's height, which is where they lie on
 * the images of the dataset; what lies above or below counts to the upper or the lower third.
 */
final class LungPlaces {

    /** Half of the dataset's 98 boxes of a pneumothorax begin above 0.13 of the height. */
    private static final double TOP = 0.1;

    /** Three of four of its 153 boxes of an effusion end above 0.79 of the height. */
    private static final double BOTTOM = 0.8;

    private static final double THIRD = (BOTTOM - TOP) / 3;

    /** Least share of the box, or of the side or third: the shorter of the two. */
    private static final double LEAST_SHARE = 0.5;

    private final double width;
    private final double height;

    LungPlaces(ImageFrame frame) {
        width = frame.imageWidth();
        height = frame.imageHeight();
    }

    /** Returns whether a box lies on the side and in the third of a place, as far as it has them. */
    boolean holds(Place place, Box box) {
        return isOn(place.side(), box) && isIn(place.zone(), box);
    }

    private boolean isOn(Place.@Nullable Side side, Box box) {
        double middle = width / 2;
        if (side == Place.Side.RIGHT) {
            return overlaps(box.x(), box.right(), 0, middle, middle);
        }
        return side != Place.Side.LEFT || overlaps(box.x(), box.right(), middle, width, middle);
    }

    private boolean isIn(Place.@Nullable Zone zone, Box box) {
        if (zone == null) {
            return true;
        }
        double upper = height * (TOP + THIRD);
        double lower = height * (BOTTOM - THIRD);
        double from =
                switch (zone) {
                    case UPPER -> 0;
                    case MIDDLE -> upper;
                    case LOWER -> lower;
                };
        double to =
                switch (zone) {
                    case UPPER -> upper;
                    case MIDDLE -> lower;
                    case LOWER -> height;
                };
        return overlaps(box.y(), box.bottom(), from, to, height * THIRD);
    }

    /** @param length of the side or third itself, without what lies outside the lungs */
    private static boolean overlaps(double start, double end, double from, double to, double length) {
        double common = Math.min(end, to) - Math.max(start, from);
        return common >= LEAST_SHARE * Math.min(end - start, length);
    }
}
