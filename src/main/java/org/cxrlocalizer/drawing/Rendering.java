// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.drawing;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import org.cxrlocalizer.radiograph.Radiograph;

/** Renders a radiograph as an 8-bit grey PNG of its own size. */
public final class Rendering {

    private static final int WHITE = 255;

    private Rendering() {}

    public static byte[] png(Radiograph radiograph) {
        BufferedImage picture =
                new BufferedImage(radiograph.width(), radiograph.height(), BufferedImage.TYPE_BYTE_GRAY);
        // Straight into the raster: setRGB would apply a gamma to grey pictures.
        byte[] pixels = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
        short[] samples = radiograph.samples();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.round((float) WHITE * (samples[i] & 0xffff) / radiograph.maximum());
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream(pixels.length);
        try {
            ImageIO.write(picture, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return png.toByteArray();
    }
}
