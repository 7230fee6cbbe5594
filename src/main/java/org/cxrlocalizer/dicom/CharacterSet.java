package org.cxrlocalizer.dicom;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The character repertoires that a data set names (PS3.3, section C.12.1.1.2) and how bytes become text by them (PS3.5,
 * section 6.1.2). With code extensions (ISO 2022), an escape sequence switches until the next one or the next delimiter.
 * What is not known reads as ASCII, with replacement characters.
 *
 * @param initial the repertoire in which each value starts
 * @param extensible whether escape sequences switch
 */
record CharacterSet(Charset initial, boolean extensible) {

    private static final byte ESCAPE = 0x1b;

    /** Java names of the defined terms, those of single-byte repertoires with and without code extensions. */
    private static final Map<String, String> TERMS = Map.ofEntries(
            Map.entry("100", "ISO-8859-1"),
            Map.entry("101", "ISO-8859-2"),
            Map.entry("109", "ISO-8859-3"),
            Map.entry("110", "ISO-8859-4"),
            Map.entry("126", "ISO-8859-7"),
            Map.entry("127", "ISO-8859-6"),
            Map.entry("138", "ISO-8859-8"),
            Map.entry("144", "ISO-8859-5"),
            Map.entry("148", "ISO-8859-9"),
            Map.entry("166", "TIS-620"),
            Map.entry("203", "ISO-8859-15"),
            Map.entry("13", "JIS_X0201"),
            Map.entry("192", "UTF-8"),
            Map.entry("GB18030", "GB18030"),
            Map.entry("GBK", "GBK"));

    /** What follows an escape (PS3.3, tables C.12-3 and C.12-4), and the Java charset that then reads the bytes. */
    private static final Map<String, String> ESCAPES = Map.ofEntries(
            Map.entry("(B", "US-ASCII"),
            Map.entry("-A", "ISO-8859-1"),
            Map.entry("-B", "ISO-8859-2"),
            Map.entry("-C", "ISO-8859-3"),
            Map.entry("-D", "ISO-8859-4"),
            Map.entry("-F", "ISO-8859-7"),
            Map.entry("-G", "ISO-8859-6"),
            Map.entry("-H", "ISO-8859-8"),
            Map.entry("-L", "ISO-8859-5"),
            Map.entry("-M", "ISO-8859-9"),
            Map.entry("-b", "ISO-8859-15"),
            Map.entry("-T", "TIS-620"),
            Map.entry("(J", "JIS_X0201"),
            Map.entry(")I", "JIS_X0201"),
            Map.entry("$B", "JIS 0208"),
            Map.entry("$(D", "JIS 0212"),
            Map.entry("$)C", "EUC-KR"),
            Map.entry("$)A", "GB2312"));

    private static final String KANJI = "JIS 0208";
    private static final String MORE_KANJI = "JIS 0212";

    static CharacterSet of(List<String> terms) {
        String first = terms.isEmpty() ? "" : terms.get(0);
        String number = first.replaceFirst("^(ISO_IR |ISO 2022 IR )", "");
        return new CharacterSet(
                charset(TERMS.getOrDefault(number, "US-ASCII")), terms.size() > 1 || first.startsWith("ISO 2022"));
    }

    private static Charset charset(String name) {
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.US_ASCII;
    }

    String decode(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        if (!extensible) {
            return new String(bytes, initial);
        }
        StringBuilder text = new StringBuilder();
        for (Run run : runs(bytes)) {
            text.append(run.decode(bytes, initial));
        }
        return text.toString();
    }

    /** A stretch of bytes in one repertoire, named as above; the initial one if the name is empty. */
    private record Run(String repertoire, int from, int to) {

        String decode(byte[] bytes, Charset initial) {
            int length = to - from;
            return switch (repertoire) {
                case "" -> new String(bytes, from, length, initial);
                case KANJI -> new String(raised(bytes, ""), charset("EUC-JP"));
                case MORE_KANJI -> new String(raised(bytes, "\u008f"), charset("EUC-JP"));
                default -> new String(bytes, from, length, charset(repertoire));
            };
        }

        /** Pairs of 7-bit bytes as EUC has them: with the eighth bit, and behind a prefix. */
        private byte[] raised(byte[] bytes, String prefix) {
            StringBuilder pairs = new StringBuilder();
            for (int i = from; i + 1 < to; i += 2) {
                pairs.append(prefix).append((char) ((bytes[i] & 0xff) | 0x80)).append((char)
                        ((bytes[i + 1] & 0xff) | 0x80));
            }
            return pairs.toString().getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    private static List<Run> runs(byte[] bytes) {
        List<Run> runs = new ArrayList<>();
        String repertoire = "";
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == ESCAPE) {
                runs.add(new Run(repertoire, from, i));
                String sequence = sequence(bytes, i + 1);
                repertoire = ESCAPES.getOrDefault(sequence, "US-ASCII");
                from = Math.min(bytes.length, i + 1 + sequence.length());
                i = from - 1;
            } else if (isDelimiter(bytes[i]) && !repertoire.equals(KANJI) && !repertoire.equals(MORE_KANJI)) {
                // In 7-bit pairs, delimiters are halves of characters; before a real one, writers switch back.
                runs.add(new Run(repertoire, from, i));
                repertoire = "";
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
