// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.dataset.ImageEntry;
import org.cxrlocalizer.dataset.LineProblem;
import org.cxrlocalizer.evaluation.metrics.Baselines;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.evaluation.metrics.ClassMaps;
import org.cxrlocalizer.evaluation.metrics.Detections;
import org.cxrlocalizer.evaluation.metrics.Difference;
import org.cxrlocalizer.evaluation.metrics.FigureTable;
import org.cxrlocalizer.evaluation.metrics.LevelMetrics;
import org.cxrlocalizer.evaluation.metrics.MaskMetrics;
import org.cxrlocalizer.evaluation.metrics.Metric;
import org.cxrlocalizer.evaluation.metrics.OneToOne;
import org.cxrlocalizer.evaluation.metrics.PixelMetrics;
import org.cxrlocalizer.evaluation.metrics.TruthMasks;
import org.cxrlocalizer.evaluation.metrics.TruthSet;
import org.cxrlocalizer.evaluation.metrics.WangProtocol;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.ScoredBox;
import org.jspecify.annotations.Nullable;

/** From predictions to a report; nothing in it depends on how or when the predictions were made. */
public final class Scoring {

    public static final String ALL_BOXES = "all boxes";
    public static final String POSITIVE = "boxes of positive findings";

    /** The condition of the table of how hits depend on features of the true boxes. */
    public static final String DEPENDENCE = "by features of the true boxes";

    /**
     * What the figures are computed from, beside the predictions.
     *
     * @param policies the policy that each system cuts a label's map with, for the random map; null for a label that its model
     *     lacks; empty for boxes of a file
     * @param entries by image index; empty without a data entry file
     * @param cutoffs of the model by label
     */
    public record Inputs(
            EvaluationManifest manifest,
            GroundTruth truth,
            Map<String, Function<String, BoxPolicy.@Nullable MapPolicy>> policies,
            Map<String, ImageEntry> entries,
            Map<String, Double> cutoffs,
            List<LineProblem> problems) {}

    private final Inputs inputs;
    private final List<ImagePrediction> predictions;
    private final PredictedBoxes boxes;
    private final TruthSet set;
    private final TruthMasks masks;
    private final Map<String, String> failed = new TreeMap<>();
    private final Bootstrap bootstrap;
    private final List<FigureTable> systems = new ArrayList<>();
    private final List<FigureTable> baselines = new ArrayList<>();
    private final List<FigureTable> differences = new ArrayList<>();
    private final List<FigureTable> partsOfTruths = new ArrayList<>();
    private final List<EvaluationReport.LabelClassification> labels = new ArrayList<>();
    private final List<FigureTable> probabilities = new ArrayList<>();
    private final List<FigureTable> partsOfProbabilities = new ArrayList<>();

    private Scoring(Inputs inputs, List<ImagePrediction> all) {
        this.inputs = inputs;
        predictions =
                all.stream().filter(prediction -> prediction.failure() == null).toList();
        all.forEach(prediction -> {
            if (prediction.failure() != null) {
                failed.put(prediction.image(), prediction.failure());
            }
        });
        boxes = new PredictedBoxes(predictions);
        set = PredictedBoxes.truths(predictions, inputs.truth());
        masks = PredictedBoxes.masks(set, inputs.truth());
        bootstrap = new Bootstrap(inputs.manifest().seed(), inputs.manifest().draws());
    }

    /** @param predictions by image index, failed ones included */
    public static EvaluationReport report(Inputs inputs, List<ImagePrediction> predictions) {
        return new Scoring(inputs, predictions).report();
    }

    private EvaluationReport report() {
        ClassificationScoring classification = new ClassificationScoring(predictions, inputs, bootstrap);
        // Each part draws on all processors, but prepares its figures on one: together they keep all of them busy.
        Stream.<Runnable>of(
                        this::localize,
                        () -> partsOfTruths.addAll(new Subgroups(set, boxes, inputs, bootstrap).tables()),
                        () -> {
                            labels.addAll(classification.labels());
                            probabilities.addAll(classification.figures());
                            partsOfProbabilities.addAll(classification.subgroups());
                        })
                .parallel()
                .forEach(Runnable::run);
        return new EvaluationReport(
                inputs.manifest(),
                new EvaluationReport.Images(
                        predictions.size(),
                        set.patientCount(),
                        (int) set.images().stream()
                                .filter(image -> !image.boxes().isEmpty())
                                .count(),
                        set.truths().size(),
                        (int) predictions.stream()
                                .filter(prediction -> !prediction.hasBoxes())
                                .count(),
                        failed),
                systems,
                baselines,
                differences,
                labels,
                probabilities,
                Stream.concat(partsOfTruths.stream(), partsOfProbabilities.stream())
                        .toList(),
                inputs.problems(),
                BoxFiles.compressed(inputs.manifest().systems().size(), ScoringSize.boxes(predictions)));
    }

    private void localize() {
        if (set.truths().isEmpty()) {
            return;
        }
        FigureTable.Requested first = system(firstSystem(), false);
        tables(first, null, systems, differences);
        gatedTables(firstSystem(), systems);
        for (BoxSystem other : otherSystems()) {
            tables(system(other, false), first, systems, differences);
            gatedTables(other, systems);
        }
        baselines(first);
    }

    /** Computes the baselines on the same draws, for each of which the figures of the first system are computed once. */
    private void baselines(FigureTable.Requested first) {
        List<FigureTable.Requested> requested = new ArrayList<>();
        for (Supplier<FigureTable.Requested> baseline : baselines()) {
            FigureTable.Requested own = baseline.get();
            requested.add(own);
            requested.add(difference(first, own));
        }
        List<FigureTable> computed = compute(requested);
        for (int i = 0; i < computed.size(); i += 2) {
            baselines.add(computed.get(i));
            differences.add(computed.get(i + 1));
        }
    }

    private List<FigureTable> compute(List<FigureTable.Requested> requested) {
        long[] counts = new long[set.labels().size()];
        set.truths().forEach(truth -> counts[truth.label()]++);
        return FigureTable.compute(requested, set.labels(), counts, set.patientCount(), bootstrap);
    }

    private BoxSystem firstSystem() {
        return inputs.manifest().systems().get(0);
    }

    private List<BoxSystem> otherSystems() {
        List<BoxSystem> all = inputs.manifest().systems();
        return all.subList(1, all.size());
    }

    /** None without a cut-off. */
    private void gatedTables(BoxSystem system, List<FigureTable> tables) {
        if (predictions.stream().anyMatch(prediction -> !prediction.positive().isEmpty())) {
            tables(system(system, true), null, tables, new ArrayList<>());
        }
    }

    /**
     * Computes the figures of one system, and how the first differs from it. What they are computed from can be collected
     * afterwards: the figures of all systems together would not fit into memory.
     *
     * @param first null if it is not compared
     */
    private void tables(
            FigureTable.Requested requested,
            FigureTable.@Nullable Requested first,
            List<FigureTable> tables,
            List<FigureTable> differences) {
        List<FigureTable> computed =
                compute(first == null ? List.of(requested) : List.of(requested, difference(first, requested)));
        tables.add(computed.get(0));
        differences.addAll(computed.subList(1, computed.size()));
    }

    private FigureTable.Requested system(BoxSystem system, boolean gated) {
        Detections detections = boxes.listed(set, system.name(), gated);
        List<Metric> metrics = new ArrayList<>(WangProtocol.metrics(set, detections));
        metrics.addAll(WangProtocol.counts(set, detections));
        metrics.addAll(OneToOne.robustDetection(set, detections));
        metrics.addAll(OneToOne.metricsAndErrorTypes(set, detections));
        metrics.addAll(MaskMetrics.ofBoxes(set, masks, detections));
        if (!gated && boxes.anyMap(system.mapsOf()) != null) {
            ClassMaps maps = boxes.maps(set, system.mapsOf());
            metrics.addAll(LevelMetrics.metrics(set, maps));
            metrics.addAll(PixelMetrics.metrics(set, maps));
            metrics.addAll(MaskMetrics.ofMaps(set, masks, maps));
        }
        return new FigureTable.Requested(system.name(), gated ? POSITIVE : ALL_BOXES, metrics);
    }

    /** None where the size of an image is not known. */
    private List<Supplier<FigureTable.Requested>> baselines() {
        BoxSystem system = firstSystem();
        List<Supplier<FigureTable.Requested>> requested = new ArrayList<>();
        if (!set.hasSizes()) {
            return requested;
        }
        requested.add(() -> baseline("centred box", Baselines.centredBox(set), null));
        requested.add(() -> baseline("class-mean box", Baselines.classMeanBox(set), null));
        ClassActivationMap map = boxes.anyMap(system.mapsOf());
        Function<String, BoxPolicy.@Nullable MapPolicy> policy =
                inputs.policies().get(system.name());
        if (map != null && policy != null) {
            ClassMaps random = Baselines.randomMaps(
                    set,
                    map.width(),
                    map.height(),
                    map.unit(),
                    inputs.manifest().seed());
            requested.add(() -> baseline("random map", Baselines.boxesOf(set, random, policy), random));
            requested.add(() -> baseline("grid ceiling", Baselines.gridCeiling(set, map.width(), map.height()), null));
        }
        return requested;
    }

    private FigureTable.Requested baseline(String name, Detections detections, @Nullable ClassMaps maps) {
        Detections remembered = remembered(detections);
        List<Metric> metrics = new ArrayList<>();
        for (WangProtocol.Overlap overlap : WangProtocol.Overlap.values()) {
            metrics.addAll(WangProtocol.accuracies(set, remembered, overlap));
        }
        metrics.addAll(OneToOne.robustDetection(
                set, (image, label) -> set.boxes(image, label).isEmpty() ? List.of() : remembered.of(image, label)));
        metrics.add(OneToOne.meanIou(set, remembered));
        metrics.addAll(MaskMetrics.ofBoxes(set, masks, remembered));
        if (maps != null) {
            metrics.addAll(LevelMetrics.metrics(set, maps));
            metrics.addAll(PixelMetrics.metrics(set, maps));
            metrics.addAll(MaskMetrics.ofMaps(set, masks, maps));
        }
        return new FigureTable.Requested(name, "every image with a true box of the label", metrics);
    }

    /** A baseline's boxes are computed for each metric, which costs something each time. */
    private static Detections remembered(Detections detections) {
        Map<List<Integer>, List<ScoredBox>> found = new HashMap<>();
        return (image, label) -> found.computeIfAbsent(List.of(image, label), key -> detections.of(image, label));
    }

    private static FigureTable.Requested difference(FigureTable.Requested first, FigureTable.Requested other) {
        Map<String, Metric> own =
                first.metrics().stream().collect(Collectors.toMap(Metric::name, Function.identity(), (a, b) -> a));
        List<Metric> metrics = other.metrics().stream()
                .filter(metric -> own.containsKey(metric.name()))
                .<Metric>map(metric -> new Difference(Objects.requireNonNull(own.get(metric.name())), metric))
                .toList();
        return new FigureTable.Requested(first.system(), "minus " + other.system(), metrics);
    }
}
