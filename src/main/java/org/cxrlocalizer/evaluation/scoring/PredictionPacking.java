// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Packs predictions, so that those of the whole dataset fit into memory: boxes as plain numbers, and maps as arrays that share their keys.
 * A packed prediction equals the one that it was made of, and cannot be changed. It may be used by several threads.
 */
public final class PredictionPacking {

    private final Map<List<String>, String[]> keys = new ConcurrentHashMap<>();

    /** Returns an equal prediction that takes less memory. */
    public ImagePrediction pack(ImagePrediction prediction) {
        return new ImagePrediction(
                prediction.image(),
                prediction.sha256(),
                prediction.failure(),
                prediction.frame(),
                pack(prediction.probabilities(), UnaryOperator.identity()),
                pack(prediction.positive(), UnaryOperator.identity()),
                pack(prediction.maps(), byLabel -> pack(byLabel, UnaryOperator.identity())),
                pack(prediction.boxes(), byLabel -> pack(byLabel, PackedBoxes::of)));
    }

    private <V> Map<String, V> pack(Map<String, V> map, UnaryOperator<V> value) {
        if (map.isEmpty()) {
            return Map.of();
        }
        String[] shared = keys.computeIfAbsent(List.copyOf(map.keySet()), names -> names.toArray(String[]::new));
        @SuppressWarnings("unchecked") // no other code sees the array
        V[] values = (V[]) map.values().stream().map(value).toArray();
        return new SmallMap<>(shared, values);
    }
}
