// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cxrlocalizer.evaluation.scoring.EvaluationManifest;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which runs may go on with the predictions of another. */
class PredictionLogTest {

    private static final String REFERENCE = "{\"model\":\"aa\"}";
    private static final String PACKED = "{\"model\":\"aa\",\"variant\":\"bb\"}";
    private static final String ANOTHER_MODEL = "{\"model\":\"cc\",\"variant\":\"bb\"}";

    @TempDir
    Path folder;

    private List<ImagePrediction> opened(String key, ResumeMode mode) throws IOException {
        try (PredictionLog log =
                PredictionLog.open(folder.resolve("predictions.jsonl"), new PredictionKey(key), mode)) {
            return log.predictions();
        }
    }

    private void start(String key) throws IOException {
        try (PredictionLog log =
                PredictionLog.open(folder.resolve("predictions.jsonl"), new PredictionKey(key), ResumeMode.REFUSE)) {
            log.add(ImagePrediction.failed("a.png", null, "for a test"));
        }
    }

    @Test
    void theSameRunGoesOn() throws IOException {
        start(PACKED);

        assertThat(opened(PACKED, ResumeMode.CONTINUE)).hasSize(1);
    }

    @Test
    void predictionsOfAnotherVariantAreNeverMixedIn() throws IOException {
        start(PACKED);

        assertThatExceptionOfType(EvaluationRefusedException.class)
                .isThrownBy(() -> opened(REFERENCE, ResumeMode.CONTINUE))
                .withMessageContaining("is of another run");
        assertThat(opened(PACKED, ResumeMode.CONTINUE)).hasSize(1);
    }

    @Test
    void existingPredictionsAreRefusedUnlessTheRunContinues() throws IOException {
        start(PACKED);

        assertThatExceptionOfType(EvaluationRefusedException.class)
                .isThrownBy(() -> opened(PACKED, ResumeMode.REFUSE))
                .withMessageContaining("exists already");
    }

    @Test
    void anotherModelIsRefusedHowever() throws IOException {
        start(PACKED);

        assertThatExceptionOfType(EvaluationRefusedException.class)
                .isThrownBy(() -> opened(ANOTHER_MODEL, ResumeMode.CONTINUE))
                .withMessageContaining("is of another run");
        assertThat(opened(PACKED, ResumeMode.CONTINUE)).hasSize(1);
    }

    @Test
    void manyPredictionsAreReadInTheirOrder() throws IOException {
        try (PredictionLog log =
                PredictionLog.open(folder.resolve("predictions.jsonl"), new PredictionKey(PACKED), ResumeMode.REFUSE)) {
            for (int i = 0; i < 3000; i++) {
                log.add(ImagePrediction.failed("%d.png".formatted(i), null, "for a test"));
            }
        }

        assertThat(opened(PACKED, ResumeMode.CONTINUE))
                .extracting(ImagePrediction::image)
                .containsExactlyElementsOf(
                        IntStream.range(0, 3000).mapToObj("%d.png"::formatted).toList());
    }

    @Test
    void theFirstDamagedLineIsNamed() throws IOException {
        start(PACKED);
        Path log = folder.resolve("predictions.jsonl");
        String whole = Files.readString(log);
        String prediction = whole.lines().toList().get(1);
        Files.writeString(log, whole + (prediction + "\n").repeat(2000) + "{}\n" + prediction + "\nnothing\n");

        assertThatExceptionOfType(EvaluationRefusedException.class)
                .isThrownBy(() -> opened(PACKED, ResumeMode.CONTINUE))
                .withMessageContaining("line 2003 is damaged");
    }

    @Test
    void aReplayByAnotherVariantIsRefused() {
        EvaluationManifest reference = manifest(new EvaluationManifest.Model.Variant("reference", "aa"));
        EvaluationManifest packed = manifest(new EvaluationManifest.Model.Variant("packed", "bb"));

        reference.requireReplayOf(reference);
        assertThatExceptionOfType(EvaluationRefusedException.class)
                .isThrownBy(() -> packed.requireReplayOf(reference))
                .withMessageContaining("the model")
                .withMessageContaining("packed");
    }

    @Test
    void aManifestFromBeforeThereWereVariantsIsOfTheReference() {
        EvaluationManifest.Model model = PredictionLog.JSON.readValue(
                "{\"name\":\"m\",\"version\":\"1\",\"sha256\":\"aa\"}", EvaluationManifest.Model.class);

        assertThat(model.variant()).isEqualTo(new EvaluationManifest.Model.Variant("reference", "aa"));
    }

    private static EvaluationManifest manifest(EvaluationManifest.Model.Variant variant) {
        return new EvaluationManifest(
                1,
                "1",
                new EvaluationManifest.Model("m", "1", "aa", variant),
                Map.of(),
                "dd",
                List.of(),
                false,
                null,
                1,
                20);
    }
}
