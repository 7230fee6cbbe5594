// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import static org.cxrlocalizer.dicom.Attribute.ITEM;
import static org.cxrlocalizer.dicom.Attribute.ITEM_DELIMITATION;
import static org.cxrlocalizer.dicom.Attribute.PIXEL_DATA;
import static org.cxrlocalizer.dicom.Attribute.SEQUENCE_DELIMITATION;
import static org.cxrlocalizer.dicom.ElementHeader.UNDEFINED_LENGTH;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads data elements one after the other (PS3.5, section 7). Nothing is copied: values are windows on the bytes. Every
 * length is compared with what is left of the enclosing item before it is used; depth and number of elements are limited,
 * because each costs a stack frame or an object whatever its length. What other readers ignore is ignored with a note:
 * another order, stray delimiters, bytes behind the pixel data.
 */
final class DataSetParser {

    private static final int DEEPEST = 32;
    private static final int MOST_ELEMENTS = 200_000;
    private static final int ITEM_HEADER = 8;

    private static final String OUT_OF_ORDER = "Elements of the file are not in ascending order; they were read.";
    private static final String STRAY_DELIMITER =
            "The file has a delimiter where nothing is to be delimited; it was ignored.";
    private static final String NO_ITEM_END =
            "An item of the file has no delimiter; it was read to the end of its sequence.";
    private static final String NO_FRAGMENT_END =
            "The compressed pixel data has no delimiter; it was read to the end of the file.";
    private static final String OTHER_REPRESENTATION =
            "Elements of the file have another value representation than the standard states; they were read.";
    private static final String ODD_LENGTH =
            "An element of the file states an odd length, and has a byte more; it was read.";

    private final ByteBuffer input;
    private final ElementHeaderReader headers;
    private final ParseNotes notes;
    private int position;
    private int elements;
    private @Nullable DicomException contradiction;

    private DataSetParser(byte[] bytes, int from, ParseNotes notes) {
        input = ByteBuffer.wrap(bytes);
        headers = new ElementHeaderReader(input);
        position = from;
        this.notes = notes;
    }

    /** A data set and where it ended. */
    record Parsed(DataSet dataSet, int end) {}

    /** The data set from an offset to the end of the bytes, or to what fills them up. */
    static DataSet parse(byte[] bytes, int from, Encoding encoding, ParseNotes notes) {
        DataSetParser parser = new DataSetParser(bytes, from, notes);
        DataSet dataSet = new DataSet(null);
        parser.fillWhole(dataSet, encoding);
        return dataSet;
    }

    /** The elements of one group only, as the file meta information is. */
    static Parsed parseGroup(byte[] bytes, int from, Encoding encoding, int group, ParseNotes notes) {
        DataSetParser parser = new DataSetParser(bytes, from, notes);
        DataSet dataSet = new DataSet(null);
        while (parser.position < bytes.length && bytes.length - parser.position >= ITEM_HEADER) {
            if (parser.tag(encoding) >>> 16 != group) {
                break;
            }
            parser.put(dataSet, bytes.length, encoding, 0);
        }
        return new Parsed(dataSet, parser.position);
    }

    private void fillWhole(DataSet dataSet, Encoding encoding) {
        int end = input.limit();
        while (position < end && !isPadding(end)) {
            int start = position;
            boolean complete = dataSet.has(PIXEL_DATA);
            try {
                require(ITEM_HEADER, end, start);
                int tag = tag(encoding);
                if (tag == ITEM_DELIMITATION.tag() || tag == SEQUENCE_DELIMITATION.tag()) {
                    notes.add(STRAY_DELIMITER);
                    position += ITEM_HEADER;
                } else {
                    put(dataSet, end, encoding, 0);
                }
            } catch (DicomException e) {
                if (!complete) {
                    throw e;
                }
                notes.add("The file has %d bytes behind its pixel data that are not elements; they were ignored."
                        .formatted(end - start));
                position = end;
            }
        }
        if (contradiction != null) {
            throw contradiction;
        }
    }

    /** Some writers fill files up, with zeros most often; white space may be what a transmission adds. */
    private boolean isPadding(int end) {
        boolean zeros = true;
        for (int i = position; i < end; i++) {
            byte at = input.get(i);
            zeros &= at == 0;
            if (at != 0 && at != ' ' && at != '\r' && at != '\n') {
                return false;
            }
        }
        if (!zeros) {
            notes.add("The file has white space behind its data set; it was ignored.");
        }
        return true;
    }

    /** Reads the next element into a data set. */
    private void put(DataSet dataSet, int end, Encoding encoding, int depth) {
        int start = position;
        int tag = tag(encoding);
        boolean isMeta = tag >>> 16 == 0 && depth > 0;
        if (isMeta || tag >>> 16 == ITEM.tag() >>> 16) {
            throw DicomException.at(start, tag, "it has no place among the elements of a data set");
        }
        count(start);
        Element element = element(dataSet, tag, end, encoding, depth);
        Element earlier = dataSet.elements().get(tag);
        if (earlier != null) {
            repeat(dataSet, tag, earlier, element, start);
            return;
        }
        if (Integer.compareUnsigned(tag, dataSet.lastTag()) < 0) {
            notes.add(OUT_OF_ORDER);
        }
        dataSet.put(tag, element);
    }

    private void repeat(DataSet dataSet, int tag, Element earlier, Element later, int start) {
        boolean differs = !earlier.hasSameContent(later);
        if (differs && RepeatedElement.isContradiction(tag)) {
            contradiction = DicomException.at(start, tag, "it is there twice, with different values");
        }
        Optional<Element> both = differs ? RepeatedElement.joined(tag, earlier, later) : Optional.empty();
        both.ifPresent(element -> dataSet.put(tag, element));
        notes.add("The file has element %s twice; %s."
                .formatted(
                        Attribute.format(tag),
                        both.isPresent() ? "both of its different values were read" : "the first was taken"));
    }

    private Element element(DataSet owner, int tag, int end, Encoding outer, int depth) {
        int start = position;
        Attribute known = Attribute.of(tag);
        ElementHeader header = headers.read(start, end, outer);
        if (header.note() != null) {
            notes.add(header.note());
        }
        position += header.size();
        Encoding encoding = header.encoding();
        int length = header.length();
        ValueRepresentation representation = header.stated();
        if (representation == null || header.isUnknown()) {
            representation = known == null ? ValueRepresentation.UN : known.representation();
            boolean isSequence = representation == ValueRepresentation.SQ || length == UNDEFINED_LENGTH;
            if (isSequence && tag != PIXEL_DATA.tag()) {
                if (header.stated() == null && known != null && representation != ValueRepresentation.SQ) {
                    throw noSequence(tag, start);
                }
                // PS3.5, section 6.2.2, note 4: the writer of an unknown sequence had it in implicit encoding.
                boolean unknown = header.stated() != null && header.note() == null;
                return sequence(owner, length, end, unknown ? Encoding.IMPLICIT_LITTLE : encoding, depth + 1, start);
            }
        }
        if (known != null && !representation.isLike(known.representation())) {
            notes.add(OTHER_REPRESENTATION);
        }
        if (representation == ValueRepresentation.SQ) {
            return sequence(owner, length, end, encoding, depth + 1, start);
        }
        if (length == UNDEFINED_LENGTH) {
            if (tag != PIXEL_DATA.tag() && representation != ValueRepresentation.OB) {
                throw noSequence(tag, start);
            }
            return fragments(end, encoding, start);
        }
        int offset = position;
        Element value = new Element.Value(representation, window(tag, length, end, encoding, start), offset);
        skipPaddingOfOddLength(length, start, end, encoding);
        return value;
    }

    private static DicomException noSequence(int tag, int start) {
        return DicomException.at(
                start, tag, "its length is undefined, and it is neither a sequence nor encapsulated pixel data");
    }

    private void skipPaddingOfOddLength(int length, int start, int end, Encoding encoding) {
        if (length % 2 == 1
                && position < end
                && !headers.follows(position, start, end, encoding, false)
                && headers.follows(position + 1, start, end, encoding, false)) {
            notes.add(ODD_LENGTH);
            position++;
        }
    }

    private Element.Sequence sequence(
            DataSet owner, int length, int enclosingEnd, Encoding encoding, int depth, int start) {
        if (depth > DEEPEST) {
            throw DicomException.at(start, "sequences lie more than %d deep in one another".formatted(DEEPEST));
        }
        boolean open = length == UNDEFINED_LENGTH;
        int end = open ? enclosingEnd : end(SEQUENCE_DELIMITATION.tag(), length, enclosingEnd, start);
        List<DataSet> items = new ArrayList<>();
        while (position < end) {
            int itemStart = position;
            require(ITEM_HEADER, end, itemStart);
            int tag = tag(encoding);
            int itemLength = input.getInt(position + 4);
            position += ITEM_HEADER;
            if (tag == SEQUENCE_DELIMITATION.tag()) {
                if (open) {
                    return new Element.Sequence(items);
                }
                notes.add(STRAY_DELIMITER);
            } else if (tag == ITEM_DELIMITATION.tag()) {
                notes.add(STRAY_DELIMITER);
            } else if (tag == ITEM.tag()) {
                count(itemStart);
                boolean openItem = itemLength == UNDEFINED_LENGTH;
                int itemEnd = openItem ? end : end(tag, itemLength, end, itemStart);
                items.add(item(owner, itemEnd, openItem, open, encoding, depth, itemStart));
            } else {
                throw DicomException.at(itemStart, tag, "an item must stand here");
            }
        }
        if (open) {
            throw DicomException.at(start, "a sequence has no end");
        }
        return new Element.Sequence(items);
    }

    private DataSet item(
            DataSet owner, int end, boolean open, boolean inOpenSequence, Encoding encoding, int depth, int start) {
        DataSet item = new DataSet(owner);
        while (position < end) {
            require(ITEM_HEADER, end, position);
            int tag = tag(encoding);
            if (tag == ITEM_DELIMITATION.tag()) {
                position += ITEM_HEADER;
                if (open) {
                    return item;
                }
                notes.add(STRAY_DELIMITER);
            } else if (tag == SEQUENCE_DELIMITATION.tag()) {
                if (open && inOpenSequence) {
                    notes.add(NO_ITEM_END);
                    return item;
                }
                notes.add(STRAY_DELIMITER);
                position += ITEM_HEADER;
            } else {
                put(item, end, encoding, depth);
            }
        }
        if (open && inOpenSequence) {
            throw DicomException.at(start, "an item has no end");
        }
        if (open) {
            notes.add(NO_ITEM_END);
        }
        return item;
    }

    private Element.Fragments fragments(int end, Encoding encoding, int start) {
        List<ByteBuffer> parts = new ArrayList<>();
        while (position < end) {
            int itemStart = position;
            require(ITEM_HEADER, end, itemStart);
            int tag = tag(encoding);
            int length = input.getInt(position + 4);
            position += ITEM_HEADER;
            if (tag == SEQUENCE_DELIMITATION.tag()) {
                return fragments(parts, start);
            }
            if (tag != ITEM.tag()) {
                throw DicomException.at(itemStart, tag, "a fragment of the pixel data must stand here");
            }
            count(itemStart);
            parts.add(window(PIXEL_DATA.tag(), length, end, encoding, itemStart));
        }
        // The frames themselves show whether they are whole.
        notes.add(NO_FRAGMENT_END);
        return fragments(parts, start);
    }

    private Element.Fragments fragments(List<ByteBuffer> items, int start) {
        if (items.isEmpty()) {
            throw DicomException.at(start, PIXEL_DATA.tag(), "its offset table is missing");
        }
        if (FrameFragments.beginsImage(items.get(0))) {
            notes.add("The compressed pixel data has no offset table; its first item was taken as a fragment.");
            return new Element.Fragments(ByteBuffer.allocate(0), items);
        }
        return new Element.Fragments(items.get(0), items.subList(1, items.size()));
    }

    private ByteBuffer window(int tag, int length, int end, Encoding encoding, int start) {
        int to = end(tag, length, end, start);
        ByteBuffer window = input.slice(position, length).order(encoding.order());
        position = to;
        return window;
    }

    /** Where a content of this length ends, if that many bytes are left. */
    private int end(int tag, int length, int enclosingEnd, int start) {
        if (length < 0 || length > enclosingEnd - position) {
            throw DicomException.at(
                    start,
                    tag,
                    "it has %d bytes, and %d are left"
                            .formatted(Integer.toUnsignedLong(length), enclosingEnd - position));
        }
        return position + length;
    }

    private int tag(Encoding encoding) {
        input.order(encoding.order());
        return ((input.getShort(position) & 0xffff) << 16) | (input.getShort(position + 2) & 0xffff);
    }

    private void require(int bytes, int end, int start) {
        if (end - start < bytes) {
            throw DicomException.at(start, "an element is cut short");
        }
    }

    private void count(int start) {
        if (++elements > MOST_ELEMENTS) {
            throw DicomException.at(start, "there are more than %d elements".formatted(MOST_ELEMENTS));
        }
    }
}
