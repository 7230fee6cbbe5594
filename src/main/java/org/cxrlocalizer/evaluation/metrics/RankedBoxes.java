// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Every detected box of a set, ranked; it is the same at each threshold.
 *
 * @param rankings one for each label of the set, and the last for all together; numbers are those of {@link ListedBoxes}
 */
record RankedBoxes(List<Ranking> rankings) {

    static RankedBoxes of(TruthSet set, Detections detections) {
        ListedBoxes boxes = ListedBoxes.of(set, detections);
        int all = set.labels().size();
        return new RankedBoxes(IntStream.rangeClosed(0, all)
                .mapToObj(label -> boxes.ranking(box -> label == all || boxes.labels()[box] == label))
                .toList());
    }
}
