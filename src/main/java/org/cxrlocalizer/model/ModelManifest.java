// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
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
        @Min(value = 1, message = "must be 1") @Max(value = 1, message = "must be 1")
        int formatVersion,

        @NotNull(message = GIVEN) @Pattern(regexp = NAME, message = "must match " + NAME)
        String name,

        @NotBlank(message = GIVEN) String version,
        @NotBlank(message = GIVEN) String licence,
        @NotBlank(message = GIVEN) String source,

        @NotNull(message = GIVEN) @Pattern(regexp = SHA256, message = DIGITS)
        String sha256,

        @NotEmpty(message = "must not be empty") @UniqueElements(message = "must not repeat one")
        List<@NotBlank(message = GIVEN) String> labels,

        @NotNull(message = GIVEN) Activation activation,
        @NotNull(message = GIVEN) @Valid Input input,
        @NotNull(message = GIVEN) @Valid Methods methods,
        @Nullable List<@Finite Double> bias,
        @Nullable @Valid Cutoffs cutoffs,
        @Nullable @Valid OperatingPoints operatingPoints,
        @Nullable @Valid ProbabilityCalibration calibration,
        @Nullable @Valid Boxes boxes,
        List<@Valid Variant> variants,

        @Nullable @Pattern(regexp = SHA256, message = DIGITS)
        String manifestSha256,

        @JacksonInject(value = PACKAGE_SHA256, useInput = OptBoolean.FALSE)
        String packageSha256) {

    static final String PACKAGE_SHA256 = "packageSha256";
    /** Of the names of models and variants. */
    public static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private static final String SHA256 = "[0-9a-f]{64}";
    private static final String DIGITS = "must be 64 hexadecimal digits";
    private static final String GIVEN = "must be given";

    /** Lists that are not given are empty. */
    public ModelManifest {
        labels = copy(labels);
        bias = bias == null ? null : List.copyOf(bias);
        variants = copy(variants);
    }

    private static <T> List<T> copy(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    @AssertTrue(message = "'bias' must be given for a method that sums to the logit")
    boolean isBiasGivenWhereNeeded() {
        return bias != null || methods == null || methods.available.stream().noneMatch(Method::sumsToLogit);
    }

    @AssertTrue(message = "'bias' must have one number for each label")
    boolean isBiasOfEachLabel() {
        return bias == null || bias.size() == labels.size();
    }

    @AssertTrue(message = "'cutoffs' must name labels of the model")
    boolean isCutoffsOfLabels() {
        return cutoffs == null || labels.containsAll(cutoffs.probabilities.keySet());
    }

    @AssertTrue(message = "'operatingPoints.labels' must name labels of the model")
    boolean isOperatingPointsOfLabels() {
        return operatingPoints == null
                || labels.containsAll(operatingPoints.labels().keySet());
    }

    @AssertTrue(message = "'calibration.labels' must name labels of the model")
    boolean isCalibrationOfLabels() {
        return calibration == null || labels.containsAll(calibration.labels().keySet());
    }

    /** Else the line would not be one of the probability. */
    @AssertTrue(message = "'calibration.method' must be 'isotonic' where the activation is 'softmax'")
    boolean isCalibrationOfTheActivation() {
        return calibration == null
                || calibration.method() != ProbabilityCalibration.Method.PLATT
                || activation != Activation.SOFTMAX;
    }

    @AssertTrue(message = "'boxes.calibrated' must name labels of the model")
    boolean isBoxesOfLabels() {
        return boxes == null || labels.containsAll(boxes.calibrated.keySet());
    }

    /** Else images that it was fitted on would be scored. */
    @AssertTrue(message = "'boxes.imagesSha256' must be given for a method of the supervision 'boxes'")
    boolean isFittingOnBoxesStated() {
        return methods == null
                || methods.available.stream().noneMatch(Method::isFittedOnBoxes)
                || (boxes != null && boxes.imagesSha256 != null);
    }

    @AssertTrue(message = "'variants' must not repeat a name")
    boolean isEachVariantOfAnotherName() {
        return variants.stream().map(Variant::name).distinct().count() == variants.size();
    }

    @AssertTrue(message = "'variants' must not repeat a file")
    boolean isEachVariantOfAnotherFile() {
        return variants.stream().map(Variant::file).distinct().count() == variants.size();
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

            @Range(min = 1, max = 3, message = CHANNELS) int channels,
            @NotNull(message = GIVEN) ResizeRule resize,

            @Nullable @Range(min = 16, max = 4096, message = "must be between 16 and 4096")
            Integer resizeTo,

            Interpolation interpolation,
            List<@Finite Double> range,
            List<@Finite Double> mean,
            List<@Finite @Positive(message = "must be positive") Double> std) {

        private static final String CHANNELS = "must be 1 or 3";

        public Input {
            interpolation = interpolation == null ? Interpolation.BILINEAR : interpolation;
            range = range == null ? List.of(0.0, 1.0) : List.copyOf(range);
            mean = mean == null ? Collections.nCopies(Math.max(0, channels), 0.0) : List.copyOf(mean);
            std = std == null ? Collections.nCopies(Math.max(0, channels), 1.0) : List.copyOf(std);
        }

        @AssertTrue(message = "'input.channels' " + CHANNELS)
        boolean isOfGreyOrColour() {
            return channels != 2;
        }

        @AssertTrue(message = "'input.resizeTo' must not be below 'input.size', and is for 'centreCrop' alone")
        boolean isResizedForACrop() {
            return resizeTo == null || (resizeTo >= size && resize == ResizeRule.CENTRE_CROP);
        }

        /** Returns what the shorter side is resized to before a centre crop. */
        public int shorterSide() {
            return resizeTo == null ? size : resizeTo;
        }

        @AssertTrue(message = "'input.range' must be two rising numbers")
        boolean isRangeRising() {
            return range.size() == 2 && range.get(0) < range.get(1);
        }

        @AssertTrue(message = "'input.mean' must have one number for each channel")
        boolean isMeanOfEachChannel() {
            return mean.size() == channels;
        }

        @AssertTrue(message = "'input.std' must have one number for each channel")
        boolean isStdOfEachChannel() {
            return std.size() == channels;
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
            @NotBlank(message = GIVEN) String name,

            @NotNull(message = GIVEN)
            @Pattern(regexp = "[A-Za-z_][A-Za-z0-9_]*", message = "must be a TorchScript method name")
            String function,

            boolean sumsToLogit,
            Supervision supervision) {

        public Method {
            supervision = supervision == null ? Supervision.IMAGE_LABELS : supervision;
        }

        public boolean isFittedOnBoxes() {
            return supervision == Supervision.BOXES;
        }

        @AssertTrue(message = "'methods.available.sumsToLogit' must be false for a method of the supervision 'boxes'")
        boolean isSumOnlyOfLogits() {
            return !(sumsToLogit && supervision == Supervision.BOXES);
        }
    }

    /** The class activation methods of the package. */
    public record Methods(
            @JsonProperty("default") String defaultName,
            @NotEmpty(message = "must not be empty") List<@Valid Method> available) {

        public Methods {
            available = copy(available);
        }

        @AssertTrue(message = "'methods.available' must not repeat a name")
        boolean isEachOfAnotherName() {
            return available.stream().map(Method::name).distinct().count() == available.size();
        }

        @AssertTrue(message = "'methods.default' must be one of the available methods")
        boolean isDefaultAvailable() {
            return available.stream().map(Method::name).anyMatch(name -> Objects.equals(name, defaultName));
        }
    }

    /** Cut-offs by label, and the split that they were chosen on. */
    public record Cutoffs(
            @NotBlank(message = GIVEN) String chosenOn,

            @NotNull(message = GIVEN) Map<String, @Fraction Double> probabilities) {

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
            @NotBlank(message = GIVEN) String chosenOn,

            @Nullable @Pattern(regexp = SHA256, message = DIGITS)
            String imagesSha256,

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
     * @param probabilityTolerance how far a probability may be from what {@code model.pt} says
     * @param mapTolerance how far a value of a map may be, in units of the largest of the image
     */
    public record Variant(
            @NotNull(message = GIVEN) @Pattern(regexp = NAME, message = "must match " + NAME)
            String name,

            @NotNull(message = GIVEN) @Pattern(regexp = FILE, message = "must be a file name as 'model-packed.pt'")
            String file,

            @NotNull(message = GIVEN) @Pattern(regexp = SHA256, message = DIGITS)
            String sha256,

            @Positive(message = TOLERANCE) @DecimalMax(value = "1", message = TOLERANCE)
            double probabilityTolerance,

            @Positive(message = TOLERANCE) @DecimalMax(value = "1", message = TOLERANCE)
            double mapTolerance) {

        /** What {@code model.pt} itself is called among its variants. */
        public static final String REFERENCE = "reference";

        /** What leaves the choice among the variants to a measurement, and so is no name of one. */
        public static final String AUTO = "auto";

        private static final String FILE = "model-[A-Za-z0-9._-]{1,64}\\.pt";
        private static final String TOLERANCE = "must be above 0, and 1 at most";

        @AssertTrue(message = "'variants.name' must be neither 'reference' nor 'auto'")
        boolean isOfItsOwnName() {
            return !REFERENCE.equals(name) && !AUTO.equals(name);
        }
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
