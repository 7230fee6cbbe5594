// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.hibernate.validator.constraints.Range;
import org.hibernate.validator.constraints.UniqueElements;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of a model package, {@code model.yaml}, as {@link ManifestReader} reads and checks it.
 *
 * @param formatVersion 1
 * @param name the name of the package's directory
 * @param sha256 of {@code model.pt}, 64 lower-case hexadecimal digits
 * @param labels in the order of the network's outputs
 * @param bias of the linear head, in the order of the labels; needed by methods whose maps add up to the logit
 * @param cutoffs probabilities from which a finding counts as positive
 * @param operatingPoints named choices of cut-offs
 * @param calibration what makes calibrated probabilities of the model's own
 * @param boxes box policies, in the form of the HTTP parameter {@code policy}
 * @param variants other files of the same network, faster on some processors
 * @param manifestSha256 of the lines of {@code model.yaml} but this one; null in packages that do not state it
 * @param packageSha256 of all of {@code model.yaml}, and so of the package: it states the hashes of the model files. No key
 */
public record ModelManifest(
        @OneOf(value = 1, message = "must be 1") int formatVersion,

        @Given @Pattern(regexp = NAME, message = "must match " + NAME)
        String name,

        @NotBlank(message = Given.MESSAGE) String version,
        @NotBlank(message = Given.MESSAGE) String licence,
        @NotBlank(message = Given.MESSAGE) String source,

        @Given @Sha256 String sha256,

        @NotEmpty(message = "must not be empty") @UniqueElements(message = "must not repeat one")
        List<@NotBlank(message = Given.MESSAGE) String> labels,

        @Given Activation activation,
        @Given @Valid Input input,
        @Given @Valid Methods methods,
        @Nullable List<@Finite Double> bias,
        @Nullable @Valid Cutoffs cutoffs,
        @Nullable @Valid OperatingPoints operatingPoints,
        @Nullable @Valid ProbabilityCalibration calibration,
        @Nullable @Valid Boxes boxes,
        List<@Valid Variant> variants,

        @Nullable @Sha256 String manifestSha256,

        @JacksonInject(value = PACKAGE_SHA256, useInput = OptBoolean.FALSE)
        String packageSha256) {

    static final String PACKAGE_SHA256 = "packageSha256";
    /** Pattern of the names of models and variants. */
    public static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    /** Lists that are not given are empty. */
    public ModelManifest {
        labels = copy(labels);
        bias = bias == null ? null : List.copyOf(bias);
        variants = copy(variants);
    }

    private static <T> List<T> copy(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /** How an image is brought to the side of the input. */
    public enum ResizeRule {
        /** Each side by its own factor. */
        @JsonProperty("stretch")
        STRETCH,
        /** The longer side fits; black is added on both sides of the shorter one. */
        @JsonProperty("letterbox")
        LETTERBOX,
        /** The shorter side fits; the longer one is cut on both sides. */
        @JsonProperty("centreCrop")
        CENTRE_CROP
    }

    /** The weights of an antialiased resize. */
    public enum Interpolation {
        /** A triangle. */
        @JsonProperty("bilinear")
        BILINEAR,
        /** Keys's cubic with a = -0.5, as Pillow's; what it makes of edges beyond black and white is cut. */
        @JsonProperty("bicubic")
        BICUBIC
    }

    /**
     * The network's input: {@code float32[B, channels, size, size]}.
     *
     * @param size side in pixels, 16 to 2048
     * @param channels 1 or 3; three get the same grey values
     * @param resizeTo what the shorter side is resized to before a centre crop; default {@code size}
     * @param interpolation default bilinear
     * @param range what black and white become, before mean and deviation; default 0 to 1
     * @param mean subtracted for each channel; default 0
     * @param std divided by for each channel; default 1
     */
    public record Input(
            @Range(min = 16, max = 2048, message = "must be between 16 and 2048")
            int size,

            @OneOf(
                    value = {1, 3},
                    message = "must be 1 or 3")
            int channels,

            @Given ResizeRule resize,

            @Nullable @Range(min = 16, max = 4096, message = "must be between 16 and 4096")
            Integer resizeTo,

            Interpolation interpolation,

            @Size(min = 2, max = 2, message = RANGE) @Ascending(strictly = true, message = RANGE)
            List<@Finite Double> range,

            List<@Finite Double> mean,
            List<@Finite @Positive(message = "must be positive") Double> std) {

        private static final String RANGE = "must be two rising numbers";

        public Input {
            interpolation = interpolation == null ? Interpolation.BILINEAR : interpolation;
            range = range == null ? List.of(0.0, 1.0) : List.copyOf(range);
            mean = mean == null ? Collections.nCopies(Math.max(0, channels), 0.0) : List.copyOf(mean);
            std = std == null ? Collections.nCopies(Math.max(0, channels), 1.0) : List.copyOf(std);
        }

        /** Returns what the shorter side is resized to before a centre crop. */
        public int shorterSide() {
            return resizeTo == null ? size : resizeTo;
        }
    }

    /**
     * A class activation method.
     *
     * @param function the exported TorchScript method that computes it
     * @param sumsToLogit whether {@code mean(map) + bias = logit}
     * @param supervision default image labels. Where it is boxes, the maps are probabilities of cells
     */
    public record Method(
            @NotBlank(message = Given.MESSAGE) String name,

            @Given @Pattern(regexp = "[A-Za-z_][A-Za-z0-9_]*", message = "must be a TorchScript method name")
            String function,

            boolean sumsToLogit,
            Supervision supervision) {

        public Method {
            supervision = supervision == null ? Supervision.IMAGE_LABELS : supervision;
        }

        public boolean isFittedOnBoxes() {
            return supervision == Supervision.BOXES;
        }
    }

    /** The class activation methods of the package. */
    public record Methods(
            @JsonProperty("default") String defaultName,
            @NotEmpty(message = "must not be empty") List<@Valid Method> available) {

        public Methods {
            available = copy(available);
        }
    }

    /** Cut-offs by label, and the split that they were chosen on. */
    public record Cutoffs(
            @NotBlank(message = Given.MESSAGE) String chosenOn,

            @Given Map<String, @Fraction Double> probabilities) {

        public Cutoffs {
            probabilities = probabilities == null ? Map.of() : Map.copyOf(probabilities);
        }
    }

    /**
     * Box policies, and the split that they were chosen on.
     *
     * @param imagesSha256 of the sorted names of the images that they, and methods, were fitted on, joined by line feeds
     * @param defaultPolicy used where a request names none
     * @param calibrated by label, for the policy {@code calibrated}
     */
    public record Boxes(
            @NotBlank(message = Given.MESSAGE) String chosenOn,

            @Nullable @Sha256 String imagesSha256,

            @JsonProperty("default") @Nullable Map<String, Object> defaultPolicy,
            Map<String, Map<String, Object>> calibrated) {

        public Boxes {
            // In the order of the file, so that the same model answers the same bytes at each start.
            calibrated = calibrated == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(calibrated));
        }
    }

    /**
     * Another TorchScript file of the same network, with the same methods. It is for CPUs.
     *
     * @param file its name in the package, which begins with {@code model-} and ends with {@code .pt}
     * @param sha256 of the file
     * @param probabilityTolerance how far a probability may be from that of {@code model.pt}
     * @param mapTolerance how far a value of a map may be, in units of the largest of the image
     */
    public record Variant(
            @Given
            @Pattern(regexp = NAME, message = "must match " + NAME)
            @Pattern(regexp = OWN, message = "must be neither 'reference' nor 'auto'")
            String name,

            @Given @Pattern(regexp = FILE, message = "must be a file name as 'model-packed.pt'")
            String file,

            @Given @Sha256 String sha256,

            @Positive(message = TOLERANCE) @DecimalMax(value = "1", message = TOLERANCE)
            double probabilityTolerance,

            @Positive(message = TOLERANCE) @DecimalMax(value = "1", message = TOLERANCE)
            double mapTolerance) {

        /** What {@code model.pt} itself is called among its variants. */
        public static final String REFERENCE = "reference";

        /** What leaves the choice among the variants to a measurement, and so is no name of one. */
        public static final String AUTO = "auto";

        private static final String OWN = "(?!(" + REFERENCE + "|" + AUTO + ")$).*";
        private static final String FILE = "model-[A-Za-z0-9._-]{1,64}\\.pt";
        private static final String TOLERANCE = "must be above 0, and 1 at most";
    }

    /** The method of a name; the default where none is named. */
    public Method method(@Nullable String wanted) {
        String key = wanted == null ? methods.defaultName : wanted;
        return methods.available.stream()
                .filter(method -> method.name().equals(key))
                .findFirst()
                .orElseThrow(() -> new UnknownMethodException(
                        key, methods.available.stream().map(Method::name).toList()));
    }

    /** Returns the bias of one label; there must be biases. */
    public double requireBias(int label) {
        return Objects.requireNonNull(bias).get(label);
    }
}
