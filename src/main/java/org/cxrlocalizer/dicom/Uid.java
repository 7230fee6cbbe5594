// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.util.regex.Pattern;

/** Unique identifiers as text (PS3.5, section 9). */
public final class Uid {

    /** Digits and dots, at most {@value #LONGEST} (PS3.5, section 9.1); real files break its rule of leading zeros. */
    public static final String PATTERN = "[0-9]+(\\.[0-9]+)*";

    public static final int LONGEST = 64;

    private static final Pattern COMPILED = Pattern.compile(PATTERN);

    private Uid() {}

    /** Returns whether the text is a UID, and so has nothing that an address would be changed by. */
    public static boolean isValid(String text) {
        return text.length() <= LONGEST && COMPILED.matcher(text).matches();
    }

    /** Removes what fills a UID up to an even length: a zero by PS3.5, section 9.1, and a space of some writers. */
    public static String withoutPadding(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == 0 || text.charAt(end - 1) == ' ')) {
            end--;
        }
        return text.substring(0, end);
    }
}
