// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.List;
import java.util.stream.Stream;
import org.cxrlocalizer.dicom.DataSet;
import org.jspecify.annotations.Nullable;

/**
 * A grey radiograph as it was sent, upright, and what was known of it.
 *
 * @param width in pixels
 * @param height in pixels
 * @param samples {@code width · height} unsigned 16-bit samples, row by row from the top left; larger is brighter; not
 *     copied, not to be changed
 * @param maximum the sample that stands for white: 255, 65535, or the largest of 16-bit samples that use fewer bits
 * @param mediaType of the bytes, as {@code image/png}
 * @param sha256 of the bytes, in lower-case hexadecimal digits
 * @param warnings what a careful user should know of the decoding
 * @param spacing of its pixels, where the file states it
 * @param claims what the file states that it shows
 * @param dataSet that of a DICOM file, which documents about the image refer to; null for other formats
 */
public record Radiograph(
        int width,
        int height,
        short[] samples,
        int maximum,
        String mediaType,
        String sha256,
        List<String> warnings,
        @Nullable PixelSpacing spacing,
        Claims claims,
        @Nullable DataSet dataSet) {

    /** Rows and columns of a grid whose pixels distinguish most images from blank ones at once. */
    private static final int GRID = 64;

    /**
     * Share of the range from black to white that counts as the same grey; compressing one grey value as JPEG changes it by less.
     */
    private static final double SAME_GREY = 1.0 / 64;

    /** Largest share of pixels of another grey value, as a speck of dust or a dead pixel has. */
    private static final double SPECKS = 1e-3;

    /** The warning of a picture that shows nothing, as a field of one grey with a marker: it has no findings. */
    static final String SHOWS_NOTHING = "The image shows hardly anything; it has no findings.";

    public Radiograph {
        if (width < 1 || height < 1 || samples.length != Math.multiplyExact(width, height)) {
            throw new IllegalArgumentException(
                    "a %d×%d radiograph cannot have %d samples".formatted(width, height, samples.length));
        }
        warnings = List.copyOf(warnings);
    }

    /** One of which no spacing is known, and that claims nothing. */
    public Radiograph(
            int width,
            int height,
            short[] samples,
            int maximum,
            String mediaType,
            String sha256,
            List<String> warnings) {
        this(width, height, samples, maximum, mediaType, sha256, warnings, null, Claims.NONE, null);
    }

    /** The same with more warnings. */
    Radiograph withWarnings(List<String> more) {
        List<String> all = Stream.concat(warnings.stream(), more.stream()).toList();
        return new Radiograph(width, height, samples, maximum, mediaType, sha256, all, spacing, claims, dataSet);
    }

    /** Whether it was read from a DICOM file. */
    public boolean isDicom() {
        return dataSet != null;
    }

    /** A pixel's brightness in [0, 1]. */
    public float brightness(int x, int y) {
        return (samples[y * width + x] & 0xffff) / (float) maximum;
    }

    /**
     * Returns whether it shows one grey value only: nearly all pixels differ by less than 1/64 of the range from black to
     * white.
     */
    public boolean isBlank() {
        return sameGrey(Math.max(1, width / GRID), Math.max(1, height / GRID)) && sameGrey(1, 1);
    }

    /** Returns whether it is blank, or so flat and unlike a chest that no finding of it would mean anything. */
    public boolean showsNothing() {
        return warnings.contains(SHOWS_NOTHING) || isBlank();
    }

    /** Whether it holds for the pixels of every so many columns and rows. */
    private boolean sameGrey(int columns, int rows) {
        int[] counts = new int[256];
        int total = 0;
        for (int y = 0; y < height; y += rows) {
            for (int x = 0; x < width; x += columns) {
                counts[(int) ((samples[y * width + x] & 0xffff) * 255L / maximum)]++;
                total++;
            }
        }
        int wanted = (int) Math.ceil(total * (1 - SPECKS));
        int span = (int) (SAME_GREY * 256);
        int within = 0;
        for (int level = 0; level < counts.length; level++) {
            within += counts[level] - (level >= span ? counts[level - span] : 0);
            if (within >= wanted) {
                return true;
            }
        }
        return false;
    }
}
