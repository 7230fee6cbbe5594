// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

/** The size in pixels of the image that boxes refer to. */
public record ImageSize(int width, int height) {

    /** The size of the released images of ChestX-ray14. */
    static final ImageSize RELEASED = new ImageSize(ChestXray14.IMAGE_SIDE, ChestXray14.IMAGE_SIDE);

    @Override
    public String toString() {
        return "%d × %d".formatted(width, height);
    }
}
