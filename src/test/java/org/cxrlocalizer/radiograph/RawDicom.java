// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Puts DICOM files together element by element, right or wrong, for tests of what other readers pass over. */
final class RawDicom {

    static final int WIDTH = 16;
    static final int HEIGHT = 12;
    static final String EXPLICIT = "1.2.840.10008.1.2.1";
    static final String IMPLICIT = "1.2.840.10008.1.2";
    static final String BIG_ENDIAN = "1.2.840.10008.1.2.2";

    private static final List<String> LONG = List.of("OB", "OW", "SQ", "UN", "UT");

    /** An element whose value is little endian. */
    record Part(int tag, String representation, byte[] value) {

        byte[] explicit() {
            Bytes bytes = new Bytes().tag(tag).text(representation);
            return (LONG.contains(representation) ? bytes.two(0).four(value.length) : bytes.two(value.length))
                    .add(value)
                    .toArray();
        }

        byte[] implicit() {
            return new Bytes().tag(tag).four(value.length).add(value).toArray();
        }

        byte[] bigEndian() {
            byte[] swapped = value.clone();
            if (representation.equals("US") || representation.equals("OW")) {
                for (int i = 0; i + 1 < value.length; i += 2) {
                    swapped[i] = value[i + 1];
                    swapped[i + 1] = value[i];
                }
            }
            ByteBuffer header = ByteBuffer.allocate(LONG.contains(representation) ? 12 : 8)
                    .putShort((short) (tag >>> 16))
                    .putShort((short) tag)
                    .put(representation.getBytes(StandardCharsets.US_ASCII));
            if (header.capacity() == 12) {
                header.putShort((short) 0).putInt(value.length);
            } else {
                header.putShort((short) value.length);
            }
            return new Bytes().add(header.array()).add(swapped).toArray();
        }
    }

    /** A growing array of little-endian numbers. */
    static final class Bytes {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Bytes add(byte[] more) {
            bytes.writeBytes(more);
            return this;
        }

        Bytes text(String text) {
            return add(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        Bytes two(int value) {
            bytes.write(value);
            bytes.write(value >>> 8);
            return this;
        }

        Bytes four(int value) {
            return two(value).two(value >>> 16);
        }

        Bytes tag(int tag) {
            return two(tag >>> 16).two(tag);
        }

        byte[] toArray() {
            return bytes.toByteArray();
        }
    }

    private RawDicom() {}

    static Part text(int tag, String representation, String value) {
        return new Part(
                tag,
                representation,
                (value + (value.length() % 2 == 0 ? "" : " ")).getBytes(StandardCharsets.ISO_8859_1));
    }

    static Part words(int tag, String representation, int... values) {
        Bytes bytes = new Bytes();
        Arrays.stream(values).forEach(bytes::two);
        return new Part(tag, representation, bytes.toArray());
    }

    /** A frontal chest radiograph of 12 bits, whose values are a formula. */
    static List<Part> chest() {
        int[] pixels = IntStream.range(0, WIDTH * HEIGHT)
                .map(i -> (i * 4095 / (WIDTH * HEIGHT - 1)) ^ (i % 3))
                .map(value -> Math.min(value, 4095))
                .toArray();
        return new ArrayList<>(List.of(
                text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.1"),
                text(0x00080018, "UI", "1.2.3.4"),
                text(0x00080020, "DA", "20240102"),
                text(0x00080060, "CS", "CR"),
                text(0x00100010, "PN", "Doe^Jane"),
                text(0x00100020, "LO", "P1"),
                text(0x00180015, "CS", "CHEST"),
                text(0x00185101, "CS", "PA"),
                text(0x0020000d, "UI", "1.2.3.5"),
                text(0x0020000e, "UI", "1.2.3.6"),
                words(0x00280002, "US", 1),
                text(0x00280004, "CS", "MONOCHROME2"),
                words(0x00280010, "US", HEIGHT),
                words(0x00280011, "US", WIDTH),
                words(0x00280100, "US", 16),
                words(0x00280101, "US", 12),
                words(0x00280102, "US", 11),
                words(0x00280103, "US", 0),
                text(0x00281050, "DS", "2000"),
                text(0x00281051, "DS", "3000"),
                words(0x7fe00010, "OW", pixels)));
    }

    /** The same with an element more, or with another value of one. */
    static List<Part> with(List<Part> parts, Part part) {
        List<Part> changed = without(parts, part.tag());
        int at = (int) changed.stream()
                .filter(each -> Integer.compareUnsigned(each.tag(), part.tag()) < 0)
                .count();
        changed.add(at, part);
        return changed;
    }

    static List<Part> without(List<Part> parts, int tag) {
        List<Part> changed = new ArrayList<>(parts);
        changed.removeIf(part -> part.tag() == tag);
        return changed;
    }

    static byte[] explicit(List<Part> parts) {
        Bytes bytes = new Bytes();
        parts.forEach(part -> bytes.add(part.explicit()));
        return bytes.toArray();
    }

    static byte[] implicit(List<Part> parts) {
        Bytes bytes = new Bytes();
        parts.forEach(part -> bytes.add(part.implicit()));
        return bytes.toArray();
    }

    static byte[] bigEndian(List<Part> parts) {
        Bytes bytes = new Bytes();
        parts.forEach(part -> bytes.add(part.bigEndian()));
        return bytes.toArray();
    }

    static byte[] preamble() {
        return new Bytes().add(new byte[128]).text("DICM").toArray();
    }

    /** Meta information that states a transfer syntax. */
    static byte[] meta(String syntax) {
        byte[] uid = text(0x00020010, "UI", syntax).explicit();
        return new Bytes()
                .add(new Part(0x00020000, "UL", new Bytes().four(uid.length).toArray()).explicit())
                .add(uid)
                .toArray();
    }

    static byte[] file(String syntax, byte[] dataSet) {
        return join(preamble(), meta(syntax), dataSet);
    }

    static byte[] join(byte[]... parts) {
        Bytes bytes = new Bytes();
        Arrays.stream(parts).forEach(bytes::add);
        return bytes.toArray();
    }

    /** Where a header begins that is explicit and little-endian. */
    static int find(byte[] file, int tag, String representation) {
        byte[] header = new Bytes().tag(tag).text(representation).toArray();
        for (int i = 0; i + header.length <= file.length; i++) {
            if (Arrays.equals(file, i, i + header.length, header, 0, header.length)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no such element");
    }
}
