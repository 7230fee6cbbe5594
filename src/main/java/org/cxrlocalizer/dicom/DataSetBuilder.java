// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Puts a data set together, to be written in explicit little endian encoding. Text is written in UTF-8; where the data set
 * states another character set, it must be ASCII. Text of another data set is copied byte for byte.
 */
public final class DataSetBuilder {

    private static final int MOST_DIGITS = 10;
    private static final int LONGEST_DECIMAL = 16;
    private static final int LONGEST_SHORT = 0xfffe;

    private final TreeMap<Integer, Element> elements = new TreeMap<>(Integer::compareUnsigned);

    /** Characters: text, code strings, identifiers; none for an element without a value. */
    public DataSetBuilder text(Attribute attribute, String... values) {
        byte[] bytes = String.join("\\", values).getBytes(StandardCharsets.UTF_8);
        return bytes(attribute, bytes, attribute.representation() == ValueRepresentation.UI ? 0 : ' ');
    }

    /**
     * Numbers, binary or decimal as the attribute requires.
     *
     * @throws IllegalArgumentException if the attribute takes no numbers
     */
    public DataSetBuilder numbers(Attribute attribute, double... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        switch (attribute.representation()) {
            case US -> Arrays.stream(values).forEach(value -> buffer.putShort((short) value));
            case SL -> Arrays.stream(values).forEach(value -> buffer.putInt((int) value));
            case FL -> Arrays.stream(values).forEach(value -> buffer.putFloat((float) value));
            case DS -> {
                return text(
                        attribute,
                        Arrays.stream(values).mapToObj(DataSetBuilder::decimal).toArray(String[]::new));
            }
            case IS -> {
                // Without an exponent (PS3.5, section 6.2).
                return text(
                        attribute,
                        Arrays.stream(values)
                                .mapToObj(value -> String.valueOf(Math.round(value)))
                                .toArray(String[]::new));
            }
            default -> throw new IllegalArgumentException("%s takes no numbers".formatted(attribute));
        }
        return bytes(attribute, Arrays.copyOf(buffer.array(), buffer.position()), 0);
    }

    /**
     * With as many digits as fit into the 16 characters of a decimal string (PS3.5, section 6.2), and without an exponent where
     * that is short enough.
     */
    private static String decimal(double value) {
        String text = "0";
        for (int digits = MOST_DIGITS; value != 0 && digits > 0; digits--) {
            BigDecimal rounded =
                    new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
            text = rounded.toPlainString().length() <= LONGEST_DECIMAL ? rounded.toPlainString() : rounded.toString();
            if (text.length() <= LONGEST_DECIMAL) {
                break;
            }
        }
        return text;
    }

    /** Numbers of 16 bits, as many as there are. */
    public DataSetBuilder words(Attribute attribute, int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(value -> buffer.putShort((short) value));
        return bytes(attribute, buffer.array());
    }

    /** Bytes as they are, with a zero behind an odd number of them. */
    public DataSetBuilder bytes(Attribute attribute, byte[] value) {
        return bytes(attribute, value, 0);
    }

    /** One frame of encapsulated pixel data, in one fragment, with a zero behind an odd number of bytes (PS3.5, annex A.4). */
    public DataSetBuilder frame(Attribute attribute, byte[] value) {
        ByteBuffer fragment = ByteBuffer.wrap(Arrays.copyOf(value, value.length + value.length % 2));
        elements.put(attribute.tag(), new Element.Fragments(ByteBuffer.allocate(0), List.of(fragment)));
        return this;
    }

    private DataSetBuilder bytes(Attribute attribute, byte[] value, int padding) {
        byte[] even = Arrays.copyOf(value, value.length + value.length % 2);
        if (even.length > value.length) {
            even[value.length] = (byte) padding;
        }
        ByteBuffer content = ByteBuffer.wrap(even).order(ByteOrder.LITTLE_ENDIAN);
        elements.put(attribute.tag(), new Element.Value(attribute.representation(), content, 0));
        return this;
    }

    public DataSetBuilder items(Attribute attribute, DataSet... items) {
        return items(attribute, List.of(items));
    }

    public DataSetBuilder items(Attribute attribute, List<DataSet> items) {
        elements.put(attribute.tag(), new Element.Sequence(items));
        return this;
    }

    /**
     * Copies the text and the sequences of text that another data set has, byte for byte: decoding and encoding may make another
     * patient of one. Both must state the same character set. An element that the other lacks has no value.
     *
     * @throws DicomException if an element of the other has another structure, or is longer than this encoding allows
     */
    public DataSetBuilder copy(DataSet source, Attribute... attributes) {
        for (Attribute attribute : attributes) {
            if (source.has(attribute)) {
                elements.put(attribute.tag(), copied(source, attribute));
            } else {
                text(attribute);
            }
        }
        return this;
    }

    /** As {@link #copy}, but what the other lacks is left out. */
    public DataSetBuilder copyPresent(DataSet source, Attribute... attributes) {
        return copy(source, Arrays.stream(attributes).filter(source::has).toArray(Attribute[]::new));
    }

    private static Element copied(DataSet source, Attribute attribute) {
        Element element = source.elements().get(attribute.tag());
        if (element instanceof Element.Value value && attribute.representation() != ValueRepresentation.SQ) {
            return even(attribute.representation(), attribute, value.content());
        }
        if (element instanceof Element.Sequence sequence && attribute.representation() == ValueRepresentation.SQ) {
            return new Element.Sequence(
                    sequence.items().stream().map(DataSetBuilder::textOf).toList());
        }
        throw new DicomException("Element %s has another structure than PS3.6 states.".formatted(attribute));
    }

    /** An item without its binary elements, whose bytes may be in another order. */
    private static DataSet textOf(DataSet item) {
        DataSet copy = new DataSet(null);
        item.elements().forEach((tag, element) -> {
            if (element instanceof Element.Value value && value.representation().isText()) {
                copy.put(tag, even(value.representation(), Attribute.format(tag), value.content()));
            } else if (element instanceof Element.Sequence sequence) {
                copy.put(
                        tag,
                        new Element.Sequence(sequence.items().stream()
                                .map(DataSetBuilder::textOf)
                                .toList()));
            }
        });
        return copy;
    }

    private static Element.Value even(ValueRepresentation representation, Object element, ByteBuffer content) {
        int length = content.limit();
        if (representation.hasShortLength() && length > LONGEST_SHORT) {
            throw new DicomException("Element %s has %d bytes, and explicit encoding has at most %d."
                    .formatted(element, length, LONGEST_SHORT));
        }
        byte[] bytes = new byte[length + length % 2];
        content.get(0, bytes, 0, length);
        if (bytes.length > length) {
            bytes[length] = (byte) (representation == ValueRepresentation.UI ? 0 : ' ');
        }
        return new Element.Value(representation, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), 0);
    }

    public DataSet build() {
        DataSet dataSet = new DataSet(null);
        elements.forEach(dataSet::put);
        return dataSet;
    }
}
