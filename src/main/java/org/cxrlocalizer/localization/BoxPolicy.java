package org.cxrlocalizer.localization;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How boxes are cut from a class activation map: at which level or levels, and what is kept of the regions found. In
 * JSON and YAML the property {@code type} names the case. Every constructor refuses a number that is outside its range or
 * not finite with an {@link IllegalArgumentException}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = BoxPolicy.FractionOfMaximum.class, name = "fraction"),
    @JsonSubTypes.Type(value = BoxPolicy.WangLevels.class, name = "wang"),
    @JsonSubTypes.Type(value = BoxPolicy.Percentile.class, name = "percentile"),
    @JsonSubTypes.Type(value = BoxPolicy.Otsu.class, name = "otsu"),
    @JsonSubTypes.Type(value = BoxPolicy.Absolute.class, name = "absolute"),
    @JsonSubTypes.Type(value = BoxPolicy.Calibrated.class, name = "calibrated")
})
public sealed interface BoxPolicy {

    /**
     * The policy to use for one label.
     *
     * @param calibrated the model's calibrated policies by label
     */
    Threshold forLabel(String label, Map<String, Threshold> calibrated);

    /** A policy that cuts at levels computed from the map alone. */
    sealed interface Threshold extends BoxPolicy {

        /** The levels to cut a finite, non-constant map at, in logit units, highest first. */
        double[] levels(ClassActivationMap map);

        Selection selection();

        @Override
        default Threshold forLabel(String label, Map<String, Threshold> calibrated) {
            return this;
        }
    }

    /**
     * A fraction of the map's maximum.
     *
     * @param fraction in (0, 1]
     */
    record FractionOfMaximum(@JsonProperty(required = true) double fraction, Selection selection) implements Threshold {

        public FractionOfMaximum {
            requireRange("fraction", fraction, Double.MIN_VALUE, 1);
            selection = Selection.orDefault(selection);
        }

        @Override
        public double[] levels(ClassActivationMap map) {
            return new double[] {fraction * map.maximum()};
        }
    }

    /**
     * Grey levels of the map scaled to [0, 255] by its minimum and maximum; boxes of all levels are reported. Wang et al.
     * (CVPR 2017, section 4.2) use 60 and 180, which are the default.
     *
     * @param greyLevels one to 16 levels in (0, 255]
     */
    record WangLevels(double[] greyLevels, Selection selection) implements Threshold {

        public WangLevels {
            greyLevels = greyLevels == null ? new double[] {60, 180} : greyLevels.clone();
            if (greyLevels.length < 1 || greyLevels.length > 16) {
                throw new IllegalArgumentException("'greyLevels' must have 1 to 16 levels");
            }
            for (double level : greyLevels) {
                requireRange("greyLevels", level, Double.MIN_VALUE, 255);
            }
            selection = Selection.orDefault(selection);
        }

        @Override
        public double[] levels(ClassActivationMap map) {
            double minimum = map.minimum();
            double range = map.maximum() - minimum;
            return Arrays.stream(greyLevels)
                    .map(level -> minimum + range * level / 255)
                    .map(level -> -level)
                    .sorted()
                    .map(level -> -level)
                    .toArray();
        }
    }

    /**
     * A percentile of the map's grid values, linearly interpolated between ranks.
     *
     * @param percentile in [0, 100]
     */
    record Percentile(@JsonProperty(required = true) double percentile, Selection selection) implements Threshold {

        public Percentile {
            requireRange("percentile", percentile, 0, 100);
            selection = Selection.orDefault(selection);
        }

        @Override
        public double[] levels(ClassActivationMap map) {
            float[] sorted = map.values().clone();
            Arrays.sort(sorted);
            double rank = percentile / 100 * (sorted.length - 1);
            int lower = (int) rank;
            int upper = Math.min(lower + 1, sorted.length - 1);
            return new double[] {sorted[lower] + (rank - lower) * (sorted[upper] - sorted[lower])};
        }
    }

    /** The level that splits the map's grid values with the largest variance between the two classes (Otsu 1979). */
    record Otsu(Selection selection) implements Threshold {

        public Otsu {
            selection = Selection.orDefault(selection);
        }

        @Override
        public double[] levels(ClassActivationMap map) {
            return new double[] {OtsuThreshold.of(map.values())};
        }
    }

    /**
     * A level in logit units.
     *
     * @param level any finite number
     */
    record Absolute(@JsonProperty(required = true) double level, Selection selection) implements Threshold {

        public Absolute {
            requireRange("level", level, -Double.MAX_VALUE, Double.MAX_VALUE);
            selection = Selection.orDefault(selection);
        }

        @Override
        public double[] levels(ClassActivationMap map) {
            return new double[] {level};
        }
    }

    /** For each label the policy that the model's manifest gives, calibrated on patients that it names. */
    record Calibrated() implements BoxPolicy {

        @Override
        public Threshold forLabel(String label, Map<String, Threshold> calibrated) {
            Threshold policy = calibrated.get(label);
            if (policy == null) {
                throw new UncalibratedLabelException(label);
            }
            return policy;
        }
    }

    /**
     * What is kept of the regions found.
     *
     * @param minimumArea smallest box, as a fraction of the image's area, in [0, 1]; default 0
     * @param maximumBoxes most boxes per label, highest scores first, from 1 to 1000; default 10
     * @param merge what is done with boxes that overlap; default nothing
     */
    record Selection(double minimumArea, int maximumBoxes, Merge merge) {

        public static final Selection DEFAULT = new Selection(0.0, 10, new Merge.None());

        @JsonCreator
        public Selection(@Nullable Double minimumArea, @Nullable Integer maximumBoxes, @Nullable Merge merge) {
            this(
                    minimumArea == null ? 0.0 : minimumArea.doubleValue(),
                    maximumBoxes == null ? 10 : maximumBoxes.intValue(),
                    merge == null ? new Merge.None() : merge);
        }

        public Selection {
            requireRange("minimumArea", minimumArea, 0, 1);
            requireRange("maximumBoxes", maximumBoxes, 1, 1000);
        }

        private static Selection orDefault(@Nullable Selection selection) {
            return selection == null ? DEFAULT : selection;
        }
    }

    private static void requireRange(String name, double value, double minimum, double maximum) {
        if (!(value >= minimum && value <= maximum)) {
            String least = minimum == Double.MIN_VALUE ? "above 0" : "at least " + minimum;
            throw new IllegalArgumentException("'%s' must be %s and at most %s".formatted(name, least, maximum));
        }
    }
}
