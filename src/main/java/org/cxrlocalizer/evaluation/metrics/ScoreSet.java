// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Probabilities and truths of labels on images, for classification figures. */
public final class ScoreSet {

    /** One image: its patient, the probability of each label, and the labels that are true on it. */
    public record Image(String patient, double[] probabilities, boolean[] positive) {}

    private final List<String> labels;
    private final List<Image> images;
    private final int[] patients;
    private final int patientCount;

    /** @throws IllegalArgumentException if an image lacks a label or has a probability outside [0, 1] */
    public ScoreSet(List<String> labels, List<Image> images) {
        this.labels = List.copyOf(labels);
        this.images = List.copyOf(images);
        Map<String, Integer> numbers = new HashMap<>();
        patients = images.stream()
                .mapToInt(image -> numbers.computeIfAbsent(image.patient(), patient -> numbers.size()))
                .toArray();
        patientCount = numbers.size();
        for (Image image : images) {
            if (image.probabilities().length != labels.size() || image.positive().length != labels.size()) {
                throw new IllegalArgumentException("an image lacks a label");
            }
            for (double probability : image.probabilities()) {
                if (!(probability >= 0 && probability <= 1)) {
                    throw new IllegalArgumentException("%s is not a probability".formatted(probability));
                }
            }
        }
    }

    public List<String> labels() {
        return labels;
    }

    public int patientCount() {
        return patientCount;
    }

    public int[] once() {
        return IntStream.generate(() -> 1).limit(patientCount).toArray();
    }

    public int imageCount() {
        return images.size();
    }

    int patientOf(int image) {
        return patients[image];
    }

    double probability(int image, int label) {
        return images.get(image).probabilities()[label];
    }

    boolean positive(int image, int label) {
        return images.get(image).positive()[label];
    }
}
