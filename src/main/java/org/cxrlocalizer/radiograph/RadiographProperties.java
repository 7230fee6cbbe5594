package org.cxrlocalizer.radiograph;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits on images, checked before anything is allocated for them.
 *
 * @param maxSize most bytes of one image file
 * @param maxPixels most pixels of one image; a decoded pixel takes up to six bytes while it is read
 */
@Validated
@ConfigurationProperties("radiograph")
public record RadiographProperties(
        @DefaultValue("64MB") DataSize maxSize,
        @DefaultValue("25000000") @Min(1) @Max(500_000_000) long maxPixels) {}
