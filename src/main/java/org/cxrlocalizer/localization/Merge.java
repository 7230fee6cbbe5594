// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.List;

/** What is done with boxes of one label that overlap. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Merge.None.class, name = "none"),
    @JsonSubTypes.Type(value = Merge.NonMaximumSuppression.class, name = "nms"),
    @JsonSubTypes.Type(value = Merge.Union.class, name = "union")
})
public sealed interface Merge {

    /** Merges boxes that are ordered by falling score; the result is ordered the same way. */
    List<ScoredBox> apply(List<ScoredBox> boxes);

    /** Every box stays. */
    record None() implements Merge {

        @Override
        public List<ScoredBox> apply(List<ScoredBox> boxes) {
            return boxes;
        }
    }

    /**
     * A box goes if its IoU with a kept box of a higher score is above the threshold.
     *
     * @param iou in [0, 1]
     */
    record NonMaximumSuppression(
            @JsonProperty(required = true) double iou) implements Merge {

        public NonMaximumSuppression {
            if (!(iou >= 0 && iou <= 1)) {
                throw new IllegalArgumentException("'iou' must be between 0 and 1");
            }
        }

        @Override
        public List<ScoredBox> apply(List<ScoredBox> boxes) {
            List<ScoredBox> kept = new ArrayList<>();
            for (ScoredBox candidate : boxes) {
                if (kept.stream().noneMatch(box -> box.box().iou(candidate.box()) > iou)) {
                    kept.add(candidate);
                }
            }
            return kept;
        }
    }

    /** Boxes that overlap become the smallest box around them, until none overlap; the highest score stays. */
    record Union() implements Merge {

        @Override
        public List<ScoredBox> apply(List<ScoredBox> boxes) {
            List<ScoredBox> merged = new ArrayList<>(boxes);
            for (int i = 0; i < merged.size(); ) {
                int partner = overlapping(merged, i);
                if (partner < 0) {
                    i++;
                } else {
                    ScoredBox other = merged.remove(partner);
                    ScoredBox box = merged.get(i);
                    merged.set(i, new ScoredBox(box.box().enclosing(other.box()), box.score()));
                    i = 0;
                }
            }
            return merged;
        }

        private static int overlapping(List<ScoredBox> boxes, int index) {
            for (int j = index + 1; j < boxes.size(); j++) {
                if (boxes.get(index).box().intersectionArea(boxes.get(j).box()) > 0) {
                    return j;
                }
            }
            return -1;
        }
    }
}
