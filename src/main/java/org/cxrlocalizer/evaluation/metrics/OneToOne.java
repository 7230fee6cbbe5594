// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One-to-one matching, as detection benchmarks score: the boxes of a label on an image are matched in order of
 * score, highest first. Each takes the true box of that label that it overlaps most among those not taken yet, if the IoU is above
 * T. Every box that takes none is false, and so is a second box on the same finding.
 */
public final class OneToOne {

    /** False boxes per image at which a FROC curve is read. */
    public static final List<Double> FROC_RATES = List.of(0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0);

    /** Thresholds of the IoU that have a FROC curve. */
    public static final List<Double> FROC_THRESHOLDS = List.of(0.1, 0.3, 0.5);

    /** Thresholds of the IoU that have error types. */
    public static final List<Double> ERROR_THRESHOLDS = List.of(0.5, 0.3);

    /** The IoU up to which a box lies on nothing. */
    private static final double ERROR_BACKGROUND = 0.1;

    private OneToOne() {}

    /**
     * Returns AP at each T(IoU) (area under the precision envelope, all points), the mean of these, and recall at each T(IoU).
     * They are followed by the sensitivity of the FROC curve at 1/8 to 8 false boxes per image: the largest reached without
     * exceeding the rate. The last one is the mean IoU of the matching at T = 0, where a true box that none took counts 0.
     */
    public static List<Metric> metrics(TruthSet set, Detections detections) {
        return metrics(set, detections, RankedBoxes.of(set, detections));
    }

    /** Returns the same, followed by those of {@link #errorTypes}; both read the same ranking. */
    public static List<Metric> metricsAndErrorTypes(TruthSet set, Detections detections) {
        RankedBoxes ranked = RankedBoxes.of(set, detections);
        List<Metric> metrics = new ArrayList<>(metrics(set, detections, ranked));
        metrics.addAll(errorTypes(set, detections, ranked));
        return metrics;
    }

    private static List<Metric> metrics(TruthSet set, Detections detections, RankedBoxes ranked) {
        List<Metric> precisions = new ArrayList<>();
        List<Metric> recalls = new ArrayList<>();
        List<Metric> sensitivities = new ArrayList<>();
        for (double threshold : WangProtocol.IOU_THRESHOLDS) {
            Matching matching = Matching.of(set, detections, threshold);
            List<CorrectBoxes> correct = correct(set, ranked, matching.correct());
            precisions.add(new RankedMetric(
                    at(Figure.AVERAGE_PRECISION, threshold), set, correct, RankedMetric.AVERAGE_PRECISION));
            double[] taken =
                    Arrays.stream(matching.iou()).map(iou -> iou > 0 ? 1 : 0).toArray();
            recalls.add(new TruthMean(at(Figure.RECALL, threshold), set, taken));
            if (FROC_THRESHOLDS.contains(threshold)) {
                for (double rate : FROC_RATES) {
                    sensitivities.add(new RankedMetric(
                            Figure.froc(threshold, rate), set, correct, RankedMetric.sensitivityAt(rate)));
                }
            }
        }
        List<Metric> metrics = new ArrayList<>(precisions);
        metrics.add(new MeanMetric(Figure.MEAN_AVERAGE_PRECISION.title(), precisions));
        metrics.addAll(recalls);
        metrics.addAll(sensitivities);
        metrics.add(meanIou(set, detections));
        return metrics;
    }

    /** RoDeO (Meissen et al., MIDL 2023) and its parts, for which the labels of a pair may differ. */
    public static List<Metric> robustDetection(TruthSet set, Detections detections) {
        return RobustDetection.metrics(set, detections);
    }

    /**
     * The dAP of TIDE's error types (Bolya et al., ECCV 2020) at each of {@link #ERROR_THRESHOLDS}: the published one, and one for
     * boxes that were learnt from image labels.
     */
    public static List<Metric> errorTypes(TruthSet set, Detections detections) {
        return errorTypes(set, detections, RankedBoxes.of(set, detections));
    }

    private static List<Metric> errorTypes(TruthSet set, Detections detections, RankedBoxes ranked) {
        return ERROR_THRESHOLDS.stream()
                .flatMap(threshold -> ErrorTypes.metrics(set, detections, ranked, threshold, ERROR_BACKGROUND).stream())
                .toList();
    }

    private static List<CorrectBoxes> correct(TruthSet set, RankedBoxes ranked, BitSet correct) {
        int labels = set.labels().size();
        return IntStream.rangeClosed(0, labels)
                .mapToObj(label -> new CorrectBoxes(
                        ranked.only(box -> correct.get(box)
                                && (label == labels || ranked.boxes().labels()[box] == label)),
                        ranked,
                        label,
                        SteppedBoxes.NONE,
                        SteppedBoxes.NONE))
                .toList();
    }

    /** The mean IoU of the matching at T = 0; a true box that none took counts 0. */
    public static Metric meanIou(TruthSet set, Detections detections) {
        return new TruthMean(Figure.MEAN_IOU.title(), set, Matching.iou(set, detections, 0));
    }

    private static String at(Figure figure, double threshold) {
        return figure.at(WangProtocol.Overlap.IOU, threshold);
    }
}
