// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ClassActivationMap;

/**
 * MaxBoxAcc and MaxBoxAccV2 (Choe et al., CVPR 2020 and TPAMI 2022): the share of true boxes found at the best level of
 * all, so that no policy has to be chosen. Each map is scaled to [0, 1] by its minimum and maximum and cut at 100 levels,
 * 0 to 0.99. MaxBoxAcc takes the region with the largest box and IoU &gt; 0.5; V2 takes the best of all regions, and is
 * the mean over IoU &gt; 0.3, 0.5 and 0.7, each at its own best level. A label's value is at the label's best level, the
 * micro value at one level for all labels. It is the best over levels on the scored images themselves and so an upper
 * bound of what one threshold reaches.
 */
public final class LevelMetrics {

    private static final int LEVELS = 100;
    private static final List<Double> V2_THRESHOLDS = List.of(0.3, 0.5, 0.7);

    private LevelMetrics() {}

    public static List<Metric> metrics(TruthSet set, ClassMaps maps) {
        int truths = set.truths().size();
        double[][] largest = new double[truths][LEVELS];
        double[][] best = new double[truths][LEVELS];
        IntStream.range(0, truths).parallel().forEach(i -> fill(set.truths().get(i), maps, largest[i], best[i]));
        List<Metric> parts = new ArrayList<>();
        for (double threshold : V2_THRESHOLDS) {
            parts.add(
                    new BestLevel(Figure.MAX_BOX_ACC_V2.at(WangProtocol.Overlap.IOU, threshold), set, best, threshold));
        }
        List<Metric> metrics = new ArrayList<>();
        metrics.add(new BestLevel(Figure.MAX_BOX_ACC.title(), set, largest, 0.5));
        metrics.add(new MeanMetric(Figure.MAX_BOX_ACC_V2.title(), parts));
        metrics.addAll(parts);
        return metrics;
    }

    /** The IoU of the largest box of each level, and of the best one. */
    private static void fill(TruthSet.Truth truth, ClassMaps maps, double[] largest, double[] best) {
        ClassActivationMap map = maps.of(truth.image(), truth.label());
        if (map == null || !map.isFinite() || map.minimum() == map.maximum()) {
            return;
        }
        double minimum = map.minimum();
        double range = map.maximum() - minimum;
        double[] levels = new double[LEVELS];
        for (int i = 0; i < LEVELS; i++) {
            levels[i] = minimum + range * i / LEVELS;
        }
        List<List<Box>> boxes = map.boxesAbove(levels, maps.frame(truth.image()));
        for (int i = 0; i < LEVELS; i++) {
            double area = 0;
            for (Box box : boxes.get(i)) {
                double iou = box.iou(truth.box());
                best[i] = Math.max(best[i], iou);
                if (box.area() > area) {
                    area = box.area();
                    largest[i] = iou;
                }
            }
        }
    }

    private static final class BestLevel implements Metric {

        private final String name;
        private final int labels;
        private final int[] labelOf;
        private final int[] patientOf;
        private final boolean[][] hits;

        BestLevel(String name, TruthSet set, double[][] ious, double threshold) {
            this.name = name;
            labels = set.labels().size();
            labelOf = set.truths().stream().mapToInt(TruthSet.Truth::label).toArray();
            patientOf = set.truths().stream().mapToInt(TruthSet.Truth::patient).toArray();
            hits = new boolean[ious.length][LEVELS];
            for (int i = 0; i < ious.length; i++) {
                for (int level = 0; level < LEVELS; level++) {
                    hits[i][level] = ious[i][level] > threshold;
                }
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public double[] of(Draw draw) {
            int[] weights = draw.weights();
            long[][] found = new long[labels + 1][LEVELS];
            long[] truths = new long[labels + 1];
            for (int i = 0; i < hits.length; i++) {
                int weight = weights[patientOf[i]];
                truths[labelOf[i]] += weight;
                truths[labels] += weight;
                for (int level = 0; level < LEVELS && weight > 0; level++) {
                    if (hits[i][level]) {
                        found[labelOf[i]][level] += weight;
                        found[labels][level] += weight;
                    }
                }
            }
            double[] result = new double[labels + 2];
            for (int label = 0; label <= labels; label++) {
                long most = 0;
                for (long count : found[label]) {
                    most = Math.max(most, count);
                }
                result[label == labels ? labels + 1 : label] =
                        truths[label] == 0 ? Double.NaN : (double) most / truths[label];
            }
            Metric.setMacro(result, labels);
            return result;
        }
    }
}
