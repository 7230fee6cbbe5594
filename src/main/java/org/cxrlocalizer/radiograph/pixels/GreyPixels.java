// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.pixels;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.util.ArrayList;
import java.util.List;

/**
 * Decoded pixels made grey. Grey samples are taken from the raster as they are ({@code getRGB} would apply a gamma).
 * Colours become grey by the ITU-R BT.601 luma weights, which leave equal channels (as in the RGBA files of NIH) as
 * they are. Alpha is ignored.
 */
public record GreyPixels(int width, int height, short[] samples, int maximum, List<String> warnings) {

    // BT.601 in 16-bit fixed point; they add up to 65536, so that grey stays the same to the bit.
    private static final int RED = 19595;
    private static final int GREEN = 38470;
    private static final int BLUE = 7471;

    private static final int WIDE_WHITE = 65535;

    public static GreyPixels of(BufferedImage image) {
        Raster raster = image.getRaster();
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return ofPalette(raster, palette);
        }
        return switch (raster.getTransferType()) {
            case DataBuffer.TYPE_BYTE ->
                isPlainGrey(raster) ? ofBytes(raster) : ofComponents(raster, image.getColorModel(), 255);
            case DataBuffer.TYPE_USHORT ->
                ofComponents(raster, image.getColorModel(), WIDE_WHITE).withUsedWhite();
            default -> throw new UnreadableImageException("The image has samples of an unsupported kind.");
        };
    }

    private static GreyPixels ofPalette(Raster raster, IndexColorModel palette) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        short[] samples = new short[width * height];
        boolean colourful = false;
        boolean translucent = false;
        int[] row = new int[width];
        int[] colours = new int[palette.getMapSize()];
        palette.getRGBs(colours);
        for (int y = 0; y < height; y++) {
            raster.getSamples(0, y, width, 1, 0, row);
            for (int x = 0; x < width; x++) {
                int argb = colours[row[x]];
                int red = argb >> 16 & 0xff;
                int green = argb >> 8 & 0xff;
                int blue = argb & 0xff;
                colourful |= red != green || green != blue;
                translucent |= argb >>> 24 != 0xff;
                samples[y * width + x] = (short) luma(red, green, blue);
            }
        }
        return new GreyPixels(width, height, samples, 255, warnings(colourful, translucent));
    }

    /** Whether the samples are the bytes of one array, as of any grey JPEG of 8 bits. */
    private static boolean isPlainGrey(Raster raster) {
        return raster.getParent() == null
                && raster.getDataBuffer() instanceof DataBufferByte bytes
                && bytes.getOffset() == 0
                && raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && model.getPixelStride() == 1
                && model.getScanlineStride() == raster.getWidth();
    }

    private static GreyPixels ofBytes(Raster raster) {
        byte[] bytes = ((DataBufferByte) raster.getDataBuffer()).getData();
        short[] samples = new short[raster.getWidth() * raster.getHeight()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (bytes[i] & 0xff);
        }
        return new GreyPixels(raster.getWidth(), raster.getHeight(), samples, 255, List.of());
    }

    private static GreyPixels ofComponents(Raster raster, ColorModel colors, int maximum) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        short[] samples = new short[width * height];
        boolean colourful = false;
        boolean translucent = false;
        int bands = raster.getNumBands();
        int alpha = colors.hasAlpha() ? bands - 1 : -1;
        boolean hasColours = colors.getNumColorComponents() >= 3;
        int[] row = new int[width * bands];
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int at = x * bands;
                if (hasColours) {
                    colourful |= row[at] != row[at + 1] || row[at + 1] != row[at + 2];
                    samples[y * width + x] = (short) luma(row[at], row[at + 1], row[at + 2]);
                } else {
                    samples[y * width + x] = (short) row[at];
                }
                translucent |= alpha >= 0 && row[at + alpha] != maximum;
            }
        }
        return new GreyPixels(width, height, samples, maximum, warnings(colourful, translucent));
    }

    private static List<String> warnings(boolean colourful, boolean translucent) {
        List<String> warnings = new ArrayList<>();
        if (colourful) {
            warnings.add("The image has colours; it was made grey by its luma.");
        }
        if (translucent) {
            warnings.add("The image has transparent pixels; the transparency was ignored.");
        }
        return warnings;
    }

    public static int luma(int red, int green, int blue) {
        return (int) (((long) RED * red + (long) GREEN * green + (long) BLUE * blue + 0x8000) >> 16);
    }

    /**
     * Takes the largest sample for white where 16-bit samples leave their highest bit unused, as a detector's 10 to 14 bits do that
     * were copied into 16. That is what DICOM files of these values without a window are read by.
     */
    public GreyPixels withUsedWhite() {
        int largest = 0;
        for (short sample : samples) {
            largest = Math.max(largest, sample & 0xffff);
        }
        if (maximum != WIDE_WHITE || largest == 0 || largest > WIDE_WHITE / 2) {
            return this;
        }
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(largest);
        List<String> all = new ArrayList<>(warnings);
        all.add("The image has 16 bits and uses %d of them; its largest value was taken as white.".formatted(bits));
        return new GreyPixels(width, height, samples, largest, List.copyOf(all));
    }

    public GreyPixels noting(List<String> notes) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(warnings);
        return new GreyPixels(width, height, samples, maximum, all);
    }

    public GreyPixels oriented(Orientation orientation) {
        if (orientation == Orientation.UPRIGHT) {
            return this;
        }
        int uprightWidth = orientation.swapsSides() ? height : width;
        int uprightHeight = orientation.swapsSides() ? width : height;
        short[] upright = new short[samples.length];
        for (int y = 0; y < uprightHeight; y++) {
            for (int x = 0; x < uprightWidth; x++) {
                upright[y * uprightWidth + x] = samples[orientation.storedIndex(x, y, width, height)];
            }
        }
        return new GreyPixels(uprightWidth, uprightHeight, upright, maximum, warnings);
    }
}
