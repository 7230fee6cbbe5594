package org.cxrlocalizer.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.dataset.ImageEntry;
import org.cxrlocalizer.dataset.LineProblem;
import org.cxrlocalizer.evaluation.metrics.Baselines;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.evaluation.metrics.ClassMaps;
import org.cxrlocalizer.evaluation.metrics.Detections;
import org.cxrlocalizer.evaluation.metrics.Difference;
import org.cxrlocalizer.evaluation.metrics.LevelMetrics;
import org.cxrlocalizer.evaluation.metrics.Metric;
import org.cxrlocalizer.evaluation.metrics.OneToOne;
import org.cxrlocalizer.evaluation.metrics.PixelMetrics;
import org.cxrlocalizer.evaluation.metrics.TruthSet;
import org.cxrlocalizer.evaluation.metrics.WangProtocol;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.ScoredBox;
import org.jspecify.annotations.Nullable;

/** From predictions to a report; nothing in it depends on how or when the predictions were made. */
public final class Scoring {

    static final String ALL_BOXES = "all boxes";
    static final String POSITIVE = "boxes of positive findings";

    /**
     * What the figures are computed from, beside the predictions.
     *
     * @param policies the policy that each system cuts a label's map with, for the random map; empty for boxes of a file
     * @param entries by image index; empty without a data entry file
     * @param cutoffs of the model by label
     */
    public record Inputs(
            EvaluationManifest manifest,
            GroundTruth truth,
            Map<String, Function<String, BoxPolicy.Threshold>> policies,
            Map<String, ImageEntry> entries,
            Map<String, Double> cutoffs,
            List<LineProblem> problems) {}

    private final Inputs inputs;
    private final List<ImagePrediction> predictions;
    private final PredictedBoxes boxes;
    private final TruthSet set;
    private final Map<String, String> failed = new TreeMap<>();
    private final Bootstrap bootstrap;

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
        bootstrap = new Bootstrap(inputs.manifest().seed(), inputs.manifest().draws());
    }

    /** @param predictions by image index, failed ones included */
    public static EvaluationReport report(Inputs inputs, List<ImagePrediction> predictions) {
        return new Scoring(inputs, predictions).report();
    }

    private EvaluationReport report() {
        List<FigureTable.Wanted> systems = set.truths().isEmpty() ? List.of() : systems();
        List<FigureTable.Wanted> baselines = set.truths().isEmpty() ? List.of() : baselines();
        List<FigureTable.Wanted> differences = differences(systems, baselines);
        List<FigureTable.Wanted> all = new ArrayList<>(systems);
        all.addAll(baselines);
        all.addAll(differences);
        long[] counts = new long[set.labels().size()];
        set.truths().forEach(truth -> counts[truth.label()]++);
        List<FigureTable> tables = FigureTable.of(all, set.labels(), counts, set.patientCount(), bootstrap);
        int first = systems.size();
        int second = first + baselines.size();
        ClassificationScoring classification = new ClassificationScoring(predictions, inputs, bootstrap);
        return new EvaluationReport(
                inputs.manifest(),
                new EvaluationReport.Images(
                        predictions.size(),
                        set.patientCount(),
                        (int) set.images().stream()
                                .filter(image -> !image.boxes().isEmpty())
                                .count(),
                        set.truths().size(),
                        failed),
                tables.subList(0, first),
                tables.subList(first, second),
                tables.subList(second, tables.size()),
                classification.labels(),
                classification.figures(),
                new Subgroups(set, boxes, inputs, bootstrap).tables(),
                inputs.problems());
    }

    private List<FigureTable.Wanted> systems() {
        List<FigureTable.Wanted> wanted = new ArrayList<>();
        for (BoxSystem system : inputs.manifest().systems()) {
            boolean hasCutoffs = predictions.stream()
                    .anyMatch(prediction -> !prediction.positive().isEmpty());
            for (boolean gated : hasCutoffs ? new boolean[] {false, true} : new boolean[] {false}) {
                Detections detections = boxes.of(set, system.name(), gated);
                List<Metric> metrics = new ArrayList<>(WangProtocol.metrics(set, detections));
                metrics.addAll(OneToOne.metrics(set, detections));
                if (!gated && boxes.anyMap(system.mapsOf()) != null) {
                    ClassMaps maps = boxes.maps(set, system.mapsOf());
                    metrics.addAll(LevelMetrics.metrics(set, maps));
                    metrics.addAll(PixelMetrics.metrics(set, maps));
                }
                wanted.add(new FigureTable.Wanted(system.name(), gated ? POSITIVE : ALL_BOXES, metrics));
            }
        }
        return wanted;
    }

    private List<FigureTable.Wanted> baselines() {
        BoxSystem system = inputs.manifest().systems().get(0);
        List<FigureTable.Wanted> wanted = new ArrayList<>();
        wanted.add(baseline("centred box", Baselines.centredBox(), null));
        wanted.add(baseline("class-mean box", Baselines.classMeanBox(set), null));
        ClassActivationMap map = boxes.anyMap(system.mapsOf());
        Function<String, BoxPolicy.Threshold> policy = inputs.policies().get(system.name());
        if (map != null && policy != null) {
            ClassMaps random = Baselines.randomMaps(
                    set, map.width(), map.height(), inputs.manifest().seed());
            wanted.add(baseline("random map", Baselines.boxesOf(set, random, policy), random));
            wanted.add(baseline("grid ceiling", Baselines.gridCeiling(set, map.width(), map.height()), null));
        }
        return wanted;
    }

    private FigureTable.Wanted baseline(String name, Detections detections, @Nullable ClassMaps maps) {
        Detections remembered = remembered(detections);
        List<Metric> metrics = new ArrayList<>();
        for (WangProtocol.Overlap overlap : WangProtocol.Overlap.values()) {
            metrics.addAll(WangProtocol.accuracies(set, remembered, overlap));
        }
        metrics.add(OneToOne.meanIou(set, remembered));
        if (maps != null) {
            metrics.addAll(LevelMetrics.metrics(set, maps));
            metrics.addAll(PixelMetrics.metrics(set, maps));
        }
        return new FigureTable.Wanted(name, "every image with a true box of the label", metrics);
    }

    /** A baseline's boxes are asked for by each metric, and cost something each time. */
    private static Detections remembered(Detections detections) {
        Map<List<Integer>, List<ScoredBox>> found = new HashMap<>();
        return (image, label) -> found.computeIfAbsent(List.of(image, label), key -> detections.of(image, label));
    }

    private static List<FigureTable.Wanted> differences(
            List<FigureTable.Wanted> systems, List<FigureTable.Wanted> baselines) {
        List<FigureTable.Wanted> wanted = new ArrayList<>();
        if (systems.isEmpty()) {
            return wanted;
        }
        FigureTable.Wanted first = systems.get(0);
        Map<String, Metric> own = first.metrics().stream()
                .collect(Collectors.toMap(Metric::name, Function.identity(), (a, b) -> a, LinkedHashMap::new));
        List<FigureTable.Wanted> others = new ArrayList<>(systems.subList(1, systems.size()));
        others.removeIf(other -> other.condition().equals(POSITIVE));
        others.addAll(baselines);
        for (FigureTable.Wanted other : others) {
            List<Metric> metrics = other.metrics().stream()
                    .filter(metric -> own.containsKey(metric.name()))
                    .<Metric>map(metric -> new Difference(Objects.requireNonNull(own.get(metric.name())), metric))
                    .toList();
            wanted.add(new FigureTable.Wanted(first.system(), "minus " + other.system(), metrics));
        }
        return wanted;
    }
}
