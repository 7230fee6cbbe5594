// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.dataset.ImageEntry;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.evaluation.metrics.Classification;
import org.cxrlocalizer.evaluation.metrics.CutoffCounts;
import org.cxrlocalizer.evaluation.metrics.DeLong;
import org.cxrlocalizer.evaluation.metrics.Estimate;
import org.cxrlocalizer.evaluation.metrics.FigureTable;
import org.cxrlocalizer.evaluation.metrics.Metric;
import org.cxrlocalizer.evaluation.metrics.ScoreSet;

/** Scores probabilities against the image labels of a data entry file. */
final class ClassificationScoring {

    private final List<ImagePrediction> predictions;
    private final ScoreSet scores;
    private final Scoring.Inputs inputs;
    private final Bootstrap bootstrap;

    ClassificationScoring(List<ImagePrediction> predictions, Scoring.Inputs inputs, Bootstrap bootstrap) {
        this.inputs = inputs;
        this.bootstrap = bootstrap;
        this.predictions = predictions;
        scores = scores(predictions, inputs, image -> true);
    }

    private static ScoreSet scores(List<ImagePrediction> predictions, Scoring.Inputs inputs, Predicate<String> images) {
        Set<String> predicted = predictions.stream()
                .flatMap(prediction -> prediction.probabilities().keySet().stream())
                .collect(Collectors.toSet());
        List<String> labels =
                ChestXray14.LABELS.stream().filter(predicted::contains).toList();
        return new ScoreSet(
                labels,
                predictions.stream()
                        .filter(prediction -> inputs.entries().containsKey(prediction.image()))
                        .filter(prediction -> images.test(prediction.image()))
                        .filter(prediction ->
                                prediction.probabilities().keySet().containsAll(labels))
                        .map(prediction -> new ScoreSet.Image(
                                ChestXray14.patientOf(prediction.image()),
                                labels.stream()
                                        .mapToDouble(label ->
                                                prediction.probabilities().getOrDefault(label, Double.NaN))
                                        .toArray(),
                                truths(inputs, prediction.image(), labels)))
                        .toList());
    }

    private static boolean[] truths(Scoring.Inputs inputs, String image, List<String> labels) {
        ImageEntry entry = Objects.requireNonNull(inputs.entries().get(image));
        boolean[] positive = new boolean[labels.size()];
        for (int k = 0; k < positive.length; k++) {
            positive[k] = entry.findings().contains(labels.get(k));
        }
        return positive;
    }

    /** Empty without a data entry file. */
    List<FigureTable> figures() {
        if (scores.patientCount() == 0) {
            return List.of();
        }
        return List.of(figures(scores, "all images", Classification.metrics(scores, inputs.cutoffs())));
    }

    private FigureTable figures(ScoreSet set, String condition, List<Metric> metrics) {
        long[] counts = new long[set.labels().size()];
        Arrays.fill(counts, set.imageCount());
        return FigureTable.compute(
                        List.of(new FigureTable.Requested("probabilities", condition, metrics)),
                        set.labels(),
                        counts,
                        set.patientCount(),
                        bootstrap)
                .get(0);
    }

    /**
     * AUC, Brier score and the shares at the cut-offs by view, sex and age, each with its interval. Empty without a data entry
     * file.
     */
    List<FigureTable> subgroups() {
        List<FigureTable> tables = new ArrayList<>();
        Subgroups.DIMENSIONS.forEach((dimension, part) -> inputs.entries().values().stream()
                .map(part)
                .distinct()
                .sorted()
                .forEach(wanted -> {
                    ScoreSet set = scores(predictions, inputs, image -> part.apply(
                                    Objects.requireNonNull(inputs.entries().get(image)))
                            .equals(wanted));
                    if (set.patientCount() > 0) {
                        tables.add(figures(
                                set, dimension + " " + wanted, Classification.subgroupMetrics(set, inputs.cutoffs())));
                    }
                }));
        return tables;
    }

    /** Empty without a data entry file. */
    List<EvaluationReport.LabelClassification> labels() {
        if (scores.patientCount() == 0) {
            return List.of();
        }
        return IntStream.range(0, scores.labels().size())
                .mapToObj(label -> {
                    String name = scores.labels().get(label);
                    int positives = Classification.positives(scores, label);
                    int negatives = scores.imageCount() - positives;
                    DeLong auc = Classification.deLong(scores, label);
                    Double cutoff = inputs.cutoffs().get(name);
                    CutoffCounts counts = cutoff == null ? null : Classification.at(scores, label, cutoff);
                    return new EvaluationReport.LabelClassification(
                            name,
                            positives,
                            scores.imageCount(),
                            Estimate.of(auc.auc(), auc.interval(), scores.imageCount()),
                            cutoff,
                            counts == null
                                    ? null
                                    : Estimate.of(counts.sensitivity(), counts.sensitivityInterval(), positives),
                            counts == null
                                    ? null
                                    : Estimate.of(counts.specificity(), counts.specificityInterval(), negatives),
                            Classification.roc(scores, label),
                            Classification.reliability(scores, label),
                            Classification.netBenefit(scores, label));
                })
                .toList();
    }
}
