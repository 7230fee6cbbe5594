// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;

/** The value representations of PS3.5, table 6.2-1. */
enum ValueRepresentation {
    AE,
    AS,
    AT,
    CS,
    DA,
    DS,
    DT,
    FD,
    FL,
    IS,
    LO,
    LT,
    OB,
    OD,
    OF,
    OL,
    OV,
    OW,
    PN,
    SH,
    SL,
    SQ,
    SS,
    ST,
    SV,
    TM,
    UC,
    UI,
    UL,
    UN,
    UR,
    US,
    UT,
    UV;

    private static final Map<String, ValueRepresentation> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Enum::name, Function.identity()));

    /** The one of two capital letters; those that PS3.5 does not have yet are unknown (section 6.2.2). */
    static ValueRepresentation of(int first, int second) {
        return BY_NAME.getOrDefault(new String(new char[] {(char) first, (char) second}), UN);
    }

    static boolean isKnown(int first, int second) {
        return BY_NAME.containsKey(new String(new char[] {(char) first, (char) second}));
    }

    /** Whether values are characters, which no byte order changes. */
    boolean isText() {
        return switch (this) {
            case AE, AS, CS, DA, DS, DT, IS, LO, LT, PN, SH, ST, TM, UC, UI, UR, UT -> true;
            default -> false;
        };
    }

    /** Whether values of one representation have the same bytes as those of another, but for padding and order. */
    boolean isLike(ValueRepresentation other) {
        boolean words = isOfWords() && other.isOfWords();
        boolean bytes = (this == OB || this == OW) && (other == OB || other == OW);
        return this == other || this == UN || other == UN || words || bytes || (isText() && other.isText());
    }

    private boolean isOfWords() {
        return this == US || this == SS || this == OW;
    }

    /** Whether values are binary numbers. */
    boolean isNumeric() {
        return switch (this) {
            case FD, FL, OD, OF, OL, SL, SS, UL, US -> true;
            default -> false;
        };
    }

    /**
     * The binary numbers in a content of this representation.
     *
     * @throws IllegalStateException if it is not numeric
     */
    double[] numbers(ByteBuffer content) {
        return switch (this) {
            case FD, OD -> numbers(content, 8, content::getDouble);
            case FL, OF -> numbers(content, 4, content::getFloat);
            case SL -> numbers(content, 4, content::getInt);
            case UL, OL -> numbers(content, 4, at -> Integer.toUnsignedLong(content.getInt(at)));
            case SS -> numbers(content, 2, content::getShort);
            case US -> numbers(content, 2, at -> content.getShort(at) & 0xffff);
            default -> throw new IllegalStateException("%s has no binary numbers".formatted(this));
        };
    }

    private static double[] numbers(ByteBuffer content, int size, IntToDoubleFunction number) {
        double[] numbers = new double[content.limit() / size];
        Arrays.setAll(numbers, i -> number.applyAsDouble(size * i));
        return numbers;
    }

    /** Whether the length has 16 bits in explicit encodings (PS3.5, section 7.1.2), and not 32 after two spare bytes. */
    boolean hasShortLength() {
        return switch (this) {
            case OB, OD, OF, OL, OV, OW, SQ, SV, UC, UN, UR, UT, UV -> false;
            default -> true;
        };
    }
}
