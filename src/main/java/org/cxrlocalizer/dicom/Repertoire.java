// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The character repertoires of PS3.3, tables C.12-2 to C.12-5, with the escape sequences that switch to them (ISO 2022). */
enum Repertoire {
    IR_6("US-ASCII", null, "(B"),
    IR_13("JIS_X0201", null, "(J )I"),
    IR_58("GB2312", null, "$)A"),
    IR_87("EUC-JP", "", "$B"),
    IR_100("ISO-8859-1", null, "-A"),
    IR_101("ISO-8859-2", null, "-B"),
    IR_109("ISO-8859-3", null, "-C"),
    IR_110("ISO-8859-4", null, "-D"),
    IR_126("ISO-8859-7", null, "-F"),
    IR_127("ISO-8859-6", null, "-G"),
    IR_138("ISO-8859-8", null, "-H"),
    IR_144("ISO-8859-5", null, "-L"),
    IR_148("ISO-8859-9", null, "-M"),
    IR_149("EUC-KR", null, "$)C"),
    IR_159("EUC-JP", "\u008f", "$(D"),
    IR_166("TIS-620", null, "-T"),
    IR_192("UTF-8", null, ""),
    IR_203("ISO-8859-15", null, "-b"),
    GB18030("GB18030", null, ""),
    GBK("GBK", null, "");

    private final String charset;
    private final @Nullable String pairPrefix;
    private final String escapes;

    /**
     * @param pairPrefix precedes each pair of bytes in EUC, where characters are pairs of 7-bit bytes; else null
     * @param escapes the sequences that switch to it, with a space between two
     */
    Repertoire(String charset, @Nullable String pairPrefix, String escapes) {
        this.charset = charset;
        this.pairPrefix = pairPrefix;
        this.escapes = escapes;
    }

    /** The repertoire that an escape sequence, given without the escape itself, switches to. */
    static Optional<Repertoire> ofEscape(String sequence) {
        for (Repertoire repertoire : values()) {
            if (!sequence.isEmpty() && List.of(repertoire.escapes.split(" ")).contains(sequence)) {
                return Optional.of(repertoire);
            }
        }
        return Optional.empty();
    }

    /** Whether it has this name in capitals: its registration number, or that of a standard that is the same, or its own. */
    boolean isCalled(String candidate) {
        String own = name().replace("IR_", "");
        return own.equals(candidate) || (this == IR_6 && candidate.matches("646|(US)?ASCII"));
    }

    /** Reads what {@link #encoded} gives. */
    Charset charset() {
        return Charset.isSupported(charset) ? Charset.forName(charset) : StandardCharsets.US_ASCII;
    }

    /** Reads a value from its start: ASCII where only an escape sequence reaches the repertoire. */
    Charset initial() {
        return isOfPairs() ? StandardCharsets.US_ASCII : charset();
    }

    /** Whether code extensions may stand beside it: not beside those of PS3.3, table C.12-5. */
    boolean isExtensible() {
        return !escapes.isEmpty();
    }

    /** Whether a character may have more than one byte behind an escape sequence. */
    boolean isOfManyBytes() {
        return escapes.startsWith("$");
    }

    /** Whether characters are pairs of 7-bit bytes, so that delimiters are halves of characters. */
    boolean isOfPairs() {
        return pairPrefix != null;
    }

    /** Bytes behind an escape sequence as the charset has them: pairs get the eighth bit, and a prefix. */
    byte[] encoded(byte[] bytes) {
        if (pairPrefix == null) {
            return bytes;
        }
        StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            pairs.append(i % 2 == 0 ? pairPrefix : "").append((char) ((bytes[i] & 0xff) | 0x80));
        }
        return pairs.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
