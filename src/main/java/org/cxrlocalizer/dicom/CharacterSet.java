// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The character repertoires that a data set names (PS3.3, section C.12.1.1.2) and how bytes become text by them (PS3.5,
 * section 6.1.2). With code extensions (ISO 2022), an escape sequence switches until the next one or the next delimiter.
 * Terms are understood as {@link CharacterSetTerm} spells them out; what is not known reads as ASCII, with replacement
 * characters.
 */
public final class CharacterSet {

    private static final byte ESCAPE = 0x1b;

    /** The repertoire in which each value starts. */
    private final Charset initial;

    /** Whether escape sequences switch. */
    private final boolean extensible;

    private CharacterSet(Charset initial, boolean extensible) {
        this.initial = initial;
        this.extensible = extensible;
    }

    /**
     * The repertoires of a data set.
     *
     * @param terms the values of Specific Character Set; none stands for ASCII
     */
    public static CharacterSet of(List<String> terms) {
        Optional<CharacterSetTerm> first = CharacterSetTerm.of(terms.isEmpty() ? "" : terms.get(0));
        boolean standsAlone = first.filter(CharacterSetTerm::standsAlone).isPresent();
        return new CharacterSet(
                first.map(CharacterSetTerm::charset).orElse(StandardCharsets.US_ASCII),
                !standsAlone
                        && (terms.size() > 1
                                || first.filter(CharacterSetTerm::extensible).isPresent()));
    }

    String decode(ByteBuffer content) {
        byte[] bytes = bytes(content);
        StringBuilder text = new StringBuilder();
        for (Run run : runs(bytes)) {
            byte[] part = Arrays.copyOfRange(bytes, run.from(), run.to());
            // What cannot be decoded becomes replacement characters.
            text.append(
                    run.repertoire() == null
                            ? new String(part, initial)
                            : new String(
                                    run.repertoire().encoded(part),
                                    run.repertoire().charset()));
        }
        return text.toString();
    }

    private static byte[] bytes(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.get(content.position(), bytes);
        return bytes;
    }

    /**
     * A stretch of bytes in one repertoire.
     *
     * @param repertoire the initial one if null
     */
    private record Run(@Nullable Repertoire repertoire, int from, int to) {}

    private List<Run> runs(byte[] bytes) {
        if (!extensible) {
            return List.of(new Run(null, 0, bytes.length));
        }
        List<Run> runs = new ArrayList<>();
        @Nullable Repertoire repertoire = null;
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == ESCAPE) {
                runs.add(new Run(repertoire, from, i));
                String sequence = sequence(bytes, i + 1);
                repertoire = Repertoire.ofEscape(sequence).orElse(Repertoire.IR_6);
                from = Math.min(bytes.length, i + 1 + sequence.length());
                i = from - 1;
            } else if (isDelimiter(bytes[i]) && (repertoire == null || !repertoire.isOfPairs())) {
                // Before a delimiter, writers switch back from pairs.
                runs.add(new Run(repertoire, from, i));
                repertoire = null;
                from = i;
            }
        }
        runs.add(new Run(repertoire, from, bytes.length));
        return runs;
    }

    /** Intermediate bytes 2/0 to 2/15, then a final one (ISO/IEC 2022). */
    private static String sequence(byte[] bytes, int from) {
        int to = from;
        while (to < bytes.length && bytes[to] >= 0x20 && bytes[to] < 0x30) {
            to++;
        }
        return new String(bytes, from, Math.min(bytes.length, to + 1) - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean isDelimiter(byte value) {
        return value == '\\' || value == '^' || value == '=' || value == '\r' || value == '\n' || value == '\t';
    }
}
