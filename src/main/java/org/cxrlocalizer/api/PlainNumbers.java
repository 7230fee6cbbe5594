// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.util.regex.Pattern;
import org.springframework.core.convert.converter.Converter;
import org.springframework.format.FormatterRegistry;

/** Numbers of parameters as the OpenAPI document has them, in decimal digits. Java's own forms, as 0x1p-1 or 1.0f, are not taken. */
final class PlainNumbers {

    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,10}");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");

    private PlainNumbers() {}

    static void addTo(FormatterRegistry registry) {
        registry.addConverter(String.class, Integer.class, (Converter<String, Integer>) PlainNumbers::integer);
        registry.addConverter(String.class, Double.class, (Converter<String, Double>) PlainNumbers::decimal);
    }

    private static Integer integer(String text) {
        return Integer.valueOf(matching(text, INTEGER));
    }

    private static Double decimal(String text) {
        return Double.valueOf(matching(text, DECIMAL));
    }

    private static String matching(String text, Pattern form) {
        if (!form.matcher(text).matches()) {
            throw new NumberFormatException("not a decimal number");
        }
        return text;
    }
}
