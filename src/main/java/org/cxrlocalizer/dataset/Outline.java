// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

/** What a true box was drawn around, where a list states more than the box. */
@FunctionalInterface
public interface Outline {

    /**
     * Returns the pixels within.
     *
     * @throws IllegalArgumentException if it is of an image of another size
     */
    PixelMask mask(ImageSize size);
}
