// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.documents;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The text of an HL7 v2 message: its OBX segments of text (HL7 v2.5.1, sections 7.4.2 and 2.7), each with the name of its
 * observation as a heading. Deleted and wrong results are left out.
 */
final class Hl7Report {

    private static final Set<String> TEXT = Set.of("TX", "FT", "ST");

    /** Observation result status (table 0085): deleted, wrong, no result. */
    private static final Set<String> VOID = Set.of("D", "W", "X");

    private static final int TYPE = 2;
    private static final int IDENTIFIER = 3;
    private static final int VALUE = 5;
    private static final int STATUS = 11;

    /** MSH, the field separator and four encoding characters. */
    private static final int SHORTEST_HEADER = 8;

    /** From here on, one character is several bytes in UTF-8. */
    private static final char FIRST_NOT_ASCII = 0x80;

    private static final int CHARACTER_SET = 17; // MSH-18: the separator itself is MSH-1

    private final char field;
    private final char component;
    private final char repetition;
    private final char escape;
    private final char subcomponent;

    private Hl7Report(String message) {
        field = message.charAt(3);
        component = message.charAt(4);
        repetition = message.charAt(5);
        escape = message.charAt(6);
        subcomponent = message.charAt(7);
    }

    static String text(byte[] body) {
        String latin = new String(body, StandardCharsets.ISO_8859_1);
        int start = latin.startsWith("\u000b") ? 1 : 0; // MLLP's first byte
        if (!latin.startsWith("MSH", start) || segmentEnd(latin, start) < start + SHORTEST_HEADER) {
            throw new UnreadableReportException("The body is not an HL7 v2 message: it does not begin with MSH.");
        }
        String header = latin.substring(start, segmentEnd(latin, start));
        if (!header.substring(0, SHORTEST_HEADER).chars().allMatch(c -> c < FIRST_NOT_ASCII)) {
            throw new UnreadableReportException("The separators of the HL7 v2 message are not ASCII characters.");
        }
        List<String> fields = split(header, header.charAt(3));
        boolean isLatin =
                fields.size() > CHARACTER_SET && fields.get(CHARACTER_SET).startsWith("8859/1");
        String message = (isLatin ? latin : Decoding.utf8(body)).substring(start);
        String text = new Hl7Report(message).observations(message);
        if (text.isEmpty()) {
            throw new UnreadableReportException("The HL7 v2 message has no OBX segment of the types TX, FT or ST.");
        }
        return text;
    }

    private static int segmentEnd(String message, int from) {
        int end = from;
        while (end < message.length() && message.charAt(end) != '\r' && message.charAt(end) != '\n') {
            end++;
        }
        return end;
    }

    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + 1;
        }
        parts.add(text.substring(from));
        return parts;
    }

    private String observations(String message) {
        StringBuilder text = new StringBuilder();
        String heading = "";
        for (int at = 0; at < message.length(); at = segmentEnd(message, at) + 1) {
            if (!message.startsWith("OBX", at)) {
                continue;
            }
            List<String> fields = split(message.substring(at, segmentEnd(message, at)), field);
            if (fields.size() <= VALUE
                    || !TEXT.contains(fields.get(TYPE))
                    || (fields.size() > STATUS && VOID.contains(fields.get(STATUS)))) {
                continue;
            }
            String name = name(fields.get(IDENTIFIER));
            if (!name.equals(heading) && !name.isEmpty()) {
                text.append("\n\n").append(name).append(":\n");
            }
            heading = name;
            for (String line : split(fields.get(VALUE), repetition)) {
                text.append(unescape(line)).append('\n');
            }
        }
        return text.toString().strip();
    }

    /** The suffix of the identifier (section 7.2.4) names the part of a report; else its own text does. */
    private String name(String identifier) {
        List<String> parts = split(identifier, component);
        List<String> codes = split(parts.get(0), subcomponent);
        String suffix = codes.get(codes.size() - 1);
        return switch (suffix) {
            case "IMP" -> "Impression";
            case "GDT", "DEV" -> "Findings";
            case "REC" -> "Recommendation";
            default ->
                unescape(parts.size() > 1 ? parts.get(1) : suffix)
                        .replace('\n', ' ')
                        .strip();
        };
    }

    /** Sequences of section 2.7; those of highlighting and of other character sets are left out. */
    private String unescape(String value) {
        if (value.indexOf(escape) < 0) {
            return value;
        }
        StringBuilder text = new StringBuilder(value.length());
        int at = 0;
        while (at < value.length()) {
            int end = value.charAt(at) == escape ? value.indexOf(escape, at + 1) : -1;
            if (end < 0) {
                text.append(value, at, next(value, at));
                at = next(value, at);
            } else {
                text.append(meaning(value.substring(at + 1, end)));
                at = end + 1;
            }
        }
        return text.toString();
    }

    /** To the next sequence, or the end where one begins that has none. */
    private int next(String value, int at) {
        int next = value.charAt(at) == escape ? -1 : value.indexOf(escape, at);
        return next < 0 ? value.length() : next;
    }

    private String meaning(String sequence) {
        return switch (sequence) {
            case "F" -> String.valueOf(field);
            case "S" -> String.valueOf(component);
            case "T" -> String.valueOf(subcomponent);
            case "R" -> String.valueOf(repetition);
            case "E" -> String.valueOf(escape);
            default -> sequence.startsWith(".br") || sequence.startsWith(".sp") ? "\n" : hexadecimal(sequence);
        };
    }

    private static String hexadecimal(String sequence) {
        if (!sequence.startsWith("X") || sequence.length() % 2 == 0) {
            return "";
        }
        try {
            return new String(HexFormat.of().parseHex(sequence.substring(1)), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
