// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a list of true boxes has of an image.
 *
 * @param masks by label, where the list outlines all boxes of a label
 * @param outlines the pixels within the outline of a box, where it has one
 * @param size null where it is not known
 * @param patient null where the list does not state it
 */
record TruthImage(
        List<TruthBox> boxes,
        Map<String, PixelMask> masks,
        Map<TruthBox, PixelMask> outlines,
        @Nullable ImageSize size,
        @Nullable String patient) {}
