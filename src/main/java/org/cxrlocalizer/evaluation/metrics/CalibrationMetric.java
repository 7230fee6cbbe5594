// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

/**
 * The expected calibration error (Naeini et al., AAAI 2015; Guo et al., ICML 2017): how far mean probability and observed
 * share lie apart in 15 bins of equal width, weighted by their images. The last bin includes probability 1.
 */
record CalibrationMetric(ScoreSet set) implements Metric {

    private static final int BINS = 15;

    @Override
    public String name() {
        return Figure.CALIBRATION_ERROR.title();
    }

    @Override
    public double[] of(int[] weights) {
        int labels = set.labels().size();
        double[][] gaps = new double[labels + 1][BINS];
        double[] counts = new double[labels + 1];
        for (int image = 0; image < set.imageCount(); image++) {
            int weight = weights[set.patientOf(image)];
            for (int label = 0; label < labels; label++) {
                double probability = set.probability(image, label);
                int bin = Math.min(BINS - 1, (int) (probability * BINS));
                double gap = weight * (probability - (set.positive(image, label) ? 1 : 0));
                gaps[label][bin] += gap;
                gaps[labels][bin] += gap;
                counts[label] += weight;
                counts[labels] += weight;
            }
        }
        double[] result = new double[labels + 2];
        for (int label = 0; label <= labels; label++) {
            double sum = 0;
            for (double gap : gaps[label]) {
                sum += Math.abs(gap);
            }
            result[label == labels ? labels + 1 : label] = sum / counts[label];
        }
        Metric.setMacro(result, labels);
        return result;
    }
}
