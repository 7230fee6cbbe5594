// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.jspecify.annotations.Nullable;

/**
 * How far the centres of neighbouring pixels lie apart (PS3.3, section 10.7).
 *
 * @param x millimetres between columns
 * @param y millimetres between rows
 */
public record PixelSpacing(double x, double y, Plane plane) {

    /** Where the millimetres are measured. A radiograph is a shadow, larger than what casts it. */
    public enum Plane {
        /** At the detector: in the patient, things are smaller by the magnification, which is not known. */
        DETECTOR,
        /** In the patient, by a calibration that the file states or that differs from the detector's spacing. */
        CALIBRATED,
        /** The file does not state where. */
        UNSTATED;

        @JsonValue
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The one that a data set states; null if there is none, or none above zero. */
    static @Nullable PixelSpacing of(DataSet dataSet) {
        double[] pixel = dataSet.decimals(Attribute.PIXEL_SPACING);
        double[] imager = dataSet.decimals(Attribute.IMAGER_PIXEL_SPACING);
        if (!isSpacing(pixel)) {
            return isSpacing(imager) ? new PixelSpacing(imager[1], imager[0], Plane.DETECTOR) : null;
        }
        Plane plane;
        if (dataSet.string(Attribute.PIXEL_SPACING_CALIBRATION_TYPE).isPresent()) {
            plane = Plane.CALIBRATED;
        } else if (isSpacing(imager)) {
            plane = Arrays.equals(pixel, imager) ? Plane.DETECTOR : Plane.CALIBRATED;
        } else {
            plane = Plane.UNSTATED;
        }
        return new PixelSpacing(pixel[1], pixel[0], plane);
    }

    private static boolean isSpacing(double[] numbers) {
        return numbers.length == 2 && numbers[0] > 0 && numbers[1] > 0;
    }
}
