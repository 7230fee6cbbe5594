// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Probabilities and truths of labels on images, for classification figures. The whole dataset has 1.6 million pairs of image and
 * label, which a bootstrap reads a thousand times: they lie in plain arrays, by image and then by label.
 */
public final class ScoreSet {

    /** One image: its patient, the probability of each label, and the labels that are true on it. */
    public record Image(String patient, double[] probabilities, boolean[] positive) {}

    private final List<String> labels;
    private final double[] probabilities;
    private final BitSet positive;

    /** Of each image. */
    private final int[] patients;

    /** Of each patient. */
    private final int[] images;

    private final Draw.Shared<Double> weighedImages = this::weighed;

    /** @throws IllegalArgumentException if an image lacks a label or has a probability outside [0, 1] */
    public ScoreSet(List<String> labels, List<Image> images) {
        this.labels = List.copyOf(labels);
        int width = labels.size();
        probabilities = new double[images.size() * width];
        positive = new BitSet(probabilities.length);
        patients = new int[images.size()];
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < patients.length; i++) {
            Image image = images.get(i);
            if (image.probabilities().length != width || image.positive().length != width) {
                throw new IllegalArgumentException("an image lacks a label");
            }
            patients[i] = numbers.computeIfAbsent(image.patient(), patient -> numbers.size());
            for (int k = 0; k < width; k++) {
                double probability = image.probabilities()[k];
                if (!(probability >= 0 && probability <= 1)) {
                    throw new IllegalArgumentException("%s is not a probability".formatted(probability));
                }
                probabilities[i * width + k] = probability;
                positive.set(i * width + k, image.positive()[k]);
            }
        }
        this.images = new int[numbers.size()];
        for (int patient : patients) {
            this.images[patient]++;
        }
    }

    public List<String> labels() {
        return labels;
    }

    public int patientCount() {
        return images.length;
    }

    public int[] once() {
        int[] weights = new int[images.length];
        Arrays.fill(weights, 1);
        return weights;
    }

    public int imageCount() {
        return patients.length;
    }

    int patientOf(int image) {
        return patients[image];
    }

    double probability(int image, int label) {
        return probabilities[image * labels.size() + label];
    }

    boolean positive(int image, int label) {
        return positive.get(image * labels.size() + label);
    }

    /** Returns how many images a draw has. */
    double images(Draw draw) {
        return draw.get(weighedImages);
    }

    private double weighed(Draw draw) {
        long sum = 0;
        for (int patient = 0; patient < images.length; patient++) {
            sum += (long) draw.weights()[patient] * images[patient];
        }
        return sum;
    }

    /** Returns the images of each label by probability, and the last is of all pairs of image and label. */
    List<RankedScores> ranked() {
        int width = labels.size();
        List<RankedScores> ranked = new ArrayList<>();
        for (int label = 0; label < width; label++) {
            double[] scores = new double[patients.length];
            BitSet ofLabel = new BitSet(scores.length);
            for (int image = 0; image < scores.length; image++) {
                scores[image] = probability(image, label);
                ofLabel.set(image, positive(image, label));
            }
            ranked.add(RankedScores.of(scores, ofLabel, patients));
        }
        int[] ofPairs = IntStream.range(0, probabilities.length)
                .map(pair -> patients[pair / width])
                .toArray();
        ranked.add(RankedScores.of(probabilities, positive, ofPairs));
        return ranked;
    }
}
