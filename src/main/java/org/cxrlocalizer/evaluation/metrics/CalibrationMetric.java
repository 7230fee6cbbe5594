// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

/**
 * The expected calibration error (Naeini et al., AAAI 2015; Guo et al., ICML 2017): how far mean probability and observed
 * share lie apart in 15 bins of equal width, weighted by their images. The last bin includes probability 1.
 *
 * @param bins of the probabilities, by image and then by label
 */
record CalibrationMetric(ProbabilityGaps gaps, byte[] bins) implements Metric {

    private static final int BINS = 15;

    static CalibrationMetric of(ProbabilityGaps gaps) {
        ScoreSet set = gaps.set();
        int labels = set.labels().size();
        byte[] bins = new byte[gaps.gaps().length];
        for (int pair = 0; pair < bins.length; pair++) {
            bins[pair] = (byte) Math.min(BINS - 1, (int) (set.probability(pair / labels, pair % labels) * BINS));
        }
        return new CalibrationMetric(gaps, bins);
    }

    @Override
    public String name() {
        return Figure.CALIBRATION_ERROR.title();
    }

    @Override
    public double[] of(Draw draw) {
        int[] weights = draw.weights();
        int[] patients = gaps.patients();
        double[] byPair = gaps.gaps();
        int labels = gaps.set().labels().size();
        double[][] sums = new double[labels + 1][BINS];
        for (int image = 0; image < patients.length; image++) {
            int weight = weights[patients[image]];
            for (int label = 0; label < labels && weight > 0; label++) {
                double gap = weight * byPair[image * labels + label];
                int bin = bins[image * labels + label];
                sums[label][bin] += gap;
                sums[labels][bin] += gap;
            }
        }
        double images = gaps.set().images(draw);
        double[] result = new double[labels + 2];
        for (int label = 0; label <= labels; label++) {
            double sum = 0;
            for (double gap : sums[label]) {
                sum += Math.abs(gap);
            }
            boolean isOfAll = label == labels;
            result[isOfAll ? labels + 1 : label] = sum / (isOfAll ? images * labels : images);
        }
        Metric.setMacro(result, labels);
        return result;
    }
}
