package org.cxrlocalizer.localization;

import java.util.Comparator;

/**
 * The extent of one connected region of a map's bilinear surface above a level, in units of grid cells (cell i covers
 * [i, i + 1)), and the highest value in it.
 */
record Region(double left, double top, double right, double bottom, float peak) {

    /** Highest first; equal peaks from the top left. */
    static final Comparator<Region> BY_PEAK = Comparator.comparing(Region::peak)
            .reversed()
            .thenComparing(Region::top)
            .thenComparing(Region::left)
            .thenComparing(Region::bottom)
            .thenComparing(Region::right);
}
