// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The character repertoires that a data set names (PS3.3, section C.12.1.1.2) and how bytes become text by them (PS3.5,
 * section 6.1.2). With code extensions (ISO 2022), an escape sequence switches until the next one or the next delimiter.
 * Terms are understood as {@link CharacterSetTerm} spells them out; what is not known reads as ASCII, with replacement
 * characters.
 */
public final class CharacterSet {

    private static final byte ESCAPE = 0x1b;
    private static final String WHITE_SPACE = "\t\n\f\r";

    /** The repertoire in which each value starts. */
    private final Charset initial;

    /** Whether escape sequences switch. */
    private final boolean extensible;

    /** Those that escape sequences may switch to. */
    private final List<Repertoire> declared;

    private final boolean known;

    private CharacterSet(Charset initial, boolean extensible, List<Repertoire> declared, boolean known) {
        this.initial = initial;
        this.extensible = extensible;
        this.declared = declared;
        this.known = known;
    }

    /**
     * The repertoires of a data set.
     *
     * @param terms the values of Specific Character Set; none stands for ASCII
     */
    public static CharacterSet of(List<String> terms) {
        List<Optional<CharacterSetTerm>> read =
                terms.stream().map(CharacterSetTerm::of).toList();
        Optional<CharacterSetTerm> first = terms.isEmpty() ? CharacterSetTerm.of("") : read.get(0);
        boolean standsAlone = first.filter(CharacterSetTerm::standsAlone).isPresent();
        return new CharacterSet(
                first.map(CharacterSetTerm::charset).orElse(StandardCharsets.US_ASCII),
                !standsAlone
                        && (terms.size() > 1
                                || first.filter(CharacterSetTerm::extensible).isPresent()),
                read.stream()
                        .flatMap(Optional::stream)
                        .flatMap(term -> Stream.ofNullable(term.repertoire()))
                        .toList(),
                read.stream().allMatch(Optional::isPresent));
    }

    /** Whether every term is one of PS3.3's, or a spelling that is understood. */
    public boolean isKnown() {
        return known;
    }

    /**
     * Whether the bytes of a value become text without loss: by known terms and declared repertoires, of assigned codes, without
     * control characters. Bytes of which that does not hold have to be passed on as they are.
     *
     * @param content whose position is not moved
     */
    public boolean decodesCleanly(ByteBuffer content) {
        byte[] bytes = bytes(content);
        try {
            return known
                    && runs(bytes).stream().allMatch(Run::understood)
                    && decode(bytes, CodingErrorAction.REPORT).chars().noneMatch(CharacterSet::isStray);
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Those that no text has; zeros fill values up. */
    private static boolean isStray(int character) {
        return character == '\ufffd'
                || (Character.isISOControl(character) && character != 0 && WHITE_SPACE.indexOf(character) < 0);
    }

    String decode(ByteBuffer content) {
        try {
            return decode(bytes(content), CodingErrorAction.REPLACE);
        } catch (CharacterCodingException e) {
            throw new IllegalStateException("what cannot be decoded is replaced", e);
        }
    }

    private String decode(byte[] bytes, CodingErrorAction onError) throws CharacterCodingException {
        StringBuilder text = new StringBuilder();
        for (Run run : runs(bytes)) {
            byte[] part = Arrays.copyOfRange(bytes, run.from(), run.to());
            text.append(
                    run.repertoire() == null
                            ? decode(part, initial, onError)
                            : decode(
                                    run.repertoire().encoded(part),
                                    run.repertoire().charset(),
                                    onError));
        }
        return text.toString();
    }

    private static String decode(byte[] bytes, Charset charset, CodingErrorAction onError)
            throws CharacterCodingException {
        return charset.newDecoder()
                .onMalformedInput(onError)
                .onUnmappableCharacter(onError)
                .decode(ByteBuffer.wrap(bytes))
                .toString();
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
     * @param understood whether it is declared
     */
    private record Run(@Nullable Repertoire repertoire, int from, int to, boolean understood) {}

    private List<Run> runs(byte[] bytes) {
        if (!extensible) {
            return List.of(new Run(null, 0, bytes.length, true));
        }
        List<Run> runs = new ArrayList<>();
        @Nullable Repertoire repertoire = null;
        boolean understood = true;
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == ESCAPE) {
                runs.add(new Run(repertoire, from, i, understood));
                String sequence = sequence(bytes, i + 1);
                Optional<Repertoire> found = Repertoire.ofEscape(sequence);
                repertoire = found.orElse(Repertoire.IR_6);
                understood = found.filter(this::isDeclared).isPresent();
                from = Math.min(bytes.length, i + 1 + sequence.length());
                i = from - 1;
            } else if (isDelimiter(bytes[i]) && (repertoire == null || !repertoire.isOfPairs())) {
                // Before a delimiter, writers switch back from pairs.
                runs.add(new Run(repertoire, from, i, understood));
                repertoire = null;
                understood = true;
                from = i;
            }
        }
        runs.add(new Run(repertoire, from, bytes.length, understood));
        return runs;
    }

    private boolean isDeclared(Repertoire repertoire) {
        return repertoire == Repertoire.IR_6 || declared.contains(repertoire);
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
