// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Percentile intervals of figures when patients are drawn with replacement (Efron 1979), all images of a patient
 * together, because they are alike. Each draw has a random stream of its own, split off the seed, so that the result does
 * not depend on how the draws run in parallel.
 */
public record Bootstrap(long seed, int draws) {

    public static final Bootstrap DEFAULT = new Bootstrap(20170705, 1000);

    /** Drawn values that are in memory at a time, 32 MB; a figure with more is a block of its own. */
    private static final int BLOCK_VALUES = 1 << 22;

    private record Sized(Metric metric, int values) {}

    public Bootstrap {
        if (draws < 1) {
            throw new IllegalArgumentException("a bootstrap needs at least one draw");
        }
    }

    /**
     * The interval of each value of each figure. The draws of one block of figures are in memory at a time, so that memory
     * does not grow with the number of figures; each block repeats the same draws.
     *
     * @param figures of patients 0 to {@code patients − 1}; each must return as many values every time
     * @return by figure, then by value; draws without a value are left out
     */
    public List<List<Interval>> intervals(int patients, List<Metric> figures) {
        int[] weights = new int[patients];
        Arrays.fill(weights, 1);
        Draw once = new Draw(weights);
        List<List<Interval>> intervals = new ArrayList<>();
        List<Sized> block = new ArrayList<>();
        int values = 0;
        for (Metric figure : figures) {
            int more = once.values(figure).length;
            if (!block.isEmpty() && (long) (values + more) * draws > BLOCK_VALUES) {
                intervals.addAll(ofBlock(patients, block));
                block.clear();
                values = 0;
            }
            block.add(new Sized(figure, more));
            values += more;
        }
        if (!block.isEmpty()) {
            intervals.addAll(ofBlock(patients, block));
        }
        return intervals;
    }

    /**
     * Returns the memory that the draws of one block take at the most, in bytes.
     *
     * @param largest values of the figure that has the most
     * @param all values of all figures that are computed together
     */
    public long blockBytes(int largest, int all) {
        return Double.BYTES * Math.max(Math.min(BLOCK_VALUES, (long) all * draws), (long) largest * draws);
    }

    private List<List<Interval>> ofBlock(int patients, List<Sized> figures) {
        double[][] drawn = new double[figures.stream().mapToInt(Sized::values).sum()][draws];
        SplittableRandom root = new SplittableRandom(seed);
        SplittableRandom[] streams = new SplittableRandom[draws];
        Arrays.setAll(streams, i -> root.split());
        IntStream.range(0, draws).parallel().forEach(draw -> {
            Draw drawnPatients = new Draw(weights(streams[draw], patients));
            int next = 0;
            for (Sized figure : figures) {
                for (double value : drawnPatients.values(figure.metric())) {
                    drawn[next++][draw] = value;
                }
            }
        });
        List<List<Interval>> intervals = new ArrayList<>();
        int next = 0;
        for (Sized figure : figures) {
            intervals.add(Arrays.stream(drawn, next, next + figure.values())
                    .map(Bootstrap::interval)
                    .toList());
            next += figure.values();
        }
        return intervals;
    }

    private static int[] weights(SplittableRandom random, int patients) {
        int[] weights = new int[patients];
        for (int i = 0; i < patients; i++) {
            weights[random.nextInt(patients)]++;
        }
        return weights;
    }

    private static Interval interval(double[] values) {
        double[] sorted = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
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
