// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ScoredBox;

/**
 * Accuracy and average number of false boxes as in Wang et al. (CVPR 2017, section 4.2, tables 4 and 7): many-to-many.
 * A true box is found where any box of its label overlaps it by more than T. A detected box is false where it overlaps no true box
 * of its label by more than T.
 *
 * <p>The false boxes of a label are those on all scored images, the ones without that finding included; they are divided
 * by the number of all true boxes (984 in the whole list), whatever the label, as the printed figures are.
 */
public final class WangProtocol {

    public static final List<Double> IOU_THRESHOLDS = List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7);
    static final List<Double> COUNT_THRESHOLDS = List.of(0.1, 0.3, 0.5);
    static final List<Double> IOBB_THRESHOLDS = List.of(0.1, 0.25, 0.5, 0.75, 0.9);

    /** The two overlaps of the paper, of a detected with a true box. */
    public enum Overlap {
        IOU("IoU") {
            @Override
            List<Double> thresholds() {
                return IOU_THRESHOLDS;
            }

            @Override
            double of(Box detected, Box truth) {
                return detected.iou(truth);
            }
        },
        IOBB("IoBB") {
            @Override
            List<Double> thresholds() {
                return IOBB_THRESHOLDS;
            }

            @Override
            double of(Box detected, Box truth) {
                return detected.iobb(truth);
            }
        };

        private final String title;

        Overlap(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        abstract List<Double> thresholds();

        abstract double of(Box detected, Box truth);
    }

    private WangProtocol() {}

    /** Acc and AFP at each threshold of both overlaps. */
    public static List<Metric> metrics(TruthSet set, Detections detections) {
        List<Metric> metrics = new ArrayList<>();
        for (Overlap overlap : Overlap.values()) {
            metrics.addAll(accuracies(set, detections, overlap));
            DetectedBoxes boxes = DetectedBoxes.of(set, detections, overlap);
            for (double threshold : overlap.thresholds()) {
                metrics.add(FalseBoxes.of(Figure.FALSE_BOXES.at(overlap, threshold), set, boxes, threshold, false));
            }
        }
        return metrics;
    }

    /**
     * What punishes too many boxes: how many a label's map has, and how many on an image overlap no true box of their label by
     * more than T. All scored images count, the ones without that finding included.
     */
    public static List<Metric> counts(TruthSet set, Detections detections) {
        DetectedBoxes boxes = DetectedBoxes.of(set, detections, Overlap.IOU);
        List<Metric> metrics = new ArrayList<>();
        metrics.add(new BoxesPerMap(set, boxes));
        for (double threshold : COUNT_THRESHOLDS) {
            metrics.add(FalseBoxes.of(
                    Figure.FALSE_BOXES_PER_IMAGE.at(Overlap.IOU, threshold), set, boxes, threshold, true));
        }
        return metrics;
    }

    /** Acc at each threshold of one overlap. */
    public static List<Metric> accuracies(TruthSet set, Detections detections, Overlap overlap) {
        double[] best = largest(set, detections, overlap);
        List<Metric> metrics = new ArrayList<>();
        for (double threshold : overlap.thresholds()) {
            double[] hits = new double[best.length];
            for (int i = 0; i < hits.length; i++) {
                hits[i] = best[i] > threshold ? 1 : 0;
            }
            metrics.add(new TruthMean(Figure.ACCURACY.at(overlap, threshold), set, hits));
        }
        return metrics;
    }

    /** Returns the largest overlap of each true box with any box of its label. */
    static double[] largest(TruthSet set, Detections detections, Overlap overlap) {
        return set.truths().stream()
                .mapToDouble(truth -> detections.of(truth.image(), truth.label()).stream()
                        .mapToDouble(found -> overlap.of(found.box(), truth.box()))
                        .max()
                        .orElse(0))
                .toArray();
    }

    /**
     * Every detected box of every image.
     *
     * @param counts by label and patient
     * @param touching those that overlap a true box of their label
     * @param weighted how many of each label a draw has
     */
    private record DetectedBoxes(int[][] counts, List<Touching> touching, Draw.Shared<double[]> weighted) {

        /** @param overlap the largest with a true box */
        record Touching(int label, int patient, double overlap) {}

        static DetectedBoxes of(TruthSet set, Detections detections, Overlap overlap) {
            int[][] counts = new int[set.labels().size()][set.patientCount()];
            List<Touching> touching = new ArrayList<>();
            for (int image = 0; image < set.images().size(); image++) {
                int patient = set.patientOf(image);
                for (int label = 0; label < set.labels().size(); label++) {
                    List<ScoredBox> found = detections.of(image, label);
                    counts[label][patient] += found.size();
                    List<Box> truths = set.boxes(image, label);
                    for (ScoredBox box : truths.isEmpty() ? List.<ScoredBox>of() : found) {
                        double largest = truths.stream()
                                .mapToDouble(truth -> overlap.of(box.box(), truth))
                                .max()
                                .orElse(0);
                        if (largest > 0) {
                            touching.add(new Touching(label, patient, largest));
                        }
                    }
                }
            }
            return new DetectedBoxes(counts, touching, draw -> weighted(counts, draw.weights()));
        }

        private static double[] weighted(int[][] counts, int[] weights) {
            double[] found = new double[counts.length];
            for (int label = 0; label < found.length; label++) {
                long sum = 0;
                for (int patient = 0; patient < weights.length; patient++) {
                    sum += (long) counts[label][patient] * weights[patient];
                }
                found[label] = sum;
            }
            return found;
        }
    }

    private record BoxesPerMap(TruthSet set, DetectedBoxes boxes) implements Metric {

        @Override
        public String name() {
            return Figure.BOXES_PER_MAP.title();
        }

        @Override
        public double[] of(Draw draw) {
            int labels = set.labels().size();
            double images = set.counts(draw).images();
            double[] result = Arrays.copyOf(draw.get(boxes.weighted), labels + 2);
            for (int label = 0; label < labels; label++) {
                result[label] /= images;
            }
            Metric.setMacro(result, labels);
            result[labels + 1] = result[labels];
            return result;
        }
    }

    /**
     * @param right the boxes that overlap a true one by more than the threshold
     * @param perImage whether the others are divided by the images, and not by the true boxes
     */
    private record FalseBoxes(
            String name, TruthSet set, DetectedBoxes boxes, List<DetectedBoxes.Touching> right, boolean perImage)
            implements Metric {

        static FalseBoxes of(String name, TruthSet set, DetectedBoxes boxes, double threshold, boolean perImage) {
            List<DetectedBoxes.Touching> right = boxes.touching.stream()
                    .filter(box -> box.overlap > threshold)
                    .toList();
            return new FalseBoxes(name, set, boxes, right, perImage);
        }

        @Override
        public double[] of(Draw draw) {
            int labels = set.labels().size();
            double[] result = Arrays.copyOf(draw.get(boxes.weighted), labels + 2);
            for (DetectedBoxes.Touching box : right) {
                result[box.label] -= draw.weights()[box.patient];
            }
            TruthSet.Counts counts = set.counts(draw);
            double cases = perImage ? counts.images() : counts.truths()[labels];
            double total = 0;
            for (int k = 0; k < labels; k++) {
                total += result[k];
                result[k] /= cases;
            }
            result[labels + 1] = total / cases;
            Metric.setMacro(result, labels);
            return result;
        }
    }
}
