package org.cxrlocalizer.dicom;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Puts a data set together, to be written in explicit little endian encoding. Text is in UTF-8 (ISO_IR 192). */
public final class DataSetBuilder {

    private static final int MOST_DIGITS = 10;
    private static final int LONGEST_DECIMAL = 16;

    private final TreeMap<Integer, Element> elements = new TreeMap<>(Integer::compareUnsigned);

    /** Characters: text, code strings, identifiers; none for an element without a value. */
    public DataSetBuilder text(Attribute attribute, String... values) {
        byte[] bytes = String.join("\\", values).getBytes(StandardCharsets.UTF_8);
        return bytes(attribute, bytes, attribute.representation() == ValueRepresentation.UI ? 0 : ' ');
    }

    /**
     * Numbers, binary or decimal as the attribute wants them.
     *
     * @throws IllegalArgumentException if the attribute takes no numbers
     */
    public DataSetBuilder numbers(Attribute attribute, double... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        switch (attribute.representation()) {
            case US -> Arrays.stream(values).forEach(value -> buffer.putShort((short) value));
            case SL -> Arrays.stream(values).forEach(value -> buffer.putInt((int) value));
            case FL -> Arrays.stream(values).forEach(value -> buffer.putFloat((float) value));
            case DS, IS -> {
                return text(
                        attribute,
                        Arrays.stream(values).mapToObj(DataSetBuilder::decimal).toArray(String[]::new));
            }
            default -> throw new IllegalArgumentException("%s takes no numbers".formatted(attribute));
        }
        return bytes(attribute, Arrays.copyOf(buffer.array(), buffer.position()), 0);
    }

    /** With as many digits as fit into the 16 characters of a decimal string (PS3.5, section 6.2). */
    private static String decimal(double value) {
        String text = "0";
        for (int digits = MOST_DIGITS; value != 0 && digits > 0; digits--) {
            text = new BigDecimal(value)
                    .round(new MathContext(digits))
                    .stripTrailingZeros()
                    .toString();
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

    /** What another data set has, in its own characters; without a value where it has none. */
    public DataSetBuilder copy(DataSet source, Attribute... attributes) {
        for (Attribute attribute : attributes) {
            text(attribute, source.text(attribute).orElse(""));
        }
        return this;
    }

    /** As {@link #copy}, but what the other lacks is left out. */
    public DataSetBuilder copyPresent(DataSet source, Attribute... attributes) {
        List<Attribute> present = Arrays.stream(attributes)
                .filter(attribute -> source.text(attribute).isPresent())
                .collect(Collectors.toList());
        return copy(source, present.toArray(Attribute[]::new));
    }

    public DataSet build() {
        DataSet dataSet = new DataSet(null);
        elements.forEach(dataSet::put);
        return dataSet;
    }
}
