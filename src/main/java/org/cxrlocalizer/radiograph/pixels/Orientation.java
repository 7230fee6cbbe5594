// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.pixels;

import java.util.Optional;

/** The eight orientations of EXIF 2.32, tag 0x0112: where the stored pixel of an upright position lies. */
public enum Orientation {
    UPRIGHT,
    MIRRORED,
    TURNED_180,
    FLIPPED,
    TRANSPOSED,
    TURNED_LEFT,
    TRANSVERSED,
    TURNED_RIGHT;

    /** @param tag the value of the tag; anything outside 1 … 8 states none */
    static Optional<Orientation> find(int tag) {
        return tag >= 1 && tag <= 8 ? Optional.of(values()[tag - 1]) : Optional.empty();
    }

    boolean swapsSides() {
        return switch (this) {
            case UPRIGHT, MIRRORED, TURNED_180, FLIPPED -> false;
            case TRANSPOSED, TURNED_LEFT, TRANSVERSED, TURNED_RIGHT -> true;
        };
    }

    /** The index of the stored pixel that belongs at (x, y) of the upright image. */
    int storedIndex(int x, int y, int storedWidth, int storedHeight) {
        int lastX = storedWidth - 1;
        int lastY = storedHeight - 1;
        return switch (this) {
            case UPRIGHT -> y * storedWidth + x;
            case MIRRORED -> y * storedWidth + (lastX - x);
            case TURNED_180 -> (lastY - y) * storedWidth + (lastX - x);
            case FLIPPED -> (lastY - y) * storedWidth + x;
            case TRANSPOSED -> x * storedWidth + y;
            case TURNED_LEFT -> (lastY - x) * storedWidth + y;
            case TRANSVERSED -> (lastY - x) * storedWidth + (lastX - y);
            case TURNED_RIGHT -> x * storedWidth + (lastX - y);
        };
    }
}
