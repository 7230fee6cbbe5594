// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.BoxPolicyReader;

/**
 * The method and, for each label, the box policy that {@link CalibrationFit} chose on given patients.
 *
 * @param method with its best policy the best of all on macro Acc
 * @param common the best policy of the method for all labels, for labels without boxes
 * @param byLabel of labels with boxes
 * @param images that the choice was made on, sorted
 */
public record Calibration(
        String method,
        BoxPolicy.MapPolicy common,
        Map<String, BoxPolicy.MapPolicy> byLabel,
        List<String> images,
        int patients,
        int boxes) {

    /** Returns a few lines for the terminal. */
    public String summary() {
        List<String> lines = new ArrayList<>();
        lines.add("%d images of %d patients, %d boxes; method %s".formatted(images.size(), patients, boxes, method));
        new TreeMap<>(byLabel)
                .forEach((label, policy) -> lines.add(
                        "%-20s %s".formatted(label, BoxPolicyReader.describe(Objects.requireNonNull(policy)))));
        lines.add("%-20s %s".formatted("others", BoxPolicyReader.describe(common)));
        return String.join(System.lineSeparator(), lines);
    }
}
