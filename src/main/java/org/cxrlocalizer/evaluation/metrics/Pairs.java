// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Pairs (x, y) of the true boxes of each label, and of all labels together: those whose x is known. */
final class Pairs {

    /**
     * The pairs of a label.
     *
     * @param orderOfX their places by ascending x
     * @param orderOfY their places by ascending y
     */
    private record OfLabel(int[] patients, double[] x, double[] y, int[] orderOfX, int[] orderOfY) {}

    private final List<OfLabel> byLabel = new ArrayList<>();

    /**
     * @param x in the order of {@link TruthSet#truths()}; NaN where it is not known
     * @param y in the same order
     */
    Pairs(TruthSet set, double[] x, double[] y) {
        for (int label = 0; label <= set.labels().size(); label++) {
            int wanted = label;
            boolean isOfAll = label == set.labels().size();
            int[] places = IntStream.range(0, x.length)
                    .filter(i -> !Double.isNaN(x[i]))
                    .filter(i -> isOfAll || set.truths().get(i).label() == wanted)
                    .toArray();
            double[] ofX = Arrays.stream(places).mapToDouble(i -> x[i]).toArray();
            double[] ofY = Arrays.stream(places).mapToDouble(i -> y[i]).toArray();
            int[] patients = Arrays.stream(places)
                    .map(i -> set.truths().get(i).patient())
                    .toArray();
            byLabel.add(new OfLabel(patients, ofX, ofY, order(ofX), order(ofY)));
        }
    }

    private static int[] order(double[] values) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Returns how many labels there are, without all of them together. */
    int labels() {
        return byLabel.size() - 1;
    }

    /** Returns how many pairs each label has. */
    long[] counts() {
        return byLabel.subList(0, labels()).stream()
                .mapToLong(pairs -> pairs.x.length)
                .toArray();
    }

    /** @param label its number, or {@link #labels()} for all together, as in the next ones */
    double[] x(int label) {
        return byLabel.get(label).x;
    }

    double[] y(int label) {
        return byLabel.get(label).y;
    }

    int[] orderOfX(int label) {
        return byLabel.get(label).orderOfX;
    }

    int[] orderOfY(int label) {
        return byLabel.get(label).orderOfY;
    }

    /** Returns how often each pair counts, as its patient does. */
    double[] weights(int label, int[] patients) {
        return Arrays.stream(byLabel.get(label).patients)
                .mapToDouble(patient -> patients[patient])
                .toArray();
    }
}
