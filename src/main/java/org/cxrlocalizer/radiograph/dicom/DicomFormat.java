// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.dicom;

import static org.cxrlocalizer.dicom.Attribute.BITS_ALLOCATED;
import static org.cxrlocalizer.dicom.Attribute.BITS_STORED;
import static org.cxrlocalizer.dicom.Attribute.COLUMNS;
import static org.cxrlocalizer.dicom.Attribute.HIGH_BIT;
import static org.cxrlocalizer.dicom.Attribute.PHOTOMETRIC_INTERPRETATION;
import static org.cxrlocalizer.dicom.Attribute.PIXEL_REPRESENTATION;
import static org.cxrlocalizer.dicom.Attribute.PLANAR_CONFIGURATION;
import static org.cxrlocalizer.dicom.Attribute.ROWS;
import static org.cxrlocalizer.dicom.Attribute.SAMPLES_PER_PIXEL;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DicomException;

/**
 * How the pixels of a data set are stored (PS3.3, section C.7.6.3).
 *
 * @param allocated bits of a sample's cell, 8 or 16
 * @param stored bits of a cell that are the sample's
 * @param highBit the highest of them; cells may hold other things above and below
 * @param signed whether samples are two's complement
 * @param planar whether colours follow one another as whole planes
 */
public record DicomFormat(
        int columns,
        int rows,
        int allocated,
        int stored,
        int highBit,
        boolean signed,
        Photometric photometric,
        boolean planar,
        int frames) {

    /** What samples stand for (PS3.3, section C.7.6.3.1.2). */
    public enum Photometric {
        /** The smallest value is white. */
        MONOCHROME1,
        MONOCHROME2,
        PALETTE_COLOR,
        RGB,
        YBR_FULL,
        YBR_FULL_422,
        /** RGB once JPEG 2000 is decoded, as the next. */
        YBR_RCT,
        YBR_ICT;

        int samples() {
            return switch (this) {
                case MONOCHROME1, MONOCHROME2, PALETTE_COLOR -> 1;
                case RGB, YBR_FULL, YBR_FULL_422, YBR_RCT, YBR_ICT -> 3;
            };
        }

        /** Whether the first of the samples is the luma. */
        boolean isLumaFirst() {
            return this == YBR_FULL || this == YBR_FULL_422;
        }

        static Photometric of(String term) {
            String name = term.toUpperCase(Locale.ROOT).replace(' ', '_');
            for (Photometric photometric : values()) {
                if (photometric.name().equals(name)) {
                    return photometric;
                }
            }
            throw new DicomException("Element %s names no photometric interpretation that is read."
                    .formatted(PHOTOMETRIC_INTERPRETATION));
        }
    }

    public DicomFormat {
        if (allocated != 8 && allocated != 16) {
            throw new DicomException("Pixels of %d allocated bits are not read, only of 8 or 16.".formatted(allocated));
        }
        if (stored < 1 || stored > allocated || highBit < stored - 1 || highBit >= allocated) {
            throw new DicomException("%d bits stored below bit %d do not fit into %d bits allocated."
                    .formatted(stored, highBit, allocated));
        }
    }

    public static DicomFormat of(DataSet dataSet) {
        Photometric photometric = Photometric.of(dataSet.string(PHOTOMETRIC_INTERPRETATION)
                .orElseThrow(() -> new DicomException("Element %s is missing.".formatted(PHOTOMETRIC_INTERPRETATION))));
        int samples = dataSet.integer(SAMPLES_PER_PIXEL).orElse(1);
        if (samples != photometric.samples()) {
            throw new DicomException("%d samples per pixel contradict the photometric interpretation %s."
                    .formatted(samples, photometric));
        }
        int allocated = dataSet.requiredInteger(BITS_ALLOCATED);
        int stored = stored(dataSet, allocated).orElse(allocated);
        return new DicomFormat(
                dataSet.requiredInteger(COLUMNS),
                dataSet.requiredInteger(ROWS),
                allocated,
                stored,
                highBit(dataSet, allocated, stored).orElse(stored - 1),
                dataSet.integer(PIXEL_REPRESENTATION).orElse(0) == 1,
                photometric,
                dataSet.integer(PLANAR_CONFIGURATION).orElse(0) == 1,
                dataSet.numberOfFrames());
    }

    /** Returns how many bits are stated, if a cell has as many. */
    private static OptionalInt stored(DataSet dataSet, int allocated) {
        double stated = dataSet.decimal(BITS_STORED).orElse(0);
        return stated == Math.rint(stated) && stated >= 1 && stated <= allocated
                ? OptionalInt.of((int) stated)
                : OptionalInt.empty();
    }

    /** The one that is stated, if samples fit below it into their cells. */
    private static OptionalInt highBit(DataSet dataSet, int allocated, int stored) {
        double stated = dataSet.decimal(HIGH_BIT).orElse(-1);
        return stated == Math.rint(stated) && stated >= stored - 1 && stated < allocated
                ? OptionalInt.of((int) stated)
                : OptionalInt.empty();
    }

    /** What the data set does not state of its samples, and how they were read. */
    public List<String> notes(DataSet dataSet) {
        List<String> notes = new ArrayList<>();
        if (stored(dataSet, allocated).isEmpty()) {
            notes.add("The file does not state a usable number of bits stored; samples were taken from all bits.");
        }
        if (highBit(dataSet, allocated, stored).isEmpty()) {
            notes.add("The file does not state a usable high bit; samples were taken from the lowest bits.");
        }
        if (!dataSet.has(PIXEL_REPRESENTATION)) {
            notes.add("The file does not state its pixel representation; samples were taken as unsigned.");
        }
        return notes;
    }

    int pixels() {
        return Math.multiplyExact(columns, rows);
    }

    int bytesEach() {
        return allocated / 8;
    }

    /** How many different values a sample can have. */
    public int codes() {
        return 1 << stored;
    }

    /** A sample as the number that it stands for. */
    public int value(int code) {
        return signed && code >= codes() / 2 ? code - codes() : code;
    }

    /** Whether the stored bits can stand for a number. */
    boolean holds(int value) {
        int lowest = signed ? -(codes() / 2) : 0;
        return value >= lowest && value < lowest + codes();
    }

    /** The sample in a cell. */
    int code(int cell) {
        return (cell >>> (highBit - stored + 1)) & (codes() - 1);
    }
}
