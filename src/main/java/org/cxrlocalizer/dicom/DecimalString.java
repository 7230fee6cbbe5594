// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.regex.Pattern;

/** Decimal and integer strings (PS3.5, section 6.2). A comma is read as the decimal point that some countries write so. */
final class DecimalString {

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?+(?:[0-9]++(?:\\.[0-9]*+)?+|\\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+");

    /** A comma with three digits behind, as in {@code 2,048}. */
    private static final Pattern THOUSANDS = Pattern.compile("[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+");

    /** What some writers leave around a number, besides the spaces that fill it up. */
    private static final String AROUND = " \t\r\n";

    private DecimalString() {}

    /** Whether all bytes are characters of such strings, one of them a digit. */
    static boolean isLike(ByteBuffer content) {
        boolean hasDigit = false;
        for (int i = 0; i < content.limit(); i++) {
            int character = content.get(i);
            hasDigit |= character >= '0' && character <= '9';
            if ("0123456789+-.,eE\\ ".indexOf(character) < 0) {
                return false;
            }
        }
        return hasDigit;
    }

    /**
     * Whether commas of numbers that belong together may be those of thousands: each that is there has three digits behind. One
     * with another number of digits behind shows that they are decimal.
     */
    static boolean mayHaveThousands(List<String> texts) {
        List<String> withComma =
                texts.stream().filter(text -> text.indexOf(',') >= 0).toList();
        return !withComma.isEmpty()
                && withComma.stream()
                        .allMatch(text -> THOUSANDS.matcher(stripped(text)).matches());
    }

    /** The number that a text states; NaN if it states none, or one beyond all limits. */
    static double parse(String text) {
        String pointed = stripped(text).replace(',', '.');
        if (!NUMBER.matcher(pointed).matches()) {
            return Double.NaN;
        }
        double number = Double.parseDouble(pointed);
        return Double.isFinite(number) ? number : Double.NaN;
    }

    private static String stripped(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && AROUND.indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && AROUND.indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        return text.substring(from, to);
    }
}
