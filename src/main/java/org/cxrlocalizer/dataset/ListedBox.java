// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import org.cxrlocalizer.geometry.Box;
import org.jspecify.annotations.Nullable;

/**
 * A box of a list.
 *
 * @param line its number, from 1, the header included; in a JSON file, the number of its annotation
 * @param score orders the boxes of a label, highest first; any finite number, or NaN in a list of true boxes
 * @param outline null where the list has boxes alone
 */
public record ListedBox(
        long line,
        String imageIndex,
        String label,
        Box box,
        double score,
        @Nullable Outline outline) {

    /** A box without an outline. */
    public ListedBox(long line, String imageIndex, String label, Box box, double score) {
        this(line, imageIndex, label, box, score, null);
    }
}
