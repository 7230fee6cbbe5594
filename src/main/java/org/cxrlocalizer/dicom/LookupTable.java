// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A table of a modality, VOI or palette LUT (PS3.3, sections C.11.1.1, C.11.2.1.1 and C.7.6.3.1.5).
 *
 * @param first the input of the first entry; what is below gets the first entry, what is beyond the last gets the last
 * @param entries unsigned
 * @param statedBits of an entry, as in the descriptor; some writers state others than the entries have
 */
public record LookupTable(int first, int[] entries, int statedBits) {

    private static final int MOST_BITS = 16;

    /** X-ray angiography and radiofluoroscopy, their enhanced and biplane classes (PS3.6, table A-1). */
    private static final String ANGIOGRAPHY = "1.2.840.10008.5.1.4.1.1.12.";

    private static final List<String> ANGIOGRAPHY_MODALITIES = List.of("XA", "RF", "XRF");

    /**
     * Whether a data set's modality table is meant for display. That of angiography and radiofluoroscopy is there to measure, and
     * not applied to what is shown (PS3.3, section C.8.7.1.1.2).
     */
    public static boolean isModalityTableForDisplay(DataSet dataSet) {
        return !dataSet.string(Attribute.SOP_CLASS_UID).orElse("").startsWith(ANGIOGRAPHY)
                && !ANGIOGRAPHY_MODALITIES.contains(
                        dataSet.string(Attribute.MODALITY).orElse("").toUpperCase(Locale.ROOT));
    }

    /** The first table of a sequence that can be read. */
    public static Optional<LookupTable> firstOf(DataSet dataSet, Attribute sequence, boolean signed) {
        return dataSet.items(sequence).stream()
                .flatMap(item -> read(item, signed).stream())
                .findFirst();
    }

    private static Optional<LookupTable> read(DataSet item, boolean signed) {
        try {
            LookupTable table = of(item, Attribute.LUT_DESCRIPTOR, Attribute.LUT_DATA, signed);
            return table.largest() > 0 ? Optional.of(table) : Optional.empty();
        } catch (DicomException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads a table.
     *
     * @param signed whether inputs may be negative: the descriptor's second number has their sign
     * @throws DicomException if descriptor or entries are missing, or there are fewer entries than it states
     */
    public static LookupTable of(DataSet dataSet, Attribute descriptor, Attribute data, boolean signed) {
        int[] description = dataSet.words(descriptor);
        if (description.length != 3) {
            throw new DicomException("Element %s must have three numbers.".formatted(descriptor));
        }
        int count = description[0] == 0 ? 1 << MOST_BITS : description[0];
        int first = signed ? (short) description[1] : description[1];
        int bits = description[2];
        ByteBuffer content =
                dataSet.bytes(data).orElseThrow(() -> new DicomException("Element %s is missing.".formatted(data)));
        boolean words = content.limit() >= 2 * count;
        if (!words && (bits > 8 || content.limit() < count)) {
            throw new DicomException("Element %s has fewer entries than %s states.".formatted(data, descriptor));
        }
        int[] entries = new int[count];
        for (int i = 0; i < count; i++) {
            entries[i] = words ? content.getShort(2 * i) & 0xffff : content.get(i) & 0xff;
        }
        return new LookupTable(first, entries, bits);
    }

    public int at(double input) {
        long index = Math.round(input) - first;
        return entries[(int) Math.max(0, Math.min(entries.length - 1, index))];
    }

    public int largest() {
        return Arrays.stream(entries).max().orElse(0);
    }

    /** Whether the entries need as many bits as the descriptor states. */
    public boolean hasStatedBits() {
        return statedBits == bits();
    }

    /** How many bits the largest entry needs. */
    public int bits() {
        return Integer.SIZE - Integer.numberOfLeadingZeros(largest());
    }

    /** The entry that stands for white: the largest that the stated bits can hold, or the largest there is if they are wrong. */
    public int maximum() {
        return hasStatedBits() ? (1 << statedBits) - 1 : largest();
    }

    /** The LUT Descriptor of these entries. */
    public int[] descriptor() {
        return new int[] {entries.length & 0xffff, first & 0xffff, bits()};
    }
}
