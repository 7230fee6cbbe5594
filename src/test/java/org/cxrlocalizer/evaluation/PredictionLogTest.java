package org.cxrlocalizer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    private List<ImagePrediction> opened(String key, EarlierPredictions earlier) throws IOException {
        try (PredictionLog log = PredictionLog.open(folder.resolve("predictions.jsonl"), key, earlier)) {
            return log.predictions();
        }
    }

    private void begun(String key) throws IOException {
        try (PredictionLog log =
                PredictionLog.open(folder.resolve("predictions.jsonl"), key, EarlierPredictions.REFUSED)) {
            log.add(ImagePrediction.failed("a.png", null, "for a test"));
        }
    }

    @Test
    void theSameRunGoesOn() throws IOException {
        begun(PACKED);

        assertThat(opened(PACKED, EarlierPredictions.CONTINUED)).hasSize(1);
        assertThat(opened(PACKED, EarlierPredictions.CONTINUED_IF_OF_THIS_VARIANT))
                .hasSize(1);
    }

    @Test
    void predictionsOfAnotherVariantAreNeverMixedIn() throws IOException {
        begun(PACKED);

        assertThatExceptionOfType(EvaluationRefusedException.class)
                .isThrownBy(() -> opened(REFERENCE, EarlierPredictions.CONTINUED))
                .withMessageContaining("is of another run");
        assertThat(opened(REFERENCE, EarlierPredictions.CONTINUED_IF_OF_THIS_VARIANT))
                .as("begun anew")
                .isEmpty();
        assertThat(Files.readString(folder.resolve("predictions.jsonl"))).isEqualTo(REFERENCE + "\n");
    }

    @Test
    void anotherModelIsRefusedHowever() throws IOException {
        begun(PACKED);

        assertThatExceptionOfType(EvaluationRefusedException.class)
                .isThrownBy(() -> opened(ANOTHER_MODEL, EarlierPredictions.CONTINUED_IF_OF_THIS_VARIANT))
                .withMessageContaining("is of another run");
        assertThat(opened(PACKED, EarlierPredictions.CONTINUED)).hasSize(1);
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
                1, "1", new EvaluationManifest.Model("m", "1", "aa", variant), Map.of(), "dd", List.of(), false, 1, 20);
    }
}
