// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.TreeMap;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.ScoredBox;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PredictionPackingTest {

    private final PredictionPacking packing = new PredictionPacking();

    private static ImagePrediction prediction(String image) {
        Map<String, Double> probabilities = new LinkedHashMap<>();
        probabilities.put("Nodule", 0.25);
        probabilities.put("Mass", 1 / 3.0);
        Map<String, List<ScoredBox>> boxes = new TreeMap<>();
        boxes.put(
                "Mass",
                List.of(
                        new ScoredBox(new Box(0.1, 2, 3.5, 1e-3), 1 / 3.0),
                        new ScoredBox(new Box(-0.0, 1, 2, 3), Double.MIN_VALUE)));
        boxes.put("Nodule", List.of());
        return new ImagePrediction(
                image,
                "aa",
                null,
                ImageFrame.stretch(1024, 1024),
                probabilities,
                Map.of("Mass", true),
                Map.of("cam", Map.of("Mass", new ClassActivationMap(1, 2, new float[] {1, 2}))),
                Map.of("a system", boxes));
    }

    @Test
    void aPackedPredictionEqualsItsOriginalAndIsWrittenAsIt() {
        ImagePrediction original = prediction("a.png");

        ImagePrediction packed = packing.pack(original);

        assertThat(packed).isEqualTo(original).hasSameHashCodeAs(original);
        JsonMapper json = new JsonMapper();
        assertThat(json.writeValueAsString(packed)).isEqualTo(json.writeValueAsString(original));
    }

    @Test
    void aFailureIsPackedToo() {
        ImagePrediction failed = ImagePrediction.failed("a.png", null, "for a test");

        assertThat(packing.pack(failed)).isEqualTo(failed);
    }

    @Test
    void aPackedMapBehavesAsAMap() {
        Map<String, Double> packed = packing.pack(prediction("a.png")).probabilities();

        assertThat(packed.keySet()).containsExactly("Nodule", "Mass");
        assertThat(packed.getOrDefault("Hernia", Double.NaN)).isNaN();
        assertThat(packed.containsKey("Mass")).isTrue();
        assertThat(packed.containsKey(null)).isFalse();
        var entries = packed.entrySet().iterator();
        entries.next();
        entries.next();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(entries::next);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> packed.put("Mass", 1.0));
    }

    @Test
    void packedBoxesCannotBeChanged() {
        List<ScoredBox> boxes = Objects.requireNonNull(
                Objects.requireNonNull(packing.pack(prediction("a.png")).boxes().get("a system"))
                        .get("Mass"));

        assertThat(boxes).hasSize(2);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> boxes.remove(0));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> boxes.get(2));
    }
}
