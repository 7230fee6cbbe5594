package org.cxrlocalizer.evaluation;

import java.util.List;
import java.util.Map;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the figures of a report depend on, so that they can be reproduced.
 *
 * @param version of this program
 * @param model null where the boxes of another system were scored
 * @param inputs SHA-256 of each dataset file, by what it is
 * @param imagesSha256 of the lines "image index, space, SHA-256 of the file" of all images, sorted, joined by line feeds
 * @param systems with their policies
 */
public record EvaluationManifest(
        int format,
        String version,
        EvaluationPlan.@Nullable Model model,
        Map<String, String> inputs,
        String imagesSha256,
        List<BoxSystem> systems,
        boolean leaveOutCalibration,
        long seed,
        int draws) {

    /** Boxes of a file have no model, method or policy. */
    public static EvaluationManifest ofForeignBoxes(
            String version, Map<String, String> inputs, List<ImagePrediction> predictions, Bootstrap bootstrap) {
        return new EvaluationManifest(
                1,
                version,
                null,
                inputs,
                imagesSha256(predictions),
                List.of(new BoxSystem(ForeignBoxes.SYSTEM, null, null)),
                false,
                bootstrap.seed(),
                bootstrap.draws());
    }

    static String imagesSha256(List<ImagePrediction> predictions) {
        return Sha256.of(String.join(
                "\n",
                predictions.stream()
                        .map(prediction -> prediction.image() + " " + prediction.sha256())
                        .sorted()
                        .toList()));
    }
}
