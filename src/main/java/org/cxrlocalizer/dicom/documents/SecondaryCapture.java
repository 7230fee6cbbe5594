// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.List;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;

/** A picture of an image with something drawn into it, for viewers that show pixels only (PS3.3, section A.8.1). */
public final class SecondaryCapture {

    static final String SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";

    private static final Code SOURCE = Code.dcm("121322", "Source image for image processing operation");

    private SecondaryCapture() {}

    /**
     * Writes a picture.
     *
     * @param picture as large as the source, of type {@link BufferedImage#TYPE_INT_RGB}
     * @param derivation how it was made from the source, for people
     * @param comments what must be known of the source, for people
     * @param format of the pixels; the file must have its transfer syntax
     */
    public static DataSet of(
            Header header, BufferedImage picture, String derivation, List<String> comments, PictureFormat format) {
        DataSet image = header.source().dataSet();
        String derived = format == PictureFormat.JPEG
                ? "%s. Compressed with loss: JPEG, quality %d of 100"
                        .formatted(derivation, CompressedPixels.JPEG_QUALITY)
                : derivation;
        DataSetBuilder capture = header.dataSet(SECONDARY_CAPTURE, "OT")
                .text(Attribute.CONVERSION_TYPE, "WSD")
                .text(Attribute.IMAGE_TYPE, "DERIVED", "SECONDARY")
                .text(Attribute.CONTENT_DATE, header.date())
                .text(Attribute.CONTENT_TIME, header.time())
                .text(Attribute.DERIVATION_DESCRIPTION, derived)
                .items(
                        Attribute.SOURCE_IMAGE_SEQUENCE,
                        header.source()
                                .imageReference()
                                .items(Attribute.PURPOSE_OF_REFERENCE_CODE_SEQUENCE, SOURCE.item())
                                .build())
                .copy(image, Attribute.PATIENT_ORIENTATION)
                .text(Attribute.BURNED_IN_ANNOTATION, "YES");
        if (image.strings(Attribute.PATIENT_ORIENTATION).size() > 2) {
            // The image states it twice.
            capture.text(Attribute.PATIENT_ORIENTATION);
        }
        // A side is wanted unless the part of the body is known to have none (PS3.3, section C.7.3.1).
        if (image.string(Attribute.BODY_PART_EXAMINED).isPresent()
                && image.strings(Attribute.BODY_PART_EXAMINED).size() == 1) {
            capture.copy(image, Attribute.BODY_PART_EXAMINED);
        } else {
            capture.text(Attribute.LATERALITY, "");
        }
        if (!comments.isEmpty()) {
            capture.text(Attribute.IMAGE_COMMENTS, String.join(" ", comments));
        }
        PixelGeometry.copy(image, capture);
        return withPixels(capture, image, picture, format).build();
    }

    private static DataSetBuilder withPixels(
            DataSetBuilder capture, DataSet image, BufferedImage picture, PictureFormat format) {
        int width = picture.getWidth();
        // The JPEG's own subsampling is not that of its photometric interpretation (PS3.5, section 8.2.1).
        String photometric = format == PictureFormat.JPEG ? "YBR_FULL_422" : "RGB";
        pixels(capture, width, picture.getHeight(), 3, 1, photometric)
                .numbers(Attribute.PLANAR_CONFIGURATION, format == PictureFormat.RLE ? 1 : 0);
        byte[] rgb = rgb(picture);
        switch (format) {
            case UNCOMPRESSED -> capture.bytes(Attribute.PIXEL_DATA, rgb);
            case RLE -> capture.frame(Attribute.PIXEL_DATA, CompressedPixels.rle(rgb, width));
            case JPEG -> {
                byte[] jpeg = CompressedPixels.jpeg(picture);
                capture.frame(Attribute.PIXEL_DATA, jpeg);
                return Lossiness.add(capture, image, (double) rgb.length / jpeg.length);
            }
        }
        return Lossiness.copy(capture, image);
    }

    /** The format of unsigned pixels that fill their cells (PS3.3, section C.7.6.3). */
    static DataSetBuilder pixels(
            DataSetBuilder capture, int width, int height, int samples, int bytesEach, String photometric) {
        return capture.numbers(Attribute.SAMPLES_PER_PIXEL, samples)
                .text(Attribute.PHOTOMETRIC_INTERPRETATION, photometric)
                .numbers(Attribute.ROWS, height)
                .numbers(Attribute.COLUMNS, width)
                .numbers(Attribute.BITS_ALLOCATED, 8 * bytesEach)
                .numbers(Attribute.BITS_STORED, 8 * bytesEach)
                .numbers(Attribute.HIGH_BIT, 8 * bytesEach - 1)
                .numbers(Attribute.PIXEL_REPRESENTATION, 0);
    }

    private static byte[] rgb(BufferedImage picture) {
        int[] pixels = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
        byte[] bytes = new byte[3 * pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            bytes[3 * i] = (byte) (pixels[i] >> 16);
            bytes[3 * i + 1] = (byte) (pixels[i] >> 8);
            bytes[3 * i + 2] = (byte) pixels[i];
        }
        return bytes;
    }
}
