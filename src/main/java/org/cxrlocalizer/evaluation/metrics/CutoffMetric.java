// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.Map;

/**
 * A share of the images with a label, or of those without, that fall on one side of its cut-off: sensitivity (with the label, reach
 * it), specificity (without, do not) or false-negative rate (with, do not).
 *
 * @param cutoffs by label; a label without one has no value and does not count
 * @param ofPositives whether the images with the label count, and not those without
 * @param reaching whether those that reach the cut-off are the share, and not those that do not
 */
record CutoffMetric(String name, ScoreSet set, Map<String, Double> cutoffs, boolean ofPositives, boolean reaching)
        implements Metric {

    static CutoffMetric sensitivity(ScoreSet set, Map<String, Double> cutoffs) {
        return new CutoffMetric(Figure.SENSITIVITY.title(), set, cutoffs, true, true);
    }

    static CutoffMetric specificity(ScoreSet set, Map<String, Double> cutoffs) {
        return new CutoffMetric(Figure.SPECIFICITY.title(), set, cutoffs, false, false);
    }

    static CutoffMetric falseNegativeRate(ScoreSet set, Map<String, Double> cutoffs) {
        return new CutoffMetric(Figure.FALSE_NEGATIVE_RATE.title(), set, cutoffs, true, false);
    }

    @Override
    public double[] of(int[] weights) {
        int labels = set.labels().size();
        double[] part = new double[labels + 1];
        double[] all = new double[labels + 1];
        for (int label = 0; label < labels; label++) {
            Double cutoff = cutoffs.get(set.labels().get(label));
            for (int image = 0; cutoff != null && image < set.imageCount(); image++) {
                if (set.positive(image, label) == ofPositives) {
                    int weight = weights[set.patientOf(image)];
                    all[label] += weight;
                    part[label] += set.probability(image, label) >= cutoff == reaching ? weight : 0;
                }
            }
            all[labels] += all[label];
            part[labels] += part[label];
        }
        double[] result = new double[labels + 2];
        for (int label = 0; label <= labels; label++) {
            result[label == labels ? labels + 1 : label] = part[label] / all[label];
        }
        Metric.setMacro(result, labels);
        return result;
    }
}
