// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.core.io.Resource;

/**
 * Which labels of a model and of a list of true boxes mean the same, from a table with the columns "Model Label" and "Truth
 * Label". Several true labels may be one of the model's, or several of the model's one true label: they are scored under the name
 * of the single one. Labels are compared regardless of case, spaces, underscores and hyphens.
 *
 * @param ofModel letters of a model's label to the label that it is scored as
 * @param ofTruth letters of a true label to the label that it is scored as
 */
public record LabelMap(Map<String, String> ofModel, Map<String, String> ofTruth) {

    /** Labels of the same name are compared, and no other. */
    public static final LabelMap NONE = new LabelMap(Map.of(), Map.of());

    private static final Set<String> MODEL = Set.of("modellabel", "model");
    private static final Set<String> TRUTH = Set.of("truthlabel", "truth");

    public LabelMap {
        ofModel = Map.copyOf(ofModel);
        ofTruth = Map.copyOf(ofTruth);
    }

    private record Pair(String model, String truth) {}

    /** @throws InvalidDatasetException if it is another file, or joins several labels of both sides */
    public static LabelMap read(Resource resource) throws IOException {
        String file = DatasetFile.name(resource);
        List<Pair> pairs = new ArrayList<>();
        try (Reader text = DatasetFile.open(resource)) {
            new Table(file, text).read("Model Label", MODEL, header -> {
                int model = header.require("Model Label", MODEL);
                int truth = header.require("Truth Label", TRUTH);
                return row -> pairs.add(pair(file, row, model, truth));
            });
        }
        if (pairs.isEmpty()) {
            throw new InvalidDatasetException("%s maps no label.".formatted(file));
        }
        return of(file, pairs);
    }

    private static Pair pair(String file, Table.Row row, int model, int truth) {
        try {
            row.requireColumns(Math.max(model, truth) + 1);
        } catch (IllegalArgumentException e) {
            throw new InvalidDatasetException("%s, line %d: %s.".formatted(file, row.line(), e.getMessage()));
        }
        if (row.field(model).isEmpty() || row.field(truth).isEmpty()) {
            throw new InvalidDatasetException("%s, line %d: a label is blank.".formatted(file, row.line()));
        }
        return new Pair(row.field(model), row.field(truth));
    }

    private static LabelMap of(String file, List<Pair> pairs) {
        Map<String, Set<String>> truths = new LinkedHashMap<>();
        Map<String, Set<String>> models = new LinkedHashMap<>();
        Map<String, String> names = new HashMap<>();
        for (Pair pair : pairs) {
            String model = letters(pair.model);
            String truth = letters(pair.truth);
            truths.computeIfAbsent(model, key -> new LinkedHashSet<>()).add(truth);
            models.computeIfAbsent(truth, key -> new LinkedHashSet<>()).add(model);
            names.putIfAbsent("model " + model, pair.model);
            names.putIfAbsent("truth " + truth, pair.truth);
        }
        Map<String, String> ofModel = new HashMap<>();
        Map<String, String> ofTruth = new HashMap<>();
        for (Pair pair : pairs) {
            String model = letters(pair.model);
            String truth = letters(pair.truth);
            boolean severalTruths = truths.getOrDefault(model, Set.of()).size() > 1;
            boolean severalModels = models.getOrDefault(truth, Set.of()).size() > 1;
            if (severalTruths && severalModels) {
                throw new InvalidDatasetException(
                        "%s joins several labels of both sides by '%s' and '%s'; one of the sides must have a single label."
                                .formatted(file, pair.model, pair.truth));
            }
            String scored = severalModels
                    ? names.getOrDefault("truth " + truth, pair.truth)
                    : canonical(names.getOrDefault("model " + model, pair.model));
            ofModel.put(model, scored);
            ofTruth.put(truth, scored);
        }
        return new LabelMap(ofModel, ofTruth);
    }

    boolean isNone() {
        return ofTruth.isEmpty();
    }

    static String letters(String label) {
        return ChestXray14.letters(label.strip());
    }

    /** Returns the dataset's own spelling of one of its labels, and any other label as it is. */
    static String canonical(String label) {
        return ChestXray14.label(label).orElse(label.strip());
    }
}
