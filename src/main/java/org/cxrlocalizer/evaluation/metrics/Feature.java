// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.cxrlocalizer.dataset.ImageSize;
import org.cxrlocalizer.dataset.PixelMask;
import org.jspecify.annotations.Nullable;

/**
 * What a hit may depend on, as CheXlocalize analyses it (Saporta et al., Nature Machine Intelligence 2022): a value of each true box.
 *
 * @param name in tables
 * @param values in the order of {@link TruthSet#truths()}; NaN where it is not known
 * @param isShare whether it lies between 0 and 1 by itself, as a probability does
 */
public record Feature(String name, double[] values, boolean isShare) {

    public static final String NUMBER = "number of boxes";
    public static final String SIZE = "size";
    public static final String ELONGATION = "elongation";
    public static final String IRRECTANGULARITY = "irrectangularity";
    public static final String PROBABILITY = "probability";

    /** All that a report can have. */
    public static final List<String> NAMES = List.of(NUMBER, SIZE, ELONGATION, IRRECTANGULARITY, PROBABILITY);

    /** The pixels that a true box was drawn around; null where there are none. */
    @FunctionalInterface
    public interface Masks {
        @Nullable
        PixelMask of(TruthSet.Truth truth);
    }

    /**
     * Returns the features of the truth: the number of true boxes of the label on the image, the size, and the elongation. Size and
     * elongation are those of the masks where each box has one, and then irrectangularity is a feature too.
     */
    public static List<Feature> ofTruth(TruthSet set, Masks masks) {
        Feature number =
                of(NUMBER, set, truth -> set.boxes(truth.image(), truth.label()).size());
        PixelMask[] drawn = set.truths().stream().map(masks::of).toArray(PixelMask[]::new);
        if (Arrays.stream(drawn).allMatch(mask -> mask != null && mask.count() > 0)) {
            return List.of(
                    number,
                    ofMasks(SIZE, drawn, mask -> mask.count() / area(mask.size())),
                    ofMasks(ELONGATION, drawn, mask -> SmallestRectangle.around(mask)
                            .elongation()),
                    ofMasks(
                            IRRECTANGULARITY,
                            drawn,
                            mask -> 1
                                    - mask.count()
                                            / SmallestRectangle.around(mask).area()));
        }
        return List.of(
                number,
                of(SIZE, set, truth -> truth.box().area() / imageArea(set, truth)),
                of(
                        ELONGATION,
                        set,
                        truth -> Math.max(truth.box().width(), truth.box().height())
                                / Math.min(truth.box().width(), truth.box().height())));
    }

    /**
     * Returns the probability of the label on the image, which is the confidence of a model.
     *
     * @param probability of a true box's label; NaN where there is none
     */
    public static Feature probability(TruthSet set, ToDoubleFunction<TruthSet.Truth> probability) {
        return new Feature(
                PROBABILITY, set.truths().stream().mapToDouble(probability).toArray(), true);
    }

    /** Returns the values scaled to [0, 1] by the smallest and the largest; a share stays as it is. */
    double[] scaled() {
        double least = known().min().orElse(0);
        double range = known().max().orElse(0) - least;
        return isShare
                ? values
                : Arrays.stream(values)
                        .map(value -> range == 0 ? 0 * value : (value - least) / range)
                        .toArray();
    }

    /** Returns the values that are known. */
    public DoubleStream known() {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value));
    }

    private static Feature of(String name, TruthSet set, ToDoubleFunction<TruthSet.Truth> value) {
        return new Feature(name, set.truths().stream().mapToDouble(value).toArray(), false);
    }

    private static Feature ofMasks(String name, PixelMask[] masks, ToDoubleFunction<PixelMask> value) {
        return new Feature(name, Arrays.stream(masks).mapToDouble(value).toArray(), false);
    }

    /** One pixel where the size of any image is not known, so that sizes are in pixels. */
    private static double imageArea(TruthSet set, TruthSet.Truth truth) {
        return set.hasSizes() ? area(set.images().get(truth.image()).size()) : 1;
    }

    private static double area(ImageSize size) {
        return (double) size.width() * size.height();
    }
}
