// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.radiograph.PlausibilityModel.Kind;
import org.springframework.stereotype.Component;

/**
 * Whether a picture looks like an upright frontal chest radiograph: its size, its contrast, its detail, and a small model of
 * what the training images look like. A mirrored chest raises no warning: some people's organs lie so. Its limits are
 * measured on the dataset's images, {@code models/tools/plausibility.py}.
 */
@Component
final class Plausibility implements PictureCheck {

    /** The smallest images of the dataset that models were trained on. */
    private static final int SMALLEST_SIDE = 64;

    private static final int GRID = 64;
    private static final double LONGEST = 2.5;

    /** Standard deviation of the cells; of 14355 training images, the flattest has .07. */
    private static final double LEAST_CONTRAST = 0.06;

    /**
     * What a grid of 64 cells shows beyond one of 32, over what that shows beyond one of 16. The least of 14355 training
     * images is .36; enlarged from 32 pixels, they have .34 at most.
     */
    private static final double LEAST_DETAIL = 0.33;

    /** Rows that differ from the one above. */
    private static final int LEAST_ROWS = 48;

    /** Probability of the upright chest. */
    private static final double LEAST_PROBABILITY = 0.25;

    /** Largest share of equal neighbours in the grid; on the training images, it is .59 at most. */
    private static final double MOST_EQUAL = 0.6;

    /** With more, a picture has a marker, a border or nothing: a chest in a dark frame, however small, has fewer. */
    private static final double NOTHING_EQUAL = 0.9;

    private static final double EQUAL = 1.0 / 512;

    private static final String IMPLAUSIBLE =
            "The image does not look like an upright frontal chest radiograph: it looks %s.";

    private final PlausibilityModel model = new PlausibilityModel();

    @Override
    public List<String> warnings(Radiograph radiograph) {
        if (radiograph.isBlank()) {
            return List.of("The image shows one grey value only; it has no findings.");
        }
        int width = radiograph.width();
        int height = radiograph.height();
        if (Math.min(width, height) < SMALLEST_SIDE) {
            return List.of(
                    "The image is too small: it has %d × %d pixels, and models have seen none with fewer than %d × %d."
                            .formatted(width, height, SMALLEST_SIDE, SMALLEST_SIDE));
        }
        List<String> warnings = new ArrayList<>();
        if (Math.max(width, height) > LONGEST * Math.min(width, height)) {
            warnings.add("The image is much longer on one side than on the other; chest radiographs are not.");
        }
        Thumbnail thumbnail = Thumbnail.of(radiograph, GRID);
        Map<Kind, Double> kinds = model.probabilities(thumbnail.reduced(PlausibilityModel.SIDE));
        boolean isFlat = thumbnail.deviation() < LEAST_CONTRAST;
        double equal = thumbnail.equalNeighbours(EQUAL);
        boolean isUpright = kinds.getOrDefault(Kind.UPRIGHT, 0.0) >= LEAST_PROBABILITY;
        if (equal > NOTHING_EQUAL || (isFlat && !isUpright)) {
            warnings.add(Radiograph.SHOWS_NOTHING);
        }
        if (isFlat) {
            warnings.add("The image has hardly any contrast.");
        }
        if (isEnlarged(thumbnail) || hasFewRows(radiograph)) {
            warnings.add("The image has hardly more detail than one of 32 × 32 pixels; it may have been enlarged.");
        }
        if (equal > MOST_EQUAL) {
            warnings.add("Most of the image is areas of one grey value, as in a drawing.");
        }
        judge(kinds, radiograph.isDicom(), warnings);
        return warnings;
    }

    private static boolean isEnlarged(Thumbnail thumbnail) {
        Thumbnail half = thumbnail.reduced(GRID / 2);
        double detail = thumbnail.deviationFrom(half.doubled());
        return detail < LEAST_DETAIL * half.deviationFrom(half.reduced(GRID / 4));
    }

    /** As where each pixel of a small image was repeated. */
    private static boolean hasFewRows(Radiograph radiograph) {
        int width = radiograph.width();
        short[] samples = radiograph.samples();
        int different = 0;
        for (int y = 1; y < radiograph.height() && different < LEAST_ROWS; y++) {
            int above = (y - 1) * width;
            int row = y * width;
            different += Arrays.mismatch(samples, above, row, samples, row, row + width) < 0 ? 0 : 1;
        }
        return different < LEAST_ROWS;
    }

    private static void judge(Map<Kind, Double> probabilities, boolean dicom, List<String> warnings) {
        if (probabilities.getOrDefault(Kind.UPRIGHT, 0.0) >= LEAST_PROBABILITY) {
            return;
        }
        Kind likeliest = probabilities.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(Kind.OTHER);
        warnings.add(
                switch (likeliest) {
                    case UPRIGHT, OTHER -> IMPLAUSIBLE.formatted("like something else");
                    case TURNED_LEFT, TURNED_RIGHT -> IMPLAUSIBLE.formatted("as if it lay on its side");
                    case UPSIDE_DOWN -> IMPLAUSIBLE.formatted("as if it were upside down");
                    case NEGATIVE ->
                        dicom
                                ? "The image looks like a negative: the file's photometric interpretation may be wrong."
                                : IMPLAUSIBLE.formatted("like a negative, black for white");
                });
    }
}
