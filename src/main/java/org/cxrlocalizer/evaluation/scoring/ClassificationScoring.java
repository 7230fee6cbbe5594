// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
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

    /** An image that has an entry, and a probability of each label. */
    private record Scored(ImageEntry entry, ScoreSet.Image image) {}

    private final List<String> labels;
    private final List<Scored> images;
    private final ScoreSet scores;
    private final Scoring.Inputs inputs;
    private final Bootstrap bootstrap;

    ClassificationScoring(List<ImagePrediction> predictions, Scoring.Inputs inputs, Bootstrap bootstrap) {
        this.inputs = inputs;
        this.bootstrap = bootstrap;
        Set<String> predicted = new HashSet<>();
        predictions.forEach(
                prediction -> predicted.addAll(prediction.probabilities().keySet()));
        labels = ChestXray14.LABELS.stream().filter(predicted::contains).toList();
        images = new ArrayList<>();
        for (ImagePrediction prediction : predictions) {
            ImageEntry entry = inputs.entries().get(prediction.image());
            if (entry != null && prediction.probabilities().keySet().containsAll(labels)) {
                images.add(scored(prediction, entry));
            }
        }
        scores = scores(entry -> true);
    }

    private Scored scored(ImagePrediction prediction, ImageEntry entry) {
        return new Scored(
                entry,
                new ScoreSet.Image(
                        ChestXray14.patientOf(prediction.image()),
                        labels.stream()
                                .mapToDouble(label -> prediction.probabilities().getOrDefault(label, Double.NaN))
                                .toArray(),
                        truths(entry)));
    }

    private ScoreSet scores(Predicate<ImageEntry> wanted) {
        return new ScoreSet(
                labels,
                images.stream()
                        .filter(scored -> wanted.test(scored.entry))
                        .map(Scored::image)
                        .toList());
    }

    private boolean[] truths(ImageEntry entry) {
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
                    ScoreSet set = scores(entry -> part.apply(entry).equals(wanted));
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
                .parallel()
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
