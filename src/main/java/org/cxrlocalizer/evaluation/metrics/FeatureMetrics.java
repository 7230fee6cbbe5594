// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the IoU of the best box and the hits of the map depend on features of the true boxes: the slope of a linear regression on one
 * feature, and Spearman's rank correlation. CheXlocalize analyses it so (Saporta et al., Nature Machine Intelligence 2022). A hit is a true
 * box that has the centre of the map's highest cell in it.
 */
public final class FeatureMetrics {

    private FeatureMetrics() {}

    /** @param maps of the system; null without a model, and then there are no hits */
    public static List<Metric> metrics(
            TruthSet set, List<Feature> features, Detections detections, @Nullable ClassMaps maps) {
        double[] overlaps = WangProtocol.largest(set, detections, WangProtocol.Overlap.IOU);
        double[] hits = maps == null ? null : PixelMetrics.hits(set, maps);
        List<Metric> metrics = new ArrayList<>();
        for (Feature feature : features) {
            if (hits != null) {
                metrics.add(new Slope(Figure.SLOPE_OF_HITS.on(feature), new Pairs(set, feature.scaled(), hits)));
            }
            metrics.add(new Slope(Figure.SLOPE_OF_IOU.on(feature), new Pairs(set, feature.scaled(), overlaps)));
            if (hits != null) {
                metrics.add(new RankCorrelation(
                        Figure.RANK_CORRELATION_OF_HITS.on(feature), new Pairs(set, feature.values(), hits)));
            }
            metrics.add(new RankCorrelation(
                    Figure.RANK_CORRELATION_OF_IOU.on(feature), new Pairs(set, feature.values(), overlaps)));
        }
        return metrics;
    }

    /** The slope b of y = a + b · x by least squares, x scaled to [0, 1]; none where all x are equal. */
    private record Slope(String name, Pairs pairs) implements Metric {

        @Override
        public long[] counts(long[] truths) {
            return pairs.counts();
        }

        @Override
        public double[] of(Draw draw) {
            return Metric.ofEach(pairs.labels(), label -> {
                Spread spread = Spread.of(pairs.x(label), pairs.y(label), pairs.weights(label, draw.weights()));
                return spread.both / spread.x;
            });
        }
    }

    /** Pearson's correlation of the ranks, ties with their mean rank; none where all x or all y are equal. */
    private record RankCorrelation(String name, Pairs pairs) implements Metric {

        @Override
        public long[] counts(long[] truths) {
            return pairs.counts();
        }

        @Override
        public double[] of(Draw draw) {
            return Metric.ofEach(pairs.labels(), label -> {
                double[] counts = pairs.weights(label, draw.weights());
                double[] x = ranks(pairs.x(label), pairs.orderOfX(label), counts);
                double[] y = ranks(pairs.y(label), pairs.orderOfY(label), counts);
                Spread spread = Spread.of(x, y, counts);
                return Math.max(-1, Math.min(1, spread.both / Math.sqrt(spread.x * spread.y)));
            });
        }
    }

    /**
     * Sums of squares and products of the distances from the means.
     *
     * @param x NaN where all x are equal
     * @param y NaN where all y are equal
     */
    private record Spread(double x, double y, double both) {

        static Spread of(double[] x, double[] y, double[] counts) {
            double meanX = mean(x, counts);
            double meanY = mean(y, counts);
            double squaresX = isConstant(x, counts) ? Double.NaN : 0;
            double squaresY = isConstant(y, counts) ? Double.NaN : 0;
            double both = 0;
            for (int i = 0; i < x.length; i++) {
                squaresX += counts[i] * (x[i] - meanX) * (x[i] - meanX);
                squaresY += counts[i] * (y[i] - meanY) * (y[i] - meanY);
                both += counts[i] * (x[i] - meanX) * (y[i] - meanY);
            }
            return new Spread(squaresX, squaresY, both);
        }
    }

    private static boolean isConstant(double[] values, double[] counts) {
        double first = Double.NaN;
        for (int i = 0; i < values.length; i++) {
            if (counts[i] > 0 && Double.isNaN(first)) {
                first = values[i];
            } else if (counts[i] > 0 && values[i] != first) {
                return false;
            }
        }
        return true;
    }

    private static double mean(double[] values, double[] counts) {
        double sum = 0;
        double count = 0;
        for (int i = 0; i < values.length; i++) {
            sum += counts[i] * values[i];
            count += counts[i];
        }
        return sum / count;
    }

    /**
     * Returns the rank of each value, as if each were there as often as it counts.
     *
     * @param order of the values, ascending
     */
    private static double[] ranks(double[] values, int[] order, double[] counts) {
        double[] ranks = new double[values.length];
        double below = 0;
        for (int start = 0; start < order.length; ) {
            double equal = 0;
            int end = start;
            for (; end < order.length && values[order[end]] == values[order[start]]; end++) {
                equal += counts[order[end]];
            }
            for (int i = start; i < end; i++) {
                ranks[order[i]] = below + (equal + 1) / 2;
            }
            below += equal;
            start = end;
        }
        return ranks;
    }
}
