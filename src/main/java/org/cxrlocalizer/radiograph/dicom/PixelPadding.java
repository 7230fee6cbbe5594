// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.dicom;

import java.util.List;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;

/** The samples that are no part of the image (PS3.3, section C.7.5.1.1.2), each of which is a sample's code. */
final class PixelPadding {

    private static final String NEVER_STORED = "The file's %s is not a value that its pixels can have; it was ignored.";

    private PixelPadding() {}

    /**
     * Distinguishes padding from image. A value that the stored bits cannot hold occurs in no pixel, so that it masks nothing: its lower
     * bits are another value's. Padding that would leave no pixel is ignored.
     *
     * @param samples the codes of the image
     * @param notes gets what was ignored, and that padding is most of the image
     * @return whether a code is padding
     */
    static boolean[] of(DataSet dataSet, DicomFormat format, short[] samples, List<String> notes) {
        boolean[] padding = new boolean[format.codes()];
        int[] value = dataSet.words(Attribute.PIXEL_PADDING_VALUE);
        if (value.length == 0) {
            return padding;
        }
        int one = signed(value[0], format);
        if (!format.holds(one)) {
            notes.add(NEVER_STORED.formatted("padding value"));
            return padding;
        }
        int[] limit = dataSet.words(Attribute.PIXEL_PADDING_RANGE_LIMIT);
        int other = limit.length == 0 ? one : signed(limit[0], format);
        if (!format.holds(other)) {
            notes.add(NEVER_STORED.formatted("padding range limit"));
            other = one;
        }
        for (int code = 0; code < padding.length; code++) {
            int candidate = format.value(code);
            padding[code] = candidate >= Math.min(one, other) && candidate <= Math.max(one, other);
        }
        return checked(padding, samples, notes);
    }

    private static int signed(int word, DicomFormat format) {
        return format.signed() ? (short) word : word;
    }

    private static boolean[] checked(boolean[] padding, short[] samples, List<String> notes) {
        int count = 0;
        for (short sample : samples) {
            if (padding[sample & 0xffff]) {
                count++;
            }
        }
        if (count == samples.length) {
            notes.add("All pixels of the file have its padding value; it was ignored.");
            return new boolean[padding.length];
        }
        if (count > samples.length / 2) {
            notes.add("More than half of the file's pixels are padding; they were made black.");
        }
        return padding;
    }
}
