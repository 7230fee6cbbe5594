// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.cxrlocalizer.radiograph.dicom.DicomVoi;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits on images, checked before anything is allocated for them.
 *
 * @param maxSize most bytes of one image file
 * @param maxPixels most pixels of one image; a decoded pixel takes up to eight bytes while it is read
 * @param dicomVoi what shapes the grey levels of a DICOM file: {@code first} (its first window, else its first VOI table),
 *     {@code window} (linear or sigmoid as the file states) or {@code table} alone, or {@code none} (the whole range of values)
 */
@Validated
@ConfigurationProperties("radiograph")
public record RadiographProperties(
        @DefaultValue("64MB") DataSize maxSize,
        @DefaultValue("25000000") @Min(1) @Max(500_000_000) long maxPixels,
        @DefaultValue("first") DicomVoi dicomVoi) {

    /** No radiograph is a strip; resizing one to a square would need rows without end. */
    private static final int LARGEST_ASPECT_RATIO = 20;

    @ConstructorBinding
    public RadiographProperties {}

    public RadiographProperties(DataSize maxSize, long maxPixels) {
        this(maxSize, maxPixels, DicomVoi.FIRST);
    }

    /**
     * Checks the size that a header states.
     *
     * @throws UnreadableImageException if it is none that a radiograph has
     * @throws ImageTooLargeException if there are too many pixels
     */
    void checkPixels(int width, int height) {
        if (width < 1 || height < 1) {
            throw new UnreadableImageException("The image has no pixels.");
        }
        if (Math.max(width, height) > (long) LARGEST_ASPECT_RATIO * Math.min(width, height)) {
            throw new UnreadableImageException("The image has %d × %d pixels; one side is more than %d times the other."
                    .formatted(width, height, LARGEST_ASPECT_RATIO));
        }
        long pixels = (long) width * height;
        if (pixels > maxPixels) {
            throw new ImageTooLargeException("The image has %d × %d = %d pixels; at most %d are taken."
                    .formatted(width, height, pixels, maxPixels));
        }
    }
}
