// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What the service keeps of images that may come again, as for another threshold, an overlay or a report.
 *
 * @param size of the logits and class maps of the images that came last, in memory only; 0 keeps none
 * @param dicom whether those of DICOM files are kept too
 */
@Validated
@ConfigurationProperties("prediction-cache")
public record PredictionCacheProperties(
        @DefaultValue("8MB") DataSize size,
        @DefaultValue("false") boolean dicom) {

    public PredictionCacheProperties {
        if (size.isNegative()) {
            throw new IllegalArgumentException("prediction-cache.size must not be negative");
        }
    }
}
