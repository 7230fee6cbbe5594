package org.cxrlocalizer.radiograph.dicom;

import java.nio.ByteBuffer;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DicomException;

/**
 * A table of a modality, VOI or palette LUT (PS3.3, sections C.11.1.1, C.11.2.1.1 and C.7.6.3.1.5).
 *
 * @param first the input of the first entry; what is below gets the first entry, what is beyond the last gets the last
 * @param entries unsigned
 * @param bits of an entry
 */
public record LookupTable(int first, int[] entries, int bits) {

    /** @param signed whether inputs may be negative: the descriptor's second number has their sign */
    public static LookupTable of(DataSet dataSet, Attribute descriptor, Attribute data, boolean signed) {
        int[] description = dataSet.words(descriptor);
        if (description.length != 3) {
            throw new DicomException("Element %s must have three numbers.".formatted(descriptor));
        }
        int count = description[0] == 0 ? 1 << 16 : description[0];
        int first = signed ? (short) description[1] : description[1];
        int bits = description[2];
        if (bits < 1 || bits > 16) {
            throw new DicomException("Element %s states entries of %d bits.".formatted(descriptor, bits));
        }
        ByteBuffer content =
                dataSet.bytes(data).orElseThrow(() -> new DicomException("Element %s is missing.".formatted(data)));
        boolean words = content.limit() >= 2 * count;
        if (!words && (bits > 8 || content.limit() < count)) {
            throw new DicomException("Element %s has fewer entries than %s states.".formatted(data, descriptor));
        }
        int[] entries = new int[count];
        for (int i = 0; i < count; i++) {
            entries[i] = (words ? content.getShort(2 * i) : content.get(i)) & ((1 << bits) - 1);
        }
        return new LookupTable(first, entries, bits);
    }

    public int at(double input) {
        long index = Math.round(input) - first;
        return entries[(int) Math.max(0, Math.min(entries.length - 1, index))];
    }

    public int maximum() {
        return (1 << bits) - 1;
    }
}
