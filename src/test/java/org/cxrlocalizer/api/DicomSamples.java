// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DicomBuilder;

/** Bundled images as a scanner would have sent them. */
public final class DicomSamples {

    private DicomSamples() {}

    static DicomBuilder chest(String sample) {
        return new DicomBuilder()
                .add(Attribute.MODALITY, "DX")
                .add(Attribute.BODY_PART_EXAMINED, "CHEST")
                .add(Attribute.IMAGER_PIXEL_SPACING, "0.168\\0.168")
                .add(Attribute.VIEW_POSITION, "PA")
                .add(Attribute.SAMPLES_PER_PIXEL, 1)
                .add(Attribute.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
                .add(Attribute.ROWS, 1024)
                .add(Attribute.COLUMNS, 1024)
                .add(Attribute.BITS_ALLOCATED, 8)
                .add(Attribute.BITS_STORED, 8)
                .add(Attribute.HIGH_BIT, 7)
                .add(Attribute.PIXEL_REPRESENTATION, 0)
                .add(Attribute.PIXEL_DATA, words(sample));
    }

    /** With the identifiers that documents refer to. */
    public static DicomBuilder identified(String sample) {
        return chest(sample).identified();
    }

    /** With the image's pixels once more behind. */
    static DicomBuilder twice(DicomBuilder builder, String sample) {
        int[] words = words(sample);
        return builder.add(
                Attribute.PIXEL_DATA,
                IntStream.concat(IntStream.of(words), IntStream.of(words)).toArray());
    }

    /** Two pixels in each. */
    private static int[] words(String sample) {
        byte[] pixels;
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(Samples.read(sample)));
            pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int[] words = new int[pixels.length / 2];
        for (int i = 0; i < words.length; i++) {
            words[i] = (pixels[2 * i] & 0xff) | ((pixels[2 * i + 1] & 0xff) << 8);
        }
        return words;
    }
}
