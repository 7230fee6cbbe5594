package org.cxrlocalizer.evaluation.metrics;

import java.util.Map;

/**
 * Sensitivity (of the images with a label, how many reach its cut-off) or specificity (of those without, how many do not).
 *
 * @param cutoffs by label; a label without one has no value and does not count
 */
record CutoffMetric(String name, ScoreSet set, Map<String, Double> cutoffs, boolean ofPositives) implements Metric {

    static CutoffMetric sensitivity(ScoreSet set, Map<String, Double> cutoffs) {
        return new CutoffMetric(Figure.SENSITIVITY.title(), set, cutoffs, true);
    }

    static CutoffMetric specificity(ScoreSet set, Map<String, Double> cutoffs) {
        return new CutoffMetric(Figure.SPECIFICITY.title(), set, cutoffs, false);
    }

    @Override
    public double[] of(int[] weights) {
        int labels = set.labels().size();
        double[] right = new double[labels + 1];
        double[] all = new double[labels + 1];
        for (int label = 0; label < labels; label++) {
            Double cutoff = cutoffs.get(set.labels().get(label));
            for (int image = 0; cutoff != null && image < set.imageCount(); image++) {
                if (set.positive(image, label) == ofPositives) {
                    int weight = weights[set.patientOf(image)];
                    all[label] += weight;
                    right[label] += set.probability(image, label) >= cutoff == ofPositives ? weight : 0;
                }
            }
            all[labels] += all[label];
            right[labels] += right[label];
        }
        double[] result = new double[labels + 2];
        for (int label = 0; label <= labels; label++) {
            result[label == labels ? labels + 1 : label] = right[label] / all[label];
        }
        Metric.setMacro(result, labels);
        return result;
    }
}
