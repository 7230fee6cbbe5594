// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import org.cxrlocalizer.dataset.ImageEntry;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.evaluation.metrics.Feature;
import org.cxrlocalizer.evaluation.metrics.FeatureMetrics;
import org.cxrlocalizer.evaluation.metrics.FigureTable;
import org.cxrlocalizer.evaluation.metrics.Metric;
import org.cxrlocalizer.evaluation.metrics.PixelMetrics;
import org.cxrlocalizer.evaluation.metrics.TruthSet;
import org.cxrlocalizer.evaluation.metrics.WangProtocol;

/**
 * Acc at T(IoU) and the pointing game of the first system in parts: of the true boxes by thirds of a {@link Feature}, and of the images
 * by view, sex and age where a data entry file is given; and how hits depend on the features.
 */
record Subgroups(TruthSet set, PredictedBoxes boxes, Scoring.Inputs inputs, Bootstrap bootstrap) {

    /** What divides the images, and the part of an image. */
    static final Map<String, Function<ImageEntry, String>> DIMENSIONS = dimensions();

    private static Map<String, Function<ImageEntry, String>> dimensions() {
        Map<String, Function<ImageEntry, String>> dimensions = new LinkedHashMap<>();
        dimensions.put("view", entry -> entry.view().part());
        dimensions.put("sex", entry -> entry.sex().part());
        dimensions.put("age", ImageEntry::ageBand);
        return Collections.unmodifiableMap(dimensions);
    }

    List<FigureTable> tables() {
        if (set.truths().isEmpty()) {
            return List.of();
        }
        List<FigureTable> tables = new ArrayList<>();
        List<Feature> features = features();
        features.forEach(feature -> tables.addAll(thirds(feature)));
        if (!features.isEmpty()) {
            tables.add(dependence(features));
        }
        DIMENSIONS.forEach((dimension, value) -> set.images().stream()
                .map(image -> inputs.entries().get(image.name()))
                .filter(Objects::nonNull)
                .map(value)
                .distinct()
                .sorted()
                .forEach(wanted -> add(
                        tables,
                        dimension + " " + wanted,
                        PredictedBoxes.part(
                                set,
                                image -> {
                                    ImageEntry entry = inputs.entries().get(image.name());
                                    return entry != null && value.apply(entry).equals(wanted);
                                },
                                truth -> true))));
        return tables;
    }

    /** Without those that are the same for all true boxes, and without the probability where there is none, as of boxes of a file. */
    private List<Feature> features() {
        List<Feature> features = new ArrayList<>(Feature.ofTruth(set, PredictedBoxes.outlines(set, inputs.truth())));
        features.add(Feature.probability(set, truth -> boxes.probability(set, truth)));
        features.removeIf(feature -> feature.known().distinct().count() < 2);
        return features;
    }

    private List<FigureTable> thirds(Feature feature) {
        double[] sorted = feature.known().sorted().toArray();
        double lower = sorted[(sorted.length - 1) / 3];
        double upper = sorted[(sorted.length - 1) * 2 / 3];
        List<FigureTable> tables = new ArrayList<>();
        add(tables, "%s up to %s".formatted(feature.name(), text(lower)), part(feature, value -> value <= lower));
        add(
                tables,
                "%s %s to %s".formatted(feature.name(), text(lower), text(upper)),
                part(feature, value -> value > lower && value <= upper));
        add(tables, "%s above %s".formatted(feature.name(), text(upper)), part(feature, value -> value > upper));
        return tables;
    }

    private static String text(double value) {
        return new BigDecimal(value)
                .round(new MathContext(3))
                .stripTrailingZeros()
                .toPlainString();
    }

    private TruthSet part(Feature feature, DoublePredicate wanted) {
        Set<TruthSet.Truth> in = new HashSet<>();
        for (int i = 0; i < feature.values().length; i++) {
            if (wanted.test(feature.values()[i])) {
                in.add(set.truths().get(i));
            }
        }
        return PredictedBoxes.part(set, image -> true, in::contains);
    }

    private void add(List<FigureTable> tables, String name, TruthSet part) {
        if (part.truths().isEmpty()) {
            return;
        }
        String system = system().name();
        List<Metric> metrics =
                new ArrayList<>(WangProtocol.accuracies(part, boxes.of(part, system, false), WangProtocol.Overlap.IOU));
        String method = system().mapsOf();
        if (boxes.anyMap(method) != null) {
            metrics.add(PixelMetrics.pointingGame(part, boxes.maps(part, method)));
        }
        tables.add(table(name, part, metrics));
    }

    private FigureTable dependence(List<Feature> features) {
        String method = system().mapsOf();
        return table(
                Scoring.DEPENDENCE,
                set,
                FeatureMetrics.metrics(
                        set,
                        features,
                        boxes.of(set, system().name(), false),
                        boxes.anyMap(method) == null ? null : boxes.maps(set, method)));
    }

    private BoxSystem system() {
        return inputs.manifest().systems().get(0);
    }

    private FigureTable table(String name, TruthSet part, List<Metric> metrics) {
        long[] counts = new long[part.labels().size()];
        part.truths().forEach(truth -> counts[truth.label()]++);
        return FigureTable.compute(
                        List.of(new FigureTable.Requested(system().name(), name, metrics)),
                        part.labels(),
                        counts,
                        part.patientCount(),
                        bootstrap)
                .get(0);
    }
}
