package org.cxrlocalizer.evaluation.metrics;

import java.util.List;
import java.util.stream.IntStream;

/** A figure of the boxes of a label in the order of their scores, as average precision. */
final class RankedMetric implements Metric {

    /** What is read off the curve. */
    @FunctionalInterface
    interface Reading {

        /**
         * @param correct how many of the boxes down to each distinct score are correct
         * @param wrong how many are wrong
         * @param points the used length of both arrays
         */
        double of(double[] correct, double[] wrong, int points, double truths, double images);
    }

    private final String name;
    private final TruthSet set;
    private final List<Ranking> rankings;
    private final Reading reading;

    RankedMetric(String name, TruthSet set, Matching matching, Reading reading) {
        this.name = name;
        this.set = set;
        this.reading = reading;
        int labels = set.labels().size();
        rankings = IntStream.rangeClosed(0, labels)
                .mapToObj(label -> Ranking.of(matching.boxes().stream()
                        .filter(box -> label == labels || box.label() == label)
                        .toList()))
                .toList();
    }

    /** The boxes of a label, highest score first, in plain arrays: a bootstrap reads them a thousand times. */
    private record Ranking(int[] patients, boolean[] correct, boolean[] lastOfScore, int points) {

        static Ranking of(List<Matching.Ranked> boxes) {
            int size = boxes.size();
            int[] patients = new int[size];
            boolean[] correct = new boolean[size];
            boolean[] last = new boolean[size];
            int points = 0;
            for (int i = 0; i < size; i++) {
                patients[i] = boxes.get(i).patient();
                correct[i] = boxes.get(i).correct();
                // Boxes of one score have no order among themselves, so they make one point.
                last[i] = i + 1 == size
                        || boxes.get(i + 1).score() != boxes.get(i).score();
                points += last[i] ? 1 : 0;
            }
            return new Ranking(patients, correct, last, points);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public double[] of(int[] weights) {
        int labels = set.labels().size();
        double[] truths = new double[labels + 1];
        for (TruthSet.Truth truth : set.truths()) {
            truths[truth.label()] += weights[truth.patient()];
            truths[labels] += weights[truth.patient()];
        }
        double images = 0;
        for (int image = 0; image < set.images().size(); image++) {
            images += weights[set.patientOf(image)];
        }
        double[] result = new double[labels + 2];
        for (int label = 0; label <= labels; label++) {
            double value = truths[label] == 0 ? Double.NaN : read(rankings.get(label), weights, truths[label], images);
            result[label == labels ? labels + 1 : label] = value;
        }
        Metric.setMacro(result, labels);
        return result;
    }

    private double read(Ranking ranking, int[] weights, double truths, double images) {
        double[] correct = new double[ranking.points];
        double[] wrong = new double[ranking.points];
        int points = 0;
        long right = 0;
        long found = 0;
        for (int i = 0; i < ranking.patients.length; i++) {
            int weight = weights[ranking.patients[i]];
            found += weight;
            right += ranking.correct[i] ? weight : 0;
            if (ranking.lastOfScore[i]) {
                correct[points] = right;
                wrong[points++] = found - right;
            }
        }
        return reading.of(correct, wrong, points, truths, images);
    }

    /** The area under the precision envelope, over all points (Pascal VOC since 2010). */
    static double averagePrecision(double[] correct, double[] wrong, int points, double truths, double images) {
        double area = 0;
        double envelope = 0;
        for (int i = points - 1; i >= 0; i--) {
            double found = correct[i] + wrong[i];
            envelope = found == 0 ? envelope : Math.max(envelope, correct[i] / found);
            area += envelope * (correct[i] - (i == 0 ? 0 : correct[i - 1])) / truths;
        }
        return area;
    }

    /** The largest share of true boxes found with at most {@code rate} wrong boxes per image. */
    static Reading sensitivityAt(double rate) {
        return (correct, wrong, points, truths, images) -> {
            double most = 0;
            for (int i = 0; i < points && wrong[i] <= rate * images; i++) {
                most = correct[i];
            }
            return most / truths;
        };
    }
}
