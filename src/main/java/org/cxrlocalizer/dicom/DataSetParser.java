package org.cxrlocalizer.dicom;

import static org.cxrlocalizer.dicom.Attribute.ITEM;
import static org.cxrlocalizer.dicom.Attribute.ITEM_DELIMITATION;
import static org.cxrlocalizer.dicom.Attribute.PIXEL_DATA;
import static org.cxrlocalizer.dicom.Attribute.SEQUENCE_DELIMITATION;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads data elements one after the other (PS3.5, section 7). Nothing is copied: values are windows on the bytes. Every
 * length is compared with what is left of the enclosing item before it is used; depth and number of elements are limited,
 * because each costs a stack frame or an object whatever its length.
 */
final class DataSetParser {

    private static final int DEEPEST = 32;
    private static final int MOST_ELEMENTS = 200_000;
    private static final int UNDEFINED_LENGTH = -1;

    private final ByteBuffer input;
    private int position;
    private int elements;

    private DataSetParser(byte[] bytes, int from) {
        input = ByteBuffer.wrap(bytes);
        position = from;
    }

    /** A data set and where it ended. */
    record Parsed(DataSet dataSet, int end) {}

    /** The data set from an offset to the end of the bytes, or to the zeros that fill them up. */
    static DataSet parse(byte[] bytes, int from, Encoding encoding) {
        return new DataSetParser(bytes, from).dataSet(null, bytes.length, encoding, -1, 0);
    }

    /** The elements of one group only, as the file meta information is. */
    static Parsed parseGroup(byte[] bytes, int from, Encoding encoding, int group) {
        DataSetParser parser = new DataSetParser(bytes, from);
        DataSet dataSet = parser.dataSet(null, bytes.length, encoding, group, 0);
        return new Parsed(dataSet, parser.position);
    }

    /** @param group the only one to be read; all for -1 */
    private DataSet dataSet(@Nullable DataSet parent, int end, Encoding encoding, int group, int depth) {
        DataSet dataSet = new DataSet(parent);
        int previous = 0;
        while (position < end) {
            if (depth == 0 && isPadding(end)) {
                position = end;
                break;
            }
            int start = position;
            require(8, end, start);
            int tag = tag(encoding);
            if (tag == ITEM_DELIMITATION.tag()) {
                if (depth == 0) {
                    throw DicomException.at(start, tag, "an item ends that did not begin");
                }
                position += 8;
                return dataSet;
            }
            if (group >= 0 && tag >>> 16 != group) {
                return dataSet;
            }
            if (tag >>> 16 == 0 || tag >>> 16 == ITEM.tag() >>> 16) {
                throw DicomException.at(start, tag, "it has no place among the elements of a data set");
            }
            if (Integer.compareUnsigned(tag, previous) <= 0) {
                throw DicomException.at(
                        start,
                        tag,
                        "elements must be in ascending order, and this follows " + Attribute.format(previous));
            }
            previous = tag;
            count(start);
            position += 4;
            dataSet.put(tag, element(dataSet, tag, end, encoding, depth));
        }
        return dataSet;
    }

    /** Some writers fill files up with zeros; as an element, zeros would be out of order. */
    private boolean isPadding(int end) {
        for (int i = position; i < end; i++) {
            if (input.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private Element element(DataSet owner, int tag, int end, Encoding encoding, int depth) {
        int start = position - 4;
        Attribute known = Attribute.of(tag);
        ValueRepresentation representation = known == null ? ValueRepresentation.UN : known.representation();
        int length;
        if (encoding.explicit()) {
            int first = input.get(position) & 0xff;
            int second = input.get(position + 1) & 0xff;
            if (!isLetter(first) || !isLetter(second)) {
                throw DicomException.at(start, tag, "two capital letters must state its value representation");
            }
            ValueRepresentation stated = ValueRepresentation.of(first, second);
            if (stated.hasShortLength()) {
                length = input.order(encoding.order()).getShort(position + 2) & 0xffff;
                position += 4;
            } else {
                require(12, end, start);
                length = input.order(encoding.order()).getInt(position + 4);
                position += 8;
            }
            if (stated == ValueRepresentation.UN && length == UNDEFINED_LENGTH) {
                // PS3.5, section 6.2.2, note 4: its writer had it in implicit encoding.
                return sequence(owner, length, end, Encoding.IMPLICIT_LITTLE, depth + 1, start);
            }
            if (stated != ValueRepresentation.UN) {
                representation = stated;
            } else if (representation == ValueRepresentation.SQ) {
                return sequence(owner, length, end, Encoding.IMPLICIT_LITTLE, depth + 1, start);
            }
        } else {
            length = input.order(encoding.order()).getInt(position);
            position += 4;
            if (length == UNDEFINED_LENGTH && known == null) {
                representation = ValueRepresentation.SQ;
            }
        }
        if (representation == ValueRepresentation.SQ) {
            return sequence(owner, length, end, encoding, depth + 1, start);
        }
        if (length == UNDEFINED_LENGTH) {
            if (tag != PIXEL_DATA.tag() || !encoding.explicit()) {
                throw DicomException.at(
                        start,
                        tag,
                        "its length is undefined, and it is neither a sequence nor" + " encapsulated pixel data");
            }
            return fragments(end, encoding, start);
        }
        int offset = position;
        return new Element.Value(representation, window(tag, length, end, encoding, start), offset);
    }

    private static boolean isLetter(int character) {
        return character >= 'A' && character <= 'Z';
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
            require(8, end, itemStart);
            int tag = tag(encoding);
            int itemLength = input.getInt(position + 4);
            position += 8;
            if (tag == SEQUENCE_DELIMITATION.tag()) {
                if (!open) {
                    position = end;
                }
                return new Element.Sequence(items);
            }
            if (tag != ITEM.tag()) {
                throw DicomException.at(itemStart, tag, "an item must stand here");
            }
            count(itemStart);
            int itemEnd = itemLength == UNDEFINED_LENGTH ? end : end(tag, itemLength, end, itemStart);
            items.add(item(owner, itemEnd, itemLength == UNDEFINED_LENGTH, encoding, depth, itemStart));
        }
        if (open) {
            throw DicomException.at(start, "a sequence has no end");
        }
        return new Element.Sequence(items);
    }

    private DataSet item(DataSet owner, int end, boolean open, Encoding encoding, int depth, int start) {
        DataSet item = dataSet(owner, end, encoding, -1, depth);
        if (open && (position < 8 || tagAt(position - 8, encoding) != ITEM_DELIMITATION.tag())) {
            throw DicomException.at(start, "an item has no end");
        }
        if (!open) {
            position = end;
        }
        return item;
    }

    private Element.Fragments fragments(int end, Encoding encoding, int start) {
        @Nullable ByteBuffer offsetTable = null;
        List<ByteBuffer> parts = new ArrayList<>();
        while (position < end) {
            int itemStart = position;
            require(8, end, itemStart);
            int tag = tag(encoding);
            int length = input.getInt(position + 4);
            position += 8;
            if (tag == SEQUENCE_DELIMITATION.tag()) {
                if (offsetTable == null) {
                    throw DicomException.at(start, PIXEL_DATA.tag(), "its offset table is missing");
                }
                return new Element.Fragments(offsetTable, parts);
            }
            if (tag != ITEM.tag()) {
                throw DicomException.at(itemStart, tag, "a fragment of the pixel data must stand here");
            }
            count(itemStart);
            ByteBuffer part = window(PIXEL_DATA.tag(), length, end, encoding, itemStart);
            if (offsetTable == null) {
                offsetTable = part;
            } else {
                parts.add(part);
            }
        }
        throw DicomException.at(start, PIXEL_DATA.tag(), "its fragments have no end");
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
        return tagAt(position, encoding);
    }

    private int tagAt(int offset, Encoding encoding) {
        input.order(encoding.order());
        return ((input.getShort(offset) & 0xffff) << 16) | (input.getShort(offset + 2) & 0xffff);
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
