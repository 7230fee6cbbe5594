// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads headers of elements as they are, where that differs from the transfer syntax: single elements and items in
 * implicit encoding among explicit ones, explicit ones among implicit ones, and value representations that are blank. A
 * reading must fit: its value ends where another element, or nothing, follows. Where none fits, the header is the one that the
 * encoding demands, and what is wrong shows where its length is used.
 */
final class ElementHeaderReader {

    private static final int SHORT = 8;
    private static final int LONG = 12;
    private static final int DELIMITERS = 0xfffe;

    private static final String IMPLICIT =
            "Elements of the file state no value representation, contrary to its encoding; they were read.";
    private static final String EXPLICIT =
            "Elements of the file state a value representation, contrary to its encoding; they were read.";
    private static final String BLANK = "Elements of the file have an unusable value representation; they were read.";
    private static final String SHORT_LENGTH =
            "Elements of the file have lengths of 16 bits where 32 are due; they were read.";

    private final ByteBuffer input;

    ElementHeaderReader(ByteBuffer input) {
        this.input = input;
    }

    /**
     * Reads the header of the element at an offset. At least 8 bytes are there.
     *
     * @param end of what encloses the element
     * @throws DicomException if its header is longer than what is left, or it states no value representation where one is due
     */
    ElementHeader read(int at, int end, Encoding encoding) {
        return encoding.explicit() ? explicit(at, end, encoding) : implicit(at, end, encoding);
    }

    private ElementHeader explicit(int at, int end, Encoding encoding) {
        int first = letter(at + 4);
        int second = letter(at + 5);
        if (ValueRepresentation.isKnown(first, second)) {
            ValueRepresentation stated = ValueRepresentation.of(first, second);
            if (stated.hasShortLength()) {
                return shortForm(at, stated, encoding, null);
            }
            ElementHeader asShort = shortForm(at, stated, encoding, SHORT_LENGTH);
            if (asShort.length() != 0 && !(end - at >= LONG && holds(longForm(at, stated, encoding), at, end))) {
                // The two bytes that are spare in the long form are not zero: some writers put the length there.
                return fits(asShort, at, end, true) ? asShort : longForm(at, end, stated, encoding);
            }
            return longForm(at, end, stated, encoding);
        }
        ElementHeader without = withoutRepresentation(at, Encoding.IMPLICIT_LITTLE, IMPLICIT);
        ElementHeader asShort = shortForm(at, ValueRepresentation.UN, encoding, BLANK);
        if (isCapital(first) && isCapital(second)) {
            // One that PS3.5 does not have yet has a length of 32 bits (section 6.2.2).
            @Nullable String note = isPixelData(at, encoding) ? BLANK : null;
            if (end - at >= LONG && fitsAsLong(longForm(at, ValueRepresentation.UN, encoding, note), at, end, false)) {
                return longForm(at, ValueRepresentation.UN, encoding, note);
            }
            return fits(asShort, at, end, true) ? asShort : longForm(at, end, ValueRepresentation.UN, encoding);
        }
        // An implicit length whose upper half is not zero means 64 kB or more: a value representation is more likely.
        boolean preferShort = asShort.length() != 0;
        if (preferShort && fits(asShort, at, end, true)) {
            return asShort;
        }
        if (encoding.order() == Encoding.IMPLICIT_LITTLE.order() && fits(without, at, end, false)) {
            return without;
        }
        if (fits(asShort, at, end, true)) {
            return asShort;
        }
        if (end - at >= LONG) {
            ElementHeader asLong = longForm(at, ValueRepresentation.UN, encoding, BLANK);
            if (fitsAsLong(asLong, at, end, true)) {
                return asLong;
            }
        }
        throw DicomException.at(at, tag(at, encoding), "two capital letters must state its value representation");
    }

    /** Behind the pixel data may be anything. */
    private boolean fitsAsLong(ElementHeader header, int at, int end, boolean strictly) {
        return fits(header, at, end, strictly) || (isPixelData(at, header.encoding()) && holds(header, at, end));
    }

    private boolean isPixelData(int at, Encoding encoding) {
        return tag(at, encoding) == Attribute.PIXEL_DATA.tag();
    }

    private ElementHeader implicit(int at, int end, Encoding encoding) {
        ElementHeader without = withoutRepresentation(at, encoding, null);
        int first = letter(at + 4);
        int second = letter(at + 5);
        if (!ValueRepresentation.isKnown(first, second)) {
            return without;
        }
        ValueRepresentation stated = ValueRepresentation.of(first, second);
        Encoding explicit = Encoding.EXPLICIT_LITTLE;
        if (stated.hasShortLength()) {
            ElementHeader header = shortForm(at, stated, explicit, EXPLICIT);
            return fits(header, at, end, true) ? header : without;
        }
        if (end - at < LONG || input.order(explicit.order()).getShort(at + 6) != 0) {
            return without;
        }
        ElementHeader header = longForm(at, stated, explicit);
        return fits(header, at, end, true)
                ? new ElementHeader(stated, header.length(), LONG, explicit, EXPLICIT)
                : without;
    }

    private ElementHeader withoutRepresentation(int at, Encoding encoding, @Nullable String note) {
        return new ElementHeader(null, input.order(encoding.order()).getInt(at + 4), SHORT, encoding, note);
    }

    private ElementHeader shortForm(int at, ValueRepresentation stated, Encoding encoding, @Nullable String note) {
        int length = input.order(encoding.order()).getShort(at + 6) & 0xffff;
        return new ElementHeader(stated, length, SHORT, encoding, note);
    }

    private ElementHeader longForm(int at, int end, ValueRepresentation stated, Encoding encoding) {
        if (end - at < LONG) {
            throw DicomException.at(at, "an element is cut short");
        }
        return longForm(at, stated, encoding);
    }

    private ElementHeader longForm(int at, ValueRepresentation stated, Encoding encoding) {
        return longForm(at, stated, encoding, null);
    }

    private ElementHeader longForm(int at, ValueRepresentation stated, Encoding encoding, @Nullable String note) {
        return new ElementHeader(stated, input.order(encoding.order()).getInt(at + 8), LONG, encoding, note);
    }

    private static boolean holds(ElementHeader header, int at, int end) {
        return header.length() == ElementHeader.UNDEFINED_LENGTH
                || (header.length() >= 0 && header.length() <= end - at - header.size());
    }

    /**
     * Whether another element can follow the value.
     *
     * @param strictly whether it must be one of the same encoding
     */
    private boolean fits(ElementHeader header, int at, int end, boolean strictly) {
        if (!holds(header, at, end)) {
            return false;
        }
        if (header.length() == ElementHeader.UNDEFINED_LENGTH) {
            int inside = at + header.size();
            return end - inside >= SHORT && tag(inside, header.encoding()) >>> 16 == DELIMITERS;
        }
        return follows(at + header.size() + header.length(), at, end, header.encoding(), strictly);
    }

    /**
     * Whether an element that comes after another one, or the end of what encloses both, is at an offset.
     *
     * @param previous where the other one begins
     * @param strictly whether it must state a known value representation, or the same as the other, or be a delimiter
     */
    boolean follows(int next, int previous, int end, Encoding encoding, boolean strictly) {
        if (next == end) {
            return true;
        }
        if (next > end - SHORT) {
            return false;
        }
        int tag = tag(next, encoding);
        if (tag >>> 16 == DELIMITERS) {
            return true;
        }
        if (Integer.compareUnsigned(tag, tag(previous, encoding)) <= 0) {
            return false;
        }
        int first = letter(next + 4);
        int second = letter(next + 5);
        if (ValueRepresentation.isKnown(first, second)) {
            ValueRepresentation stated = ValueRepresentation.of(first, second);
            return stated.hasShortLength()
                    ? holds(shortForm(next, stated, encoding, null), next, end)
                    : end - next >= LONG && holds(longForm(next, stated, encoding), next, end);
        }
        return strictly
                ? first == letter(previous + 4) && second == letter(previous + 5)
                : holds(withoutRepresentation(next, encoding, null), next, end);
    }

    private int letter(int at) {
        return input.get(at) & 0xff;
    }

    private static boolean isCapital(int character) {
        return character >= 'A' && character <= 'Z';
    }

    private int tag(int at, Encoding encoding) {
        input.order(encoding.order());
        return ((input.getShort(at) & 0xffff) << 16) | (input.getShort(at + 2) & 0xffff);
    }
}
