package org.cxrlocalizer.evaluation.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Percentile intervals of figures when patients are drawn with replacement (Efron 1979), all images of a patient
 * together, because they are alike. Each draw has a random stream of its own, split off the seed, so that the result does
 * not depend on how the draws run in parallel.
 */
public record Bootstrap(long seed, int draws) {

    public static final Bootstrap DEFAULT = new Bootstrap(20170705, 1000);

    public Bootstrap {
        if (draws < 1) {
            throw new IllegalArgumentException("a bootstrap needs at least one draw");
        }
    }

    /**
     * The interval of each value of each figure.
     *
     * @param figures of patients 0 to {@code patients − 1}; each must return as many values every time
     * @return by figure, then by value; draws without a value are left out
     */
    public List<List<Interval>> intervals(int patients, List<Metric> figures) {
        double[][][] drawn = draw(patients, figures);
        return IntStream.range(0, figures.size())
                .mapToObj(figure -> IntStream.range(0, drawn[0][figure].length)
                        .mapToObj(value -> interval(Arrays.stream(drawn).mapToDouble(draw -> draw[figure][value])))
                        .toList())
                .toList();
    }

    /** The values of each draw, by draw, figure and value. */
    double[][][] draw(int patients, List<Metric> figures) {
        SplittableRandom root = new SplittableRandom(seed);
        SplittableRandom[] streams = new SplittableRandom[draws];
        Arrays.setAll(streams, i -> root.split());
        return Arrays.stream(streams)
                .parallel()
                .map(random -> {
                    int[] weights = new int[patients];
                    for (int i = 0; i < patients; i++) {
                        weights[random.nextInt(patients)]++;
                    }
                    return figures.stream().map(figure -> figure.of(weights)).toArray(double[][]::new);
                })
                .toArray(double[][][]::new);
    }

    private static Interval interval(DoubleStream values) {
        double[] sorted = values.filter(value -> !Double.isNaN(value)).sorted().toArray();
        return new Interval(quantile(sorted, 0.025), quantile(sorted, 0.975));
    }

    /** Linearly interpolated between ranks; NaN of nothing. */
    private static double quantile(double[] sorted, double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double rank = share * (sorted.length - 1);
        int lower = (int) rank;
        int upper = Math.min(lower + 1, sorted.length - 1);
        return sorted[lower] + (rank - lower) * (sorted[upper] - sorted[lower]);
    }
}
