// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetTooLargeException;
import org.cxrlocalizer.dicom.DicomException;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.dicom.LookupTable;
import org.cxrlocalizer.radiograph.dicom.DicomFormat;
import org.cxrlocalizer.radiograph.dicom.DicomFrame;
import org.cxrlocalizer.radiograph.dicom.DicomGreyScale;
import org.cxrlocalizer.radiograph.pixels.GreyPixels;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.jspecify.annotations.Nullable;

/** Reads a radiograph of 16-bit samples from a DICOM file: what the file states, its limits, pixels and grey levels. */
final class DicomRadiograph {

    static final String MEDIA_TYPE = "application/dicom";

    private static final int WHITE = 65535;

    private final DicomFile file;
    private final DataSet dataSet;
    private final ReadOptions options;
    private final ReadLimits limits;
    private final List<String> warnings = new ArrayList<>();

    private DicomRadiograph(DicomFile file, ReadOptions options, ReadLimits limits) {
        this.file = file;
        dataSet = file.dataSet();
        this.options = options;
        this.limits = limits;
    }

    /** As {@link RadiographReader#parse(byte[])}. */
    static DicomFile parse(byte[] bytes, RadiographProperties limits) {
        return DicomFile.read(bytes, Math.toIntExact(limits.maxSize().toBytes()));
    }

    /**
     * As {@link RadiographReader#read(byte[], ReadOptions)}.
     *
     * @param parsed the file, if it is parsed already, or null
     */
    static Radiograph read(
            byte[] bytes, @Nullable DicomFile parsed, String sha256, ReadOptions options, ReadLimits limits) {
        try {
            DicomFile file = parsed == null ? parse(bytes, limits.properties()) : parsed;
            return new DicomRadiograph(file, options, limits).read(sha256);
        } catch (DicomException e) {
            throw new UnreadableImageException("The DICOM file cannot be read. " + e.getMessage());
        } catch (DataSetTooLargeException e) {
            throw new ImageTooLargeException(String.valueOf(e.getMessage()));
        }
    }

    private Radiograph read(String sha256) {
        NoImage.check(file);
        FrontalChest statement = FrontalChest.check(dataSet, options.force());
        warnings.addAll(statement.warnings());
        warnings.addAll(file.notes());
        warnings.addAll(UnusableNumbers.notes(dataSet));
        DicomFormat format = DicomFormat.of(dataSet);
        warnings.addAll(format.notes(dataSet));
        limits.checkPixels(format.columns(), format.rows());
        if (options.frame() > format.frames()) {
            throw new NoSuchFrameException(options.frame(), format.frames());
        }
        if (format.frames() > 1) {
            warnings.add("The file has %d frames; this is frame %d.".formatted(format.frames(), options.frame()));
        }
        DicomFrame frame = new DicomFrame(format, dataSet, options.frame() - 1);
        short[] samples = limits.whileTaking(frame.bytesWhileDecoded(file), () -> frame.decode(file));
        warnings.addAll(frame.notes());
        switch (format.photometric()) {
            case MONOCHROME1, MONOCHROME2 -> {
                DicomGreyScale scale =
                        new DicomGreyScale(dataSet, format, limits.properties().dicomVoi());
                scale.apply(samples);
                warnings.addAll(scale.notes());
            }
            case PALETTE_COLOR -> {
                warnings.add("The image has a palette; its colours were made grey by their luma.");
                replace(samples, paletteLumas(format));
            }
            case RGB, YBR_FULL, YBR_FULL_422, YBR_RCT, YBR_ICT -> {
                warnings.add("The image has colours; it was made grey by its luma.");
                replace(samples, wholeRange(format));
            }
        }
        PixelSpacing spacing = PixelSpacing.of(dataSet);
        noteAspectRatio(spacing);
        return new Radiograph(
                format.columns(),
                format.rows(),
                samples,
                WHITE,
                MEDIA_TYPE,
                sha256,
                warnings,
                spacing,
                statement.claims(),
                dataSet);
    }

    private static void replace(short[] samples, int[] brightness) {
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) brightness[samples[i] & 0xffff];
        }
    }

    /** Returns the table from the lumas of {@code stored} bits to the whole range. */
    private static int[] wholeRange(DicomFormat format) {
        int[] brightness = new int[format.codes()];
        Arrays.setAll(brightness, luma -> (int) Math.round((double) luma * WHITE / (brightness.length - 1)));
        return brightness;
    }

    private int[] paletteLumas(DicomFormat format) {
        LookupTable red = palette(Attribute.RED_PALETTE_DESCRIPTOR, Attribute.RED_PALETTE, format);
        LookupTable green = palette(Attribute.GREEN_PALETTE_DESCRIPTOR, Attribute.GREEN_PALETTE, format);
        LookupTable blue = palette(Attribute.BLUE_PALETTE_DESCRIPTOR, Attribute.BLUE_PALETTE, format);
        int maximum = paletteMaximum(red, green, blue);
        int[] lumas = new int[format.codes()];
        for (int code = 0; code < lumas.length; code++) {
            int value = format.value(code);
            lumas[code] = GreyPixels.luma(
                    scaled(red.at(value), maximum), scaled(green.at(value), maximum), scaled(blue.at(value), maximum));
        }
        return lumas;
    }

    private LookupTable palette(Attribute descriptor, Attribute data, DicomFormat format) {
        return LookupTable.of(dataSet, descriptor, data, format.signed());
    }

    /** Entries have 8 or 16 bits (PS3.3, section C.7.6.3.1.5); some writers state 16 and mean 8, or the reverse. */
    private int paletteMaximum(LookupTable... colours) {
        int stated =
                Arrays.stream(colours).mapToInt(LookupTable::statedBits).max().orElse(0) > 8 ? WHITE : 255;
        int largest =
                Arrays.stream(colours).mapToInt(LookupTable::largest).max().orElse(0);
        int maximum = largest > 255 ? WHITE : 255;
        if (maximum != stated) {
            warnings.add("The file's palette states %s bits, and its entries have %s."
                    .formatted(stated > 255 ? "16" : "8", maximum > 255 ? "16" : "8"));
        }
        return maximum;
    }

    private static int scaled(int entry, int maximum) {
        return (int) Math.round((double) entry * WHITE / maximum);
    }

    private void noteAspectRatio(@Nullable PixelSpacing spacing) {
        double[] ratio = dataSet.decimals(Attribute.PIXEL_ASPECT_RATIO);
        boolean oblong = ratio.length == 2 && ratio[0] > 0 && ratio[1] > 0 && ratio[0] != ratio[1];
        if (oblong || (spacing != null && Math.abs(spacing.x() - spacing.y()) > 0.01 * spacing.y())) {
            warnings.add("The file's pixels are not square; the model saw the image as if they were.");
        }
    }
}
