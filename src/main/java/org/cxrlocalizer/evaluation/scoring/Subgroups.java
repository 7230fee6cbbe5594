// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.cxrlocalizer.dataset.ImageEntry;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.evaluation.metrics.FigureTable;
import org.cxrlocalizer.evaluation.metrics.Metric;
import org.cxrlocalizer.evaluation.metrics.PixelMetrics;
import org.cxrlocalizer.evaluation.metrics.TruthSet;
import org.cxrlocalizer.evaluation.metrics.WangProtocol;
import org.cxrlocalizer.geometry.Box;

/**
 * Acc at T(IoU) and the pointing game of the first system in parts of the images: by size of the true box in thirds, and by
 * view, sex and age where a data entry file is given.
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
        Map<String, TruthSet> parts = new LinkedHashMap<>();
        double[] areas = set.truths().stream()
                .mapToDouble(truth -> truth.box().area())
                .sorted()
                .toArray();
        double small = areas[(areas.length - 1) / 3];
        double large = areas[(areas.length - 1) * 2 / 3];
        parts.put("small boxes (lower third)", part(image -> true, box -> box.area() <= small));
        parts.put("middle boxes", part(image -> true, box -> box.area() > small && box.area() <= large));
        parts.put("large boxes (upper third)", part(image -> true, box -> box.area() > large));
        DIMENSIONS.forEach((dimension, value) -> set.images().stream()
                .map(image -> inputs.entries().get(image.name()))
                .filter(Objects::nonNull)
                .map(value)
                .distinct()
                .sorted()
                .forEach(wanted -> parts.put(
                        dimension + " " + wanted,
                        part(
                                image -> {
                                    ImageEntry entry = inputs.entries().get(image.name());
                                    return entry != null && value.apply(entry).equals(wanted);
                                },
                                box -> true))));
        String system = inputs.manifest().systems().get(0).name();
        List<FigureTable> tables = new ArrayList<>();
        parts.forEach((name, part) -> {
            if (!part.truths().isEmpty()) {
                tables.add(subgroup(name, part, system));
            }
        });
        return tables;
    }

    private TruthSet part(Predicate<TruthSet.Image> images, Predicate<Box> wanted) {
        return PredictedBoxes.part(set, images, wanted);
    }

    private FigureTable subgroup(String name, TruthSet part, String system) {
        long[] counts = new long[part.labels().size()];
        part.truths().forEach(truth -> counts[truth.label()]++);
        List<Metric> metrics =
                new ArrayList<>(WangProtocol.accuracies(part, boxes.of(part, system, false), WangProtocol.Overlap.IOU));
        String method = inputs.manifest().systems().get(0).mapsOf();
        if (boxes.anyMap(method) != null) {
            metrics.add(PixelMetrics.pointingGame(part, boxes.maps(part, method)));
        }
        return FigureTable.of(
                        List.of(new FigureTable.Wanted(system, name, metrics)),
                        part.labels(),
                        counts,
                        part.patientCount(),
                        bootstrap)
                .get(0);
    }
}
