// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import java.util.Optional;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;

/** The size and shape of pixels that an image states, as far as they are usable. */
final class PixelGeometry {

    private PixelGeometry() {}

    /** The distances between rows and between columns, in mm. */
    static Optional<double[]> spacing(DataSet image, Attribute attribute) {
        return pair(image, attribute);
    }

    /** Height and width of a pixel, as whole numbers (PS3.3, section C.7.6.3.1.7). */
    static Optional<double[]> aspectRatio(DataSet image) {
        return pair(image, Attribute.PIXEL_ASPECT_RATIO)
                .filter(ratio -> ratio[0] == Math.rint(ratio[0]) && ratio[1] == Math.rint(ratio[1]));
    }

    private static Optional<double[]> pair(DataSet image, Attribute attribute) {
        double[] numbers = image.decimals(attribute);
        return numbers.length == 2 && numbers[0] > 0 && numbers[1] > 0 ? Optional.of(numbers) : Optional.empty();
    }

    /**
     * Writes them into a picture that has the image's pixels. An aspect ratio shall not stand beside a spacing (PS3.3, section
     * C.7.6.3).
     */
    static void copy(DataSet image, DataSetBuilder capture) {
        Optional<double[]> pixel = spacing(image, Attribute.PIXEL_SPACING);
        pixel.ifPresent(spacing -> capture.numbers(Attribute.PIXEL_SPACING, spacing)
                .copyPresent(
                        image,
                        Attribute.PIXEL_SPACING_CALIBRATION_TYPE,
                        Attribute.PIXEL_SPACING_CALIBRATION_DESCRIPTION));
        Optional<double[]> imager = spacing(image, Attribute.IMAGER_PIXEL_SPACING);
        imager.ifPresent(spacing -> capture.numbers(Attribute.IMAGER_PIXEL_SPACING, spacing));
        if (pixel.isEmpty() && imager.isEmpty()) {
            aspectRatio(image).ifPresent(ratio -> capture.numbers(Attribute.PIXEL_ASPECT_RATIO, ratio));
        }
    }
}
