// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.model.ModelManifest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that the figures of a report depend on, so that they can be reproduced.
 *
 * @param version of this program
 * @param model null where the boxes of another system were scored
 * @param inputs SHA-256 of each dataset file, by what it is
 * @param imagesSha256 of the lines "image index, space, SHA-256 of the file" of all images, sorted, joined by line feeds
 * @param systems with their policies
 * @param operatingPoint whose cut-offs decided which findings were positive; null, and absent in JSON, for the model's default
 */
public record EvaluationManifest(
        int format,
        String version,
        @Nullable Model model,
        Map<String, String> inputs,
        String imagesSha256,
        List<BoxSystem> systems,
        boolean leaveOutCalibration,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String operatingPoint,
        long seed,
        int draws) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /**
     * Which model it was, to the bit.
     *
     * @param sha256 of {@code model.pt}
     * @param variant the file that ran; manifests from before there were variants lack it, and mean {@code model.pt}
     */
    public record Model(String name, String version, String sha256, Variant variant) {

        /** A file of a model package: {@code reference} for {@code model.pt}, or a variant's name. */
        public record Variant(String name, String sha256) {}

        public Model {
            variant = variant == null ? new Variant(ModelManifest.Variant.REFERENCE, sha256) : variant;
        }

        /** Name and version, and the variant unless it was the reference. */
        public String title() {
            String model = name + " " + version;
            return variant.name().equals(ModelManifest.Variant.REFERENCE)
                    ? model
                    : "%s, variant %s".formatted(model, variant.name());
        }
    }

    /** @throws EvaluationRefusedException if it is not a manifest of a report */
    public static EvaluationManifest read(Path file) throws IOException {
        try {
            return JSON.readValue(Files.readString(file), EvaluationManifest.class);
        } catch (JacksonException e) {
            throw new EvaluationRefusedException(
                    "%s is not the manifest of a report: %s".formatted(file, e.getOriginalMessage()));
        }
    }

    /**
     * Refuses to call one report a replay of another where something differs that its figures depend on.
     *
     * @throws EvaluationRefusedException that names what differs
     */
    public void requireReplayOf(EvaluationManifest original) {
        List<String> differing = new ArrayList<>();
        add("the version of this program", version, original.version, differing);
        add("the model", model, original.model, differing);
        add("the dataset files", inputs, original.inputs, differing);
        add("the images", imagesSha256, original.imagesSha256, differing);
        add("the systems", systems, original.systems, differing);
        add("the operating point", operatingPoint, original.operatingPoint, differing);
        if (!differing.isEmpty()) {
            throw new EvaluationRefusedException(
                    "The run cannot be replayed: it differs in " + String.join("; ", differing));
        }
    }

    /** Returns the same of other images. */
    public EvaluationManifest withImages(String sha256) {
        return new EvaluationManifest(
                format, version, model, inputs, sha256, systems, leaveOutCalibration, operatingPoint, seed, draws);
    }

    private static void add(String what, @Nullable Object is, @Nullable Object was, List<String> differing) {
        if (!Objects.equals(is, was)) {
            differing.add("%s, which is %s and was %s".formatted(what, is, was));
        }
    }

    /** Boxes of a file have no model, method or policy. */
    public static EvaluationManifest ofExternalPredictions(
            String version,
            Map<String, String> inputs,
            List<String> systems,
            List<ImagePrediction> predictions,
            Bootstrap bootstrap) {
        return new EvaluationManifest(
                1,
                version,
                null,
                inputs,
                imagesSha256(predictions),
                systems.stream()
                        .map(system -> new BoxSystem(system, null, null, false))
                        .toList(),
                false,
                null,
                bootstrap.seed(),
                bootstrap.draws());
    }

    public static String imagesSha256(List<ImagePrediction> predictions) {
        return DigestUtils.sha256Hex(String.join(
                "\n",
                predictions.stream()
                        .map(prediction -> prediction.image() + " " + prediction.sha256())
                        .sorted()
                        .toList()));
    }
}
