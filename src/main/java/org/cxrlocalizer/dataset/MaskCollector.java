// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the masks of a list: the pixels within the outline of each box, and within any outline of a label on an image. */
final class MaskCollector {

    private final Map<String, Map<TruthBox, PixelMask>> byImage = new HashMap<>();
    private final Map<String, Set<String>> incomplete = new HashMap<>();

    /**
     * Adds the outline of a box. A box without one leaves its label on the image without a mask, which would lack a part. So does
     * an outline that cannot be used, and one of an image of no known size.
     *
     * @throws IllegalArgumentException if the outline is wrong, or of an image of another size
     */
    void add(ListedBox listed, @Nullable ImageSize size) {
        Outline outline = listed.outline();
        if (outline == null || size == null) {
            addWithout(listed);
            return;
        }
        try {
            byImage.computeIfAbsent(listed.imageIndex(), image -> new HashMap<>())
                    .put(new TruthBox(listed.label(), listed.box()), outline.mask(size));
        } catch (IllegalArgumentException e) {
            addWithout(listed);
            throw e;
        }
    }

    private void addWithout(ListedBox listed) {
        incomplete
                .computeIfAbsent(listed.imageIndex(), image -> new HashSet<>())
                .add(listed.label());
    }

    /** Returns the pixels within the outlines of the boxes of an image. */
    Map<TruthBox, PixelMask> outlines(String image) {
        return Map.copyOf(byImage.getOrDefault(image, Map.of()));
    }

    /** Returns the masks of the labels of an image whose boxes all have an outline; masks without a pixel are left out. */
    Map<String, PixelMask> of(String image) {
        Map<String, PixelMask> masks = new HashMap<>();
        byImage.getOrDefault(image, Map.of()).forEach((box, mask) -> masks.merge(box.label(), mask, PixelMask::or));
        masks.keySet().removeAll(incomplete.getOrDefault(image, Set.of()));
        masks.values().removeIf(mask -> mask.count() == 0);
        return Map.copyOf(masks);
    }
}
