// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.jspecify.annotations.Nullable;

/** The class activation maps of a system, by the numbers of a {@link TruthSet}. */
public interface ClassMaps {

    /** The map of a label that is true on an image; null where the system failed on the image. */
    @Nullable
    ClassActivationMap of(int image, int label);

    /** Where the maps of an image lie on it. */
    ImageFrame frame(int image);
}
