// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.util.Collection;
import java.util.Map;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;

/**
 * How much there is to score, and the estimate of the memory that this takes.
 *
 * @param images that are scored
 * @param truths true boxes on them
 * @param methods whose class activation maps are kept; 0 for boxes without a model
 * @param systems that are scored
 * @param boxes that all systems found together, on all images
 */
public record ScoringSize(long images, long truths, long methods, long systems, long boxes, Bootstrap bootstrap) {

    /** Boxes of one label that a system finds on an image, before any is known; the bundled model's policies find 2 to 4. */
    private static final long EXPECTED_BOXES = 3;

    /** A figure's values: those of all labels, their macro and micro value. */
    private static final int VALUES = 16;

    /** The figures of a system, and its differences from the first. */
    private static final int FIGURES = 188;

    /** What does not depend on the size. */
    private static final long FIXED = 8 << 20;

    /** A prediction without boxes (names, hashes, probabilities), packed, and its share of the rankings of classification. */
    private static final long OF_IMAGE = 2_000;

    /** The label lists of a system on an image. */
    private static final long OF_IMAGE_AND_SYSTEM = 700;

    /** A box with its score, packed. */
    private static final long OF_BOX = 40;

    /** A box of a file, which is not packed, with the place in its list. */
    private static final long OF_LISTED_BOX = 120;

    /** A box in the rankings and matchings of the figures in progress. */
    private static final long OF_RANKED_BOX = 40;

    /** Whether a true box was found, for each figure of the first system and of the one in progress. */
    private static final long OF_TRUTH = 2_000;

    /** The figures of the true box's map, of the first system and of the one in progress. */
    private static final long OF_SCORED_MAP = 10_000;

    /** The class activation map of a true box. */
    private static final long OF_MAP = 3_000;

    /** The figures of a system in the report, as numbers and as text. */
    private static final long OF_SYSTEM = 600_000;

    /** A bootstrap draw's random stream. */
    private static final long OF_DRAW = 48;

    /** The size before anything is localized. */
    public static ScoringSize expected(
            long images, long truths, Collection<BoxSystem> systems, int labels, Bootstrap bootstrap) {
        return new ScoringSize(
                images,
                truths,
                systems.stream().map(BoxSystem::mapsOf).distinct().count(),
                systems.size(),
                images * systems.size() * labels * EXPECTED_BOXES,
                bootstrap);
    }

    /** The same with the boxes that were found. */
    public ScoringSize withBoxes(long found) {
        return new ScoringSize(images, truths, methods, systems, found, bootstrap);
    }

    /**
     * Returns the memory that predictions, figures and report need at the most at a time, in bytes. The figures of two systems
     * are in memory at a time, and the draws of one block of figures.
     */
    long bytes() {
        long ranked = systems <= 2 ? boxes : Math.min(boxes, 4 * boxes / systems);
        return FIXED
                + bootstrap.blockBytes(VALUES, FIGURES * VALUES)
                + OF_DRAW * bootstrap.draws()
                + OF_IMAGE * images
                + OF_IMAGE_AND_SYSTEM * images * systems
                + (methods == 0 ? OF_LISTED_BOX : OF_BOX) * boxes
                + OF_RANKED_BOX * ranked
                + (OF_TRUTH + (methods == 0 ? 0 : OF_SCORED_MAP) + OF_MAP * methods) * truths
                + OF_SYSTEM * systems;
    }

    /** Returns how many boxes predictions have. */
    public static long boxes(Collection<ImagePrediction> predictions) {
        return predictions.stream()
                .flatMap(prediction -> prediction.boxes().values().stream())
                .map(Map::values)
                .flatMap(Collection::stream)
                .mapToLong(Collection::size)
                .sum();
    }

    @Override
    public String toString() {
        return "%d images, %d systems, %d boxes and %d draws".formatted(images, systems, boxes, bootstrap.draws());
    }
}
