package org.cxrlocalizer.radiograph;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A grey radiograph as it was sent, upright, and what was known of it.
 *
 * @param width in pixels
 * @param height in pixels
 * @param samples {@code width · height} unsigned 16-bit samples, row by row from the top left; larger is brighter; not
 *     copied, not to be changed
 * @param maximum the sample that stands for white: 255 or 65535
 * @param mediaType of the bytes, as {@code image/png}
 * @param sha256 of the bytes, in lower-case hexadecimal digits
 * @param warnings what a careful user should know of the decoding
 * @param spacing of its pixels, where the file states it
 */
public record Radiograph(
        int width,
        int height,
        short[] samples,
        int maximum,
        String mediaType,
        String sha256,
        List<String> warnings,
        @Nullable PixelSpacing spacing) {

    public Radiograph {
        if (width < 1 || height < 1 || samples.length != Math.multiplyExact(width, height)) {
            throw new IllegalArgumentException(
                    "a %d×%d radiograph cannot have %d samples".formatted(width, height, samples.length));
        }
        warnings = List.copyOf(warnings);
    }

    /** One of which no spacing is known. */
    public Radiograph(
            int width,
            int height,
            short[] samples,
            int maximum,
            String mediaType,
            String sha256,
            List<String> warnings) {
        this(width, height, samples, maximum, mediaType, sha256, warnings, null);
    }

    /** Whether it was read from a DICOM file. */
    public boolean isDicom() {
        return mediaType.equals(DicomRadiograph.MEDIA_TYPE);
    }

    /** A pixel's brightness in [0, 1]. */
    public float brightness(int x, int y) {
        return (samples[y * width + x] & 0xffff) / (float) maximum;
    }
}
