// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.jspecify.annotations.Nullable;

/**
 * How boxes are cut from a class activation map: at which level or levels, or as rectangles of grid cells, and what is kept
 * of what was found. In JSON and YAML the property {@code type} names the case. Every constructor refuses a number that is outside its range or
 * not finite with an {@link IllegalArgumentException}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = BoxPolicy.FractionOfMaximum.class, name = "fraction"),
    @JsonSubTypes.Type(value = BoxPolicy.WangLevels.class, name = "wang"),
    @JsonSubTypes.Type(value = BoxPolicy.Percentile.class, name = "percentile"),
    @JsonSubTypes.Type(value = BoxPolicy.Otsu.class, name = "otsu"),
    @JsonSubTypes.Type(value = BoxPolicy.Absolute.class, name = "absolute"),
    @JsonSubTypes.Type(value = BoxPolicy.ExpectedIou.class, name = "expected-iou"),
    @JsonSubTypes.Type(value = BoxPolicy.Calibrated.class, name = "calibrated")
})
public sealed interface BoxPolicy {

    /**
     * The policy to use for one label.
     *
     * @param calibrated the model's calibrated policies by label
     */
    MapPolicy forLabel(String label, Map<String, MapPolicy> calibrated);

    /** A policy that finds boxes by the map alone. */
    sealed interface MapPolicy extends BoxPolicy {

        /**
         * Finds the boxes of a finite, non-constant map with a positive value, before any selection. Their scores compare
         * boxes of this map alone.
         */
        Candidates candidates(ClassActivationMap map, ImageFrame frame);

        Selection selection();

        /**
         * Returns the score of a box that compares with those of other labels and images.
         *
         * @param own among the boxes of its map, in [0, 1]
         * @param probability of the label, in [0, 1]
         */
        default double score(double own, double probability) {
            return probability * own;
        }

        /** Returns whether it can cut maps of a unit. */
        default boolean fits(MapUnit unit) {
            return true;
        }

        /** @throws UnfitPolicyException if it cannot cut maps of a unit */
        default void requireFit(MapUnit unit) {
            if (!fits(unit)) {
                throw new UnfitPolicyException(this, unit);
            }
        }

        @Override
        default MapPolicy forLabel(String label, Map<String, MapPolicy> calibrated) {
            return this;
        }
    }

    /** A policy that cuts at levels computed from the map alone. */
    sealed interface Threshold extends MapPolicy {

        /** The levels to cut a finite, non-constant map at, in the map's units, highest first. */
        double[] levels(ClassActivationMap map);

        @Override
        default Candidates candidates(ClassActivationMap map, ImageFrame frame) {
            return Candidates.above(levels(map), map, frame);
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
     * A level in the map's unit.
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

    /**
     * The rectangle of whole grid cells with the greatest expected IoU, where the map's values are the probabilities of its
     * cells to lie in the label's box: {@code Σp inside / (area + Σp outside)}, area in cells. It needs no level. See
     * {@link CellProbabilities} for the search, and for the rule of further boxes. A box's score is its expected IoU. It does not
     * fit maps in logit units.
     */
    record ExpectedIou(Selection selection) implements MapPolicy {

        public ExpectedIou {
            selection = Selection.orDefault(selection);
        }

        @Override
        public boolean fits(MapUnit unit) {
            return unit == MapUnit.PROBABILITY;
        }

        @Override
        public Candidates candidates(ClassActivationMap map, ImageFrame frame) {
            return Candidates.ofProbabilities(map, frame, selection.maximumBoxes());
        }

        @Override
        public double score(double own, double probability) {
            return own;
        }
    }

    /** For each label the policy that the model's manifest gives, calibrated on patients that it names. */
    record Calibrated() implements BoxPolicy {

        @Override
        public MapPolicy forLabel(String label, Map<String, MapPolicy> calibrated) {
            MapPolicy policy = calibrated.get(label);
            if (policy == null) {
                throw new UncalibratedLabelException(label);
            }
            return policy;
        }
    }

    /**
     * What is kept of the boxes found.
     *
     * @param minimumArea smallest box, as a fraction of the image's area, in [0, 1]; default 0
     * @param maximumArea largest box, as a fraction of the image's area, in (0, 1]; default 1
     * @param minimumAspect least shorter side of a box, as a fraction of its longer side, in [0, 1]; default 0
     * @param dropNested whether a box goes of which more than 0.9 lies in a larger kept box; default false
     * @param maximumBoxes most boxes per label, highest scores first, from 1 to 1000; default 10
     * @param merge what is done with boxes that overlap; default nothing
     */
    record Selection(
            double minimumArea,
            double maximumArea,
            double minimumAspect,
            boolean dropNested,
            int maximumBoxes,
            Merge merge) {

        public static final Selection DEFAULT = new Selection(0.0, 1.0, 0.0, false, 10, new Merge.None());

        private static final double NESTED = 0.9;

        @JsonCreator
        public Selection(
                @Nullable Double minimumArea,
                @Nullable Double maximumArea,
                @Nullable Double minimumAspect,
                @Nullable Boolean dropNested,
                @Nullable Integer maximumBoxes,
                @Nullable Merge merge) {
            this(
                    minimumArea == null ? 0.0 : minimumArea.doubleValue(),
                    maximumArea == null ? 1.0 : maximumArea.doubleValue(),
                    minimumAspect == null ? 0.0 : minimumAspect.doubleValue(),
                    dropNested != null && dropNested.booleanValue(),
                    maximumBoxes == null ? 10 : maximumBoxes.intValue(),
                    merge == null ? new Merge.None() : merge);
        }

        public Selection {
            requireRange("minimumArea", minimumArea, 0, 1);
            requireRange("maximumArea", maximumArea, Double.MIN_VALUE, 1);
            requireRange("minimumAspect", minimumAspect, 0, 1);
            requireRange("maximumBoxes", maximumBoxes, 1, 1000);
        }

        private static Selection orDefault(@Nullable Selection selection) {
            return selection == null ? DEFAULT : selection;
        }

        /** Returns what is kept, highest score first; equal scores keep their order. */
        List<ScoredBox> apply(List<ScoredBox> found, double imageArea) {
            List<ScoredBox> fitting = found.stream()
                    .filter(box -> fits(box.box(), imageArea))
                    .sorted(Comparator.comparingDouble(ScoredBox::score).reversed())
                    .toList();
            List<ScoredBox> merged = merge.apply(fitting).stream()
                    .filter(box -> fits(box.box(), imageArea)) // a union may be too large
                    .toList();
            List<ScoredBox> kept = dropNested ? outermost(merged) : merged;
            return List.copyOf(kept.subList(0, Math.min(kept.size(), maximumBoxes)));
        }

        /** Returns whether a box is larger than the policy allows. */
        boolean isTooLarge(Box box, double imageArea) {
            return box.area() > maximumArea * imageArea;
        }

        private boolean fits(Box box, double imageArea) {
            double shorter = Math.min(box.width(), box.height());
            double longer = Math.max(box.width(), box.height());
            return box.area() >= minimumArea * imageArea
                    && !isTooLarge(box, imageArea)
                    && shorter >= minimumAspect * longer;
        }

        /** Of boxes that are equal, the first stays. */
        private static List<ScoredBox> outermost(List<ScoredBox> boxes) {
            List<ScoredBox> kept = new ArrayList<>();
            boxes.stream()
                    .sorted(Comparator.comparingDouble(
                                    (ScoredBox scored) -> scored.box().area())
                            .reversed())
                    .filter(scored -> kept.stream()
                            .noneMatch(outer -> outer.box().intersectionArea(scored.box())
                                    > NESTED * scored.box().area()))
                    .forEach(kept::add);
            kept.sort(Comparator.comparingDouble(ScoredBox::score).reversed());
            return kept;
        }
    }

    private static void requireRange(String name, double value, double minimum, double maximum) {
        if (!(value >= minimum && value <= maximum)) {
            String least = minimum == Double.MIN_VALUE ? "above 0" : "at least " + minimum;
            throw new IllegalArgumentException("'%s' must be %s and at most %s".formatted(name, least, maximum));
        }
    }
}
