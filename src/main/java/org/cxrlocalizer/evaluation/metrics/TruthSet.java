// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.dataset.ImageSize;
import org.cxrlocalizer.geometry.Box;

/** The images that are scored, with their patients and true boxes. Images, patients and labels go by their numbers. */
public final class TruthSet {

    /** The size of an image that nothing states. */
    public static final ImageSize UNKNOWN = new ImageSize(0, 0);

    /** What is known of one image; {@code boxes} by label, each with at least one box. */
    public record Image(String name, String patient, ImageSize size, Map<String, List<Box>> boxes) {

        /** An image of the size of ChestX-ray14's. */
        public Image(String name, String patient, Map<String, List<Box>> boxes) {
            this(name, patient, new ImageSize(ChestXray14.IMAGE_SIDE, ChestXray14.IMAGE_SIDE), boxes);
        }
    }

    /** One true box, with the numbers of its image, patient and label. */
    public record Truth(int image, int patient, int label, Box box) {}

    private final List<String> labels;
    private final List<Image> images;
    private final int[] patients;
    private final int patientCount;
    private final List<Truth> truths;
    private final boolean hasSizes;

    /** How many images each patient has. */
    private final int[] imagesOf;

    private final Draw.Shared<Counts> counts = this::count;

    /**
     * How much a draw has of a set.
     *
     * @param truths true boxes of each label, and the last of all together
     */
    record Counts(double images, double[] truths) {}

    /**
     * @param order the order of the labels; those without any true box are left out
     * @throws IllegalArgumentException if an image is given twice or has a label that is not in the order
     */
    public TruthSet(List<String> order, List<Image> images) {
        Set<String> used = new LinkedHashSet<>();
        images.forEach(image -> used.addAll(image.boxes().keySet()));
        if (!order.containsAll(used)) {
            throw new IllegalArgumentException("a label of %s is not among %s".formatted(used, order));
        }
        labels = order.stream().filter(used::contains).toList();
        this.images = List.copyOf(images);
        patients = new int[images.size()];
        Map<String, Integer> numbers = new HashMap<>();
        Set<String> names = new LinkedHashSet<>();
        List<Truth> found = new ArrayList<>();
        for (int i = 0; i < patients.length; i++) {
            Image image = images.get(i);
            if (!names.add(image.name())) {
                throw new IllegalArgumentException("the image %s is given twice".formatted(image.name()));
            }
            patients[i] = numbers.computeIfAbsent(image.patient(), patient -> numbers.size());
            for (int k = 0; k < labels.size(); k++) {
                for (Box box : image.boxes().getOrDefault(labels.get(k), List.of())) {
                    found.add(new Truth(i, patients[i], k, box));
                }
            }
        }
        patientCount = numbers.size();
        truths = List.copyOf(found);
        hasSizes = images.stream().noneMatch(image -> image.size().equals(UNKNOWN));
        imagesOf = new int[patientCount];
        for (int patient : patients) {
            imagesOf[patient]++;
        }
    }

    /** Returns how much a draw has of the set. */
    Counts counts(Draw draw) {
        return draw.get(counts);
    }

    private Counts count(Draw draw) {
        int[] weights = draw.weights();
        long drawn = 0;
        for (int patient = 0; patient < patientCount; patient++) {
            drawn += (long) weights[patient] * imagesOf[patient];
        }
        double[] byLabel = new double[labels.size() + 1];
        for (Truth truth : truths) {
            byLabel[truth.label()] += weights[truth.patient()];
            byLabel[labels.size()] += weights[truth.patient()];
        }
        return new Counts(drawn, byLabel);
    }

    /** The labels that have a true box. */
    public List<String> labels() {
        return labels;
    }

    public List<Image> images() {
        return images;
    }

    /** Whether the size of every image is known. */
    public boolean hasSizes() {
        return hasSizes;
    }

    /** How many patients there are. */
    public int patientCount() {
        return patientCount;
    }

    /** The number of an image's patient. */
    public int patientOf(int image) {
        return patients[image];
    }

    /** All true boxes, by image and then by label. */
    public List<Truth> truths() {
        return truths;
    }

    /** The true boxes of one label on one image. */
    public List<Box> boxes(int image, int label) {
        return images.get(image).boxes().getOrDefault(labels.get(label), List.of());
    }

    /** The true boxes of all labels on one image. */
    List<Box> boxes(int image) {
        return images.get(image).boxes().values().stream().flatMap(List::stream).toList();
    }

    /** Each patient once: the weights of the figure itself. */
    public int[] once() {
        int[] weights = new int[patientCount];
        Arrays.fill(weights, 1);
        return weights;
    }
}
