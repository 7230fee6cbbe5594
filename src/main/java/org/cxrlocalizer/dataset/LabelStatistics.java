// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How often each label occurs in some images, as on the dataset's page.
 *
 * @param withoutFinding images with none of the 14 labels
 * @param totals images by label
 * @param together images by two labels that both occur; by a label and itself, the images with that label alone
 */
public record LabelStatistics(
        int images,
        int patients,
        int withoutFinding,
        Map<String, Integer> totals,
        Map<String, Map<String, Integer>> together) {

    static LabelStatistics of(Collection<ImageEntry> entries) {
        Set<String> patients = new HashSet<>();
        int withoutFinding = 0;
        int size = ChestXray14.LABELS.size();
        int[] totals = new int[size];
        int[][] together = new int[size][size];
        for (ImageEntry entry : entries) {
            patients.add(entry.patient());
            int[] found = entry.findings().stream()
                    .mapToInt(ChestXray14.LABELS::indexOf)
                    .toArray();
            withoutFinding += found.length == 0 ? 1 : 0;
            for (int label : found) {
                totals[label]++;
                for (int other : found) {
                    together[label][other] += label != other || found.length == 1 ? 1 : 0;
                }
            }
        }
        Map<String, Integer> totalsByLabel = new LinkedHashMap<>();
        Map<String, Map<String, Integer>> togetherByLabel = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            totalsByLabel.put(ChestXray14.LABELS.get(i), totals[i]);
            Map<String, Integer> row = new LinkedHashMap<>();
            for (int j = 0; j < size; j++) {
                row.put(ChestXray14.LABELS.get(j), together[i][j]);
            }
            togetherByLabel.put(ChestXray14.LABELS.get(i), row);
        }
        return new LabelStatistics(entries.size(), patients.size(), withoutFinding, totalsByLabel, togetherByLabel);
    }
}
