// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.evaluation.metrics.Baselines;
import org.cxrlocalizer.evaluation.metrics.ClassMaps;
import org.cxrlocalizer.evaluation.metrics.Figure;
import org.cxrlocalizer.evaluation.metrics.TruthSet;
import org.cxrlocalizer.evaluation.metrics.WangProtocol;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.MapUnit;

/**
 * Chooses a method and, for each label, a box policy on given patients: those with the largest sum of Acc at T(IoU) = 0.1,
 * 0.3 and 0.5. A label has few boxes, so its own choice leans on what suits all labels: each policy's sum over the label's
 * boxes plus ten times its macro sum.
 */
public final class CalibrationFit {

    private static final double SHRINKAGE = 10;
    private static final List<String> FIGURES = Stream.of(0.1, 0.3, 0.5)
            .map(threshold -> Figure.ACCURACY.at(WangProtocol.Overlap.IOU, threshold))
            .toList();

    private CalibrationFit() {}

    /** Returns the policies that are tried on maps of a unit. */
    private static List<BoxPolicy.MapPolicy> candidates(MapUnit unit) {
        BoxPolicy.Selection all = BoxPolicy.Selection.DEFAULT;
        return Stream.of(
                        DoubleStream.of(0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
                                .<BoxPolicy.MapPolicy>mapToObj(f -> new BoxPolicy.FractionOfMaximum(f, all)),
                        Stream.<BoxPolicy.MapPolicy>of(
                                new BoxPolicy.WangLevels(new double[] {60, 180}, all), new BoxPolicy.Otsu(all)),
                        DoubleStream.of(70, 80, 90, 95)
                                .<BoxPolicy.MapPolicy>mapToObj(p -> new BoxPolicy.Percentile(p, all)),
                        Stream.<BoxPolicy.MapPolicy>of(new BoxPolicy.ExpectedIou(all)))
                .flatMap(stream -> stream)
                .filter(policy -> policy.fits(unit))
                .toList();
    }

    /**
     * Chooses among methods.
     *
     * @param predictions with the maps of each method
     * @throws EvaluationRefusedException if no image has a true box
     */
    public static Calibration fit(List<ImagePrediction> predictions, GroundTruth truth, List<String> methods) {
        List<ImagePrediction> used = predictions.stream()
                .filter(prediction -> prediction.failure() == null)
                .filter(prediction -> truth.of(prediction.image()).isPresent())
                .toList();
        if (used.isEmpty()) {
            throw new EvaluationRefusedException("None of the images has a true box to calibrate on.");
        }
        TruthSet set = PredictedBoxes.truths(used, truth);
        PredictedBoxes boxes = new PredictedBoxes(used);
        String bestMethod = methods.get(0);
        List<BoxPolicy.MapPolicy> bestCandidates = List.of();
        double[][] best = {};
        double most = -1;
        for (String method : methods) {
            ClassActivationMap map = boxes.anyMap(method);
            List<BoxPolicy.MapPolicy> candidates = candidates(map == null ? MapUnit.LOGIT : map.unit());
            double[][] merits = merits(set, boxes.maps(set, method), candidates);
            double merit =
                    merits[argmax(merits, set.labels().size())][set.labels().size()];
            if (merit > most) {
                most = merit;
                best = merits;
                bestCandidates = candidates;
                bestMethod = method;
            }
        }
        return of(set, bestMethod, bestCandidates, best);
    }

    private static Calibration of(
            TruthSet set, String method, List<BoxPolicy.MapPolicy> candidates, double[][] merits) {
        int macro = set.labels().size();
        Map<String, BoxPolicy.MapPolicy> byLabel = new LinkedHashMap<>();
        for (int k = 0; k < macro; k++) {
            int label = k;
            long count = set.truths().stream()
                    .filter(truth -> truth.label() == label)
                    .count();
            double[][] own = new double[merits.length][1];
            for (int i = 0; i < merits.length; i++) {
                own[i][0] = count * merits[i][k] + SHRINKAGE * merits[i][macro];
            }
            byLabel.put(set.labels().get(k), candidates.get(argmax(own, 0)));
        }
        return new Calibration(
                method,
                candidates.get(argmax(merits, macro)),
                byLabel,
                set.images().stream().map(TruthSet.Image::name).sorted().toList(),
                set.patientCount(),
                set.truths().size());
    }

    /** By candidate, then by label and macro: the sum of the figures. */
    private static double[][] merits(TruthSet set, ClassMaps maps, List<BoxPolicy.MapPolicy> candidates) {
        return candidates.stream()
                .map(
                        policy -> WangProtocol.accuracies(
                                        set, Baselines.boxesOf(set, maps, label -> policy), WangProtocol.Overlap.IOU)
                                .stream()
                                .filter(metric -> FIGURES.contains(metric.name()))
                                .map(metric -> metric.of(set.once()))
                                .reduce(new double[set.labels().size() + 2], CalibrationFit::sum))
                .toArray(double[][]::new);
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }

    /** The first of the largest. */
    private static int argmax(double[][] values, int column) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i][column] > values[best][column]) {
                best = i;
            }
        }
        return best;
    }
}
