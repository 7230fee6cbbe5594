// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ScoredBox;

/**
 * Robust Detection Outcome, RoDeO (Meissen et al., MIDL 2023). All detected boxes of an image are matched one-to-one with all its
 * true boxes, whatever their labels. The matching is that of the largest sum of generalized IoU and of a bonus for the same label.
 * The bonus is Matthews' correlation, at least 0, of which labels are found and which are true on the images. Then, over the pairs:
 *
 * <ul>
 *   <li>classification: Matthews' correlation of the labels of the pairs, at least 0;
 *   <li>localization: the mean of 2^(−d²), with d the distance of the centres, in widths and heights of the true box;
 *   <li>shape: the mean IoU once both boxes have the same corner;
 *   <li>total: the harmonic mean of the three.
 * </ul>
 *
 * <p>Each of the three is multiplied by the share of pairs among pairs, boxes without a true one and true ones without a box. So
 * too many boxes cost as much as too few. A label's value is of the pairs whose true box has it. The micro value is RoDeO as
 * published. In a bootstrap the pairs stay, and are drawn with their patients.
 */
final class RobustDetection {

    /** Keeps the harmonic mean defined, as the published package does. */
    private static final double EPSILON = 1e-6;

    private enum Part {
        CLASSIFICATION(Figure.RODEO_CLASSIFICATION),
        LOCALIZATION(Figure.RODEO_LOCALIZATION),
        SHAPE(Figure.RODEO_SHAPE),
        TOTAL(Figure.RODEO);

        private final Figure figure;

        Part(Figure figure) {
            this.figure = figure;
        }
    }

    /** @param same whether the labels are */
    private record Pair(int patient, int label, boolean same, double closeness, double shape) {}

    private final TruthSet set;
    private final List<Pair> pairs = new ArrayList<>();

    /** Boxes and true boxes without a partner, by label and patient. */
    private final int[][] alone;

    /** Of each label, and the last of all together. */
    private final Draw.Shared<Sums[]> sums = this::sums;

    private RobustDetection(TruthSet set, Detections detections) {
        this.set = set;
        alone = new int[set.labels().size()][set.patientCount()];
        double bonus = bonus(set, detections);
        for (int image = 0; image < set.images().size(); image++) {
            match(image, detections, bonus);
        }
    }

    /** RoDeO and its three parts. */
    static List<Metric> metrics(TruthSet set, Detections detections) {
        RobustDetection matched = new RobustDetection(set, detections);
        return Stream.of(Part.values()).<Metric>map(matched::metric).toList();
    }

    private static double bonus(TruthSet set, Detections detections) {
        double[] counts = new double[4];
        for (int image = 0; image < set.images().size(); image++) {
            for (int label = 0; label < set.labels().size(); label++) {
                boolean found = !detections.of(image, label).isEmpty();
                boolean isTrue = !set.boxes(image, label).isEmpty();
                counts[(found ? 2 : 0) + (isTrue ? 1 : 0)]++;
            }
        }
        double product =
                (counts[3] + counts[2]) * (counts[3] + counts[1]) * (counts[0] + counts[2]) * (counts[0] + counts[1]);
        return product == 0 ? 0 : Math.max(0, (counts[3] * counts[0] - counts[2] * counts[1]) / Math.sqrt(product));
    }

    private record Labelled(int label, Box box) {}

    private void match(int image, Detections detections, double bonus) {
        List<Labelled> found = new ArrayList<>();
        List<Labelled> truths = new ArrayList<>();
        for (int label = 0; label < set.labels().size(); label++) {
            for (ScoredBox box : detections.of(image, label)) {
                found.add(new Labelled(label, box.box()));
            }
            for (Box box : set.boxes(image, label)) {
                truths.add(new Labelled(label, box));
            }
        }
        double[][] costs = new double[truths.size()][found.size()];
        for (int i = 0; i < costs.length; i++) {
            for (int j = 0; j < costs[i].length; j++) {
                costs[i][j] = -generalizedIou(found.get(j).box, truths.get(i).box)
                        - (found.get(j).label == truths.get(i).label ? bonus : 0);
            }
        }
        int patient = set.patientOf(image);
        found.forEach(box -> alone[box.label][patient]++);
        int[] partners = Assignment.of(costs);
        for (int i = 0; i < partners.length; i++) {
            Labelled truth = truths.get(i);
            if (partners[i] < 0) {
                alone[truth.label][patient]++;
            } else {
                Labelled box = found.get(partners[i]);
                alone[box.label][patient]--;
                pairs.add(new Pair(
                        patient,
                        truth.label,
                        box.label == truth.label,
                        closeness(box.box, truth.box),
                        shape(box.box, truth.box)));
            }
        }
    }

    /** IoU less the part of the enclosing box that neither covers (Rezatofighi et al., CVPR 2019). */
    private static double generalizedIou(Box a, Box b) {
        double enclosing = a.enclosing(b).area();
        double union = a.area() + b.area() - a.intersectionArea(b);
        return a.iou(b) - (enclosing - union) / enclosing;
    }

    private static double closeness(Box found, Box truth) {
        double x = (found.x() + found.width() / 2 - truth.x() - truth.width() / 2) / truth.width();
        double y = (found.y() + found.height() / 2 - truth.y() - truth.height() / 2) / truth.height();
        return Math.exp(-Math.log(2) * (x * x + y * y));
    }

    private static double shape(Box found, Box truth) {
        return new Box(0, 0, found.width(), found.height()).iou(new Box(0, 0, truth.width(), truth.height()));
    }

    private Metric metric(Part part) {
        return new Metric() {
            @Override
            public String name() {
                return part.figure.title();
            }

            @Override
            public double[] of(Draw draw) {
                int labels = set.labels().size();
                Sums[] ofLabels = draw.get(sums);
                return Metric.ofEach(labels, label -> ofLabels[label].value(part, labels));
            }
        };
    }

    /** The weighted sums of one label's pairs. */
    private static final class Sums {
        private double pairs;
        private double same;
        private double closeness;
        private double shape;
        private double alone;

        private void add(Pair pair, int weight) {
            pairs += weight;
            same += pair.same ? weight : 0;
            closeness += weight * pair.closeness;
            shape += weight * pair.shape;
        }

        private double value(Part part, int labels) {
            double all = pairs + alone;
            if (all == 0) {
                return Double.NaN;
            }
            return switch (part) {
                case CLASSIFICATION -> pairs == 0 ? 0 : pairs / all * Math.max(0, correlation(labels));
                case LOCALIZATION -> closeness / all;
                case SHAPE -> shape / all;
                case TOTAL ->
                    pairs == 0
                            ? 0
                            : 3
                                    / (1 / (value(Part.CLASSIFICATION, labels) + EPSILON)
                                            + 1 / (value(Part.LOCALIZATION, labels) + EPSILON)
                                            + 1 / (value(Part.SHAPE, labels) + EPSILON));
            };
        }

        /**
         * Matthews' correlation of the pairs' labels, each written as one 1 among 0s: a pair of different labels has a false
         * positive, a false negative and two true negatives less than the labels. One label alone has no correlation.
         */
        private double correlation(int labels) {
            double different = pairs - same;
            double negatives = same * (labels - 1) + different * (labels - 2);
            return (same * negatives - different * different) / (pairs * pairs * (labels - 1));
        }
    }

    private Sums[] sums(Draw draw) {
        int[] weights = draw.weights();
        int labels = set.labels().size();
        Sums[] ofLabels = new Sums[labels + 1];
        Arrays.setAll(ofLabels, label -> new Sums());
        for (Pair pair : pairs) {
            ofLabels[pair.label].add(pair, weights[pair.patient]);
            ofLabels[labels].add(pair, weights[pair.patient]);
        }
        for (int label = 0; label < labels; label++) {
            long count = 0;
            for (int patient = 0; patient < weights.length; patient++) {
                count += (long) alone[label][patient] * weights[patient];
            }
            ofLabels[label].alone += count;
            ofLabels[labels].alone += count;
        }
        return ofLabels;
    }
}
