// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Data elements by tag, in the order of the file. Values stay bytes until they are requested; what is missing or empty is not
 * there.
 */
public final class DataSet {

    /** No element that we use has so many; each costs an object, however short it is. */
    private static final int MOST_VALUES = 1024;

    private final @Nullable DataSet parent;
    private final Map<Integer, Element> elements = new LinkedHashMap<>();
    private int lastTag;

    /** @param parent the data set of whose sequences this is an item; it hands down its character set */
    DataSet(@Nullable DataSet parent) {
        this.parent = parent;
    }

    void put(int tag, Element element) {
        elements.put(tag, element);
        lastTag = tag;
    }

    /** The tag of the element that was put last; 0 of none. */
    int lastTag() {
        return lastTag;
    }

    Map<Integer, Element> elements() {
        return elements;
    }

    /** How many elements there are, those of sequences not counted. */
    int size() {
        return elements.size();
    }

    /** Whether an element is there and not empty. */
    public boolean has(Attribute attribute) {
        Element element = elements.get(attribute.tag());
        return element != null
                && !(element instanceof Element.Value value && value.content().limit() == 0)
                && !(element instanceof Element.Sequence sequence
                        && sequence.items().isEmpty());
    }

    /** The values of code strings, identifiers and the like, of which no character set needs to be known. */
    public List<String> strings(Attribute attribute) {
        Element.@Nullable Value value = value(attribute);
        if (value == null) {
            return List.of();
        }
        String all =
                StandardCharsets.ISO_8859_1.decode(value.content().duplicate()).toString();
        return Arrays.stream(all.split("\\\\", MOST_VALUES)).map(DataSet::trim).toList();
    }

    /** The first value; empty too if it is all spaces. */
    public Optional<String> string(Attribute attribute) {
        return strings(attribute).stream()
                .limit(1)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /** The first value, which must be there. */
    public String requiredString(Attribute attribute) {
        return string(attribute).orElseThrow(() -> new DicomException("Element %s is missing.".formatted(attribute)));
    }

    /** Text as people wrote it, by the data set's own character set or the one that it inherits (PS3.3, section C.12.1.1.2). */
    public Optional<String> text(Attribute attribute) {
        Element.@Nullable Value value = value(attribute);
        return value == null
                ? Optional.empty()
                : Optional.of(trim(characterSet().decode(value.content().duplicate())));
    }

    /** The character set of text: the data set's own, or the one that it inherits. */
    public CharacterSet characterSet() {
        return CharacterSet.of(characterSetTerms());
    }

    private List<String> characterSetTerms() {
        List<String> terms = strings(Attribute.SPECIFIC_CHARACTER_SET);
        return terms.isEmpty() && parent != null ? parent.characterSetTerms() : terms;
    }

    /** The values of decimal or integer strings, or of binary numbers; NaN for one that is no number. */
    public double[] decimals(Attribute attribute) {
        Element.@Nullable Value value = value(attribute);
        if (value == null) {
            return new double[0];
        }
        ValueRepresentation stated = value.representation();
        ValueRepresentation due = attribute.representation();
        // Text is text, and numbers are numbers, whatever is stated of them.
        boolean isText = DecimalString.isLike(value.content());
        boolean isWrong =
                stated.isText() ? due.isNumeric() && !isText : !stated.isNumeric() || (due.isText() && isText);
        ValueRepresentation representation = isWrong ? due : stated;
        return representation.isNumeric()
                ? representation.numbers(value.content())
                : strings(attribute).stream().mapToDouble(DecimalString::parse).toArray();
    }

    /** The first value as a number; empty if it is missing, or no number. */
    public OptionalDouble decimal(Attribute attribute) {
        double[] numbers = decimals(attribute);
        return numbers.length == 0 || Double.isNaN(numbers[0]) ? OptionalDouble.empty() : OptionalDouble.of(numbers[0]);
    }

    /**
     * The first whole number, if there is one.
     *
     * @throws DicomException if the element has a value that is none
     */
    public OptionalInt integer(Attribute attribute) {
        double[] numbers = decimals(attribute);
        if (numbers.length == 0) {
            return OptionalInt.empty();
        }
        if (numbers[0] != Math.rint(numbers[0]) || Math.abs(numbers[0]) > Integer.MAX_VALUE) {
            throw new DicomException("Element %s is not an integer.".formatted(attribute));
        }
        return OptionalInt.of((int) numbers[0]);
    }

    /**
     * Returns the number of frames of the pixel data: Number of Frames, or 1 where that is missing or unusable, or where compressed
     * pixel data holds one image.
     */
    public int numberOfFrames() {
        if (elements.get(Attribute.PIXEL_DATA.tag()) instanceof Element.Fragments fragments
                && FrameFragments.isOneImage(fragments)) {
            return 1;
        }
        double frames = decimal(Attribute.NUMBER_OF_FRAMES).orElse(1);
        return frames >= 1 && frames <= Integer.MAX_VALUE && frames == Math.rint(frames) ? (int) frames : 1;
    }

    /** A whole number that must be there. */
    public int requiredInteger(Attribute attribute) {
        return integer(attribute).orElseThrow(() -> new DicomException("Element %s is missing.".formatted(attribute)));
    }

    /** The 16-bit numbers of an element as they are stored, whichever sign it states. */
    public int[] words(Attribute attribute) {
        Element.@Nullable Value value = value(attribute);
        if (value == null) {
            return new int[0];
        }
        if (value.representation().isText() && DecimalString.isLike(value.content())) {
            return Arrays.stream(decimals(attribute))
                    .mapToInt(number -> (int) number & 0xffff)
                    .toArray();
        }
        int[] words = new int[value.content().limit() / 2];
        Arrays.setAll(words, i -> value.content().getShort(2 * i) & 0xffff);
        return words;
    }

    /**
     * The bytes of an element as a little-endian writer would have stored them: in big endian, bytes of 16-bit words are
     * exchanged (PS3.5, annex A.3).
     */
    public Optional<ByteBuffer> bytes(Attribute attribute) {
        Element.@Nullable Value value = value(attribute);
        if (value == null) {
            return Optional.empty();
        }
        ByteBuffer content = value.content();
        boolean ofWords = value.representation() == ValueRepresentation.OW
                || value.representation() == ValueRepresentation.US
                || value.representation() == ValueRepresentation.SS;
        if (content.order() == ByteOrder.LITTLE_ENDIAN || !ofWords) {
            return Optional.of(content.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        }
        ByteBuffer exchanged = ByteBuffer.allocate(content.limit() & ~1).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i + 1 < content.limit(); i += 2) {
            exchanged.putShort(i, content.getShort(i));
        }
        return Optional.of(exchanged);
    }

    /** The items of a sequence; none if it is missing or empty. */
    public List<DataSet> items(Attribute attribute) {
        return elements.get(attribute.tag()) instanceof Element.Sequence sequence ? sequence.items() : List.of();
    }

    /**
     * The bytes of one frame of compressed pixel data, its fragments joined.
     *
     * @param frame from 0
     * @throws DicomException if the pixel data is not encapsulated, or where its frames begin is unknown
     */
    public byte[] encapsulatedFrame(int frame, int frames) {
        if (elements.get(Attribute.PIXEL_DATA.tag()) instanceof Element.Fragments fragments) {
            return FrameFragments.join(fragments, this, frame, frames);
        }
        throw new DicomException("Element %s is missing, or not in fragments.".formatted(Attribute.PIXEL_DATA));
    }

    /** Whether the pixel data is compressed, by its structure (PS3.5, annex A.4). */
    public boolean isEncapsulated() {
        return elements.get(Attribute.PIXEL_DATA.tag()) instanceof Element.Fragments;
    }

    /** Whether it has the same elements with the same content. */
    boolean hasSameContent(DataSet other) {
        return elements.keySet().equals(other.elements.keySet())
                && elements.entrySet().stream()
                        .allMatch(entry -> entry.getValue().hasSameContent(other.elements.get(entry.getKey())));
    }

    private Element.@Nullable Value value(Attribute attribute) {
        return elements.get(attribute.tag()) instanceof Element.Value value
                        && value.content().limit() > 0
                ? value
                : null;
    }

    /** Values are filled up to even lengths with a space or a zero (PS3.5, section 6.2). */
    private static String trim(String value) {
        int end = value.length();
        while (end > 0 && (value.charAt(end - 1) == 0 || value.charAt(end - 1) == ' ')) {
            end--;
        }
        return value.substring(0, end).stripLeading();
    }
}
