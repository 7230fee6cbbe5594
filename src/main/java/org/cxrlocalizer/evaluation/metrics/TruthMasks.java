// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import org.cxrlocalizer.dataset.PixelMask;
import org.jspecify.annotations.Nullable;

/** The true masks of labels on images, by the numbers of a {@link TruthSet}. */
@FunctionalInterface
public interface TruthMasks {

    /** The pixels of a label that is true on an image; null where the truth has no mask of it. */
    @Nullable
    PixelMask of(int image, int label);
}
