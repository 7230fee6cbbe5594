package org.cxrlocalizer.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of a model package, {@code model.yaml}. Every constructor refuses what is missing or out of range with an
 * {@link IllegalArgumentException} that names the key.
 *
 * @param formatVersion 1
 * @param name the name of the package's directory
 * @param sha256 of {@code model.pt}, 64 lower-case hexadecimal digits
 * @param labels in the order of the network's outputs
 * @param bias of the linear head, in the order of the labels; needed by methods whose maps add up to the logit
 * @param cutoffs probabilities from which a finding counts as positive
 * @param boxes box policies, in the form of the HTTP parameter {@code policy}
 * @param variants other files of the same network, faster on some processors
 */
public record ModelManifest(
        int formatVersion,
        String name,
        String version,
        String licence,
        String source,
        String sha256,
        List<String> labels,
        Activation activation,
        Input input,
        Methods methods,
        @Nullable List<Double> bias,
        @Nullable Cutoffs cutoffs,
        @Nullable Boxes boxes,
        List<Variant> variants) {

    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern FILE = Pattern.compile("model-[A-Za-z0-9._-]{1,64}\\.pt");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public ModelManifest {
        require(formatVersion == 1, "'formatVersion' must be 1");
        require(name != null && NAME.matcher(name).matches(), "'name' must match " + NAME);
        requireText("version", version);
        requireText("licence", licence);
        requireText("source", source);
        require(sha256 != null && SHA256.matcher(sha256).matches(), "'sha256' must be 64 hexadecimal digits");
        require(labels != null && !labels.isEmpty(), "'labels' must not be empty");
        labels.forEach(label -> requireText("labels", label));
        require(allDiffer(labels), "'labels' must not repeat one");
        require(activation != null, "'activation' must be given");
        require(input != null, "'input' must be given");
        require(methods != null, "'methods' must be given");
        labels = List.copyOf(labels);
        if (bias == null) {
            require(
                    methods.available.stream().noneMatch(Method::sumsToLogit),
                    "'bias' must be given for a method that sums to the logit");
        } else {
            require(bias.size() == labels.size(), "'bias' must have one number for each label");
            bias.forEach(value -> require(value != null && Double.isFinite(value), "'bias' must be finite numbers"));
            bias = List.copyOf(bias);
        }
        if (cutoffs != null) {
            require(labels.containsAll(cutoffs.probabilities.keySet()), "'cutoffs' must name labels of the model");
        }
        if (boxes != null) {
            require(labels.containsAll(boxes.calibrated.keySet()), "'boxes.calibrated' must name labels of the model");
        }
        variants = variants == null ? List.of() : List.copyOf(variants);
        require(allDiffer(variants.stream().map(Variant::name).toList()), "'variants' must not repeat a name");
        require(allDiffer(variants.stream().map(Variant::file).toList()), "'variants' must not repeat a file");
    }

    private static boolean allDiffer(List<String> values) {
        return new HashSet<>(values).size() == values.size();
    }

    /** What turns logits into probabilities. */
    public enum Activation {
        @JsonProperty("sigmoid")
        SIGMOID,
        @JsonProperty("softmax")
        SOFTMAX;

        /** One for each logit. */
        public double[] probabilities(float[] logits) {
            double[] result = new double[logits.length];
            switch (this) {
                case SIGMOID -> Arrays.setAll(result, i -> 1 / (1 + Math.exp(-logits[i])));
                case SOFTMAX -> {
                    double largest = Double.NEGATIVE_INFINITY;
                    for (float logit : logits) {
                        largest = Math.max(largest, logit);
                    }
                    double shift = largest; // keeps exp in range
                    Arrays.setAll(result, i -> Math.exp(logits[i] - shift));
                    double sum = Arrays.stream(result).sum();
                    Arrays.setAll(result, i -> result[i] / sum);
                }
            }
            return result;
        }
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

    /**
     * The network's input: {@code float32[B, channels, size, size]}.
     *
     * @param size side in pixels, 16 to 2048
     * @param channels 1 or 3; three get the same grey values
     * @param range what black and white become, before mean and deviation; default 0 to 1
     * @param mean subtracted for each channel; default 0
     * @param std divided by for each channel; default 1
     */
    public record Input(
            int size, int channels, ResizeRule resize, List<Double> range, List<Double> mean, List<Double> std) {

        public Input {
            require(size >= 16 && size <= 2048, "'input.size' must be between 16 and 2048");
            require(channels == 1 || channels == 3, "'input.channels' must be 1 or 3");
            require(resize != null, "'input.resize' must be given");
            range = range == null ? List.of(0.0, 1.0) : List.copyOf(range);
            require(
                    range.size() == 2 && allFinite(range) && range.get(0) < range.get(1),
                    "'input.range' must be two rising numbers");
            mean = mean == null ? Collections.nCopies(channels, 0.0) : List.copyOf(mean);
            require(mean.size() == channels && allFinite(mean), "'input.mean' must have one number for each channel");
            std = std == null ? Collections.nCopies(channels, 1.0) : List.copyOf(std);
            require(
                    std.size() == channels && allFinite(std) && std.stream().allMatch(value -> value > 0),
                    "'input.std' must have one positive number for each channel");
        }

        private static boolean allFinite(List<Double> values) {
            return values.stream().allMatch(Double::isFinite);
        }
    }

    /**
     * A class activation method.
     *
     * @param function the exported TorchScript method that computes it
     * @param sumsToLogit whether {@code mean(map) + bias = logit}
     */
    public record Method(String name, String function, boolean sumsToLogit) {

        public Method {
            requireText("methods.available.name", name);
            require(
                    function != null && function.matches("[A-Za-z_][A-Za-z0-9_]*"),
                    "'methods.available.function' must be a TorchScript method name");
        }
    }

    /** The class activation methods of the package. */
    public record Methods(@JsonProperty("default") String defaultName, List<Method> available) {

        public Methods {
            require(available != null && !available.isEmpty(), "'methods.available' must not be empty");
            available = List.copyOf(available);
            require(
                    allDiffer(available.stream().map(Method::name).toList()),
                    "'methods.available' must not repeat a name");
            require(
                    available.stream().anyMatch(method -> method.name().equals(defaultName)),
                    "'methods.default' must be one of the available methods");
        }
    }

    /** Cut-offs by label, and the split that they were chosen on. */
    public record Cutoffs(String chosenOn, Map<String, Double> probabilities) {

        public Cutoffs {
            requireText("cutoffs.chosenOn", chosenOn);
            require(probabilities != null, "'cutoffs.probabilities' must be given");
            probabilities
                    .values()
                    .forEach(value -> require(
                            value != null && value >= 0 && value <= 1,
                            "'cutoffs.probabilities' must be between 0 and 1"));
            probabilities = Map.copyOf(probabilities);
        }
    }

    /**
     * Box policies, and the split that they were chosen on.
     *
     * @param imagesSha256 of the sorted names of the images that they were chosen on, joined by line feeds
     * @param defaultPolicy used where a request names none
     * @param calibrated by label, for the policy {@code calibrated}
     */
    public record Boxes(
            String chosenOn,
            @Nullable String imagesSha256,
            @JsonProperty("default") @Nullable Map<String, Object> defaultPolicy,
            Map<String, Map<String, Object>> calibrated) {

        public Boxes {
            requireText("boxes.chosenOn", chosenOn);
            require(
                    imagesSha256 == null || SHA256.matcher(imagesSha256).matches(),
                    "'boxes.imagesSha256' must be 64 hexadecimal digits");
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
    public record Variant(String name, String file, String sha256, double probabilityTolerance, double mapTolerance) {

        /** What {@code model.pt} itself is called among its variants. */
        public static final String REFERENCE = "reference";

        /** What leaves the choice among the variants to a measurement, and so is no name of one. */
        public static final String AUTO = "auto";

        public Variant {
            require(name != null && NAME.matcher(name).matches(), "'variants.name' must match " + NAME);
            require(
                    !name.equals(REFERENCE) && !name.equals(AUTO),
                    "'variants.name' must be neither 'reference' nor 'auto'");
            require(
                    file != null && FILE.matcher(file).matches(),
                    "'variants.file' must be a file name as 'model-packed.pt'");
            require(
                    sha256 != null && SHA256.matcher(sha256).matches(),
                    "'variants.sha256' must be 64 hexadecimal digits");
            requireTolerance("variants.probabilityTolerance", probabilityTolerance);
            requireTolerance("variants.mapTolerance", mapTolerance);
        }

        private static void requireTolerance(String key, double value) {
            require(value > 0 && value <= 1, "'%s' must be above 0, and 1 at most".formatted(key));
        }
    }

    private static void requireText(String key, String value) {
        require(value != null && !value.isBlank(), "'%s' must be given".formatted(key));
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
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
