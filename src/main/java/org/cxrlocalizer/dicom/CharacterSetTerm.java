// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value of Specific Character Set (PS3.3, section C.12.1.1.2), as writers spell it: with other separators, in lower case,
 * without a prefix ({@code ISO-IR 100}, {@code ISO_IR192}), or by the charset's usual name ({@code utf8}, {@code LATIN1}).
 *
 * @param charset reads a value from its start
 * @param repertoire null for a charset that DICOM does not have
 * @param extensible whether escape sequences belong to it
 */
record CharacterSetTerm(Charset charset, @Nullable Repertoire repertoire, boolean extensible) {

    private static final byte[] LETTERS_AND_DIGITS =
            " 0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZ^abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);

    /** The term that a spelling stands for; an empty one stands for ASCII. */
    static Optional<CharacterSetTerm> of(String spelling) {
        String compact = spelling.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
        if (compact.isEmpty()) {
            return spelling.isBlank() ? Optional.of(of(Repertoire.IR_6, false)) : Optional.empty();
        }
        boolean extensible = compact.startsWith("ISO2022");
        String name =
                compact.replaceFirst("^ISO2022", "").replaceFirst("^ISO", "").replaceFirst("^IR", "");
        return Arrays.stream(Repertoire.values())
                .filter(repertoire -> repertoire.isCalled(name))
                .findFirst()
                .map(repertoire -> of(repertoire, extensible))
                .or(() -> charset(spelling.strip())
                        .or(() -> charset(compact))
                        .or(() -> charset(name.replaceFirst("^8859", "ISO-8859-")))
                        .or(() -> charset(name.replaceFirst("^(WINDOWS|WIN|ANSI|CP)(?=\\d)", "windows-")))
                        .map(charset -> ofCharset(charset, extensible)));
    }

    /** Whether no escape sequences are read whatever terms follow. */
    boolean standsAlone() {
        return repertoire == null || !repertoire.isExtensible();
    }

    private static CharacterSetTerm of(Repertoire repertoire, boolean spelledExtensible) {
        return new CharacterSetTerm(
                repertoire.initial(),
                repertoire,
                repertoire.isExtensible() && (spelledExtensible || repertoire.isOfManyBytes()));
    }

    private static CharacterSetTerm ofCharset(Charset charset, boolean spelledExtensible) {
        return Arrays.stream(Repertoire.values())
                .filter(repertoire -> repertoire.initial().equals(charset))
                .findFirst()
                .map(repertoire -> of(repertoire, spelledExtensible))
                .orElseGet(() -> new CharacterSetTerm(charset, null, false));
    }

    /** A charset of Java's, in which letters and digits are ASCII's: not UTF-16, for one. */
    private static Optional<Charset> charset(String name) {
        try {
            return Optional.of(name)
                    .filter(Charset::isSupported)
                    .map(Charset::forName)
                    .filter(charset -> new String(LETTERS_AND_DIGITS, charset)
                            .equals(new String(LETTERS_AND_DIGITS, StandardCharsets.US_ASCII)));
        } catch (IllegalCharsetNameException e) {
            return Optional.empty();
        }
    }
}
