// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** How the bytes of a DICOM file or data set begin, which states what they are and how they are encoded. */
final class FileStart {

    /** What stands before the prefix (PS3.10, section 7.1). */
    static final int PREAMBLE = 128;

    private static final int IDENTIFYING_GROUP = 0x0008;
    private static final int META_GROUP = 0x0002;
    private static final int HEADER = 8;

    /** The first elements of a data set are short: identifiers, code strings, lengths. */
    private static final int LONGEST_FIRST = 1024;

    private FileStart() {}

    /** Where the prefix “DICM” ends, behind the preamble or without one; 0 if there is none. */
    static int prefixEnd(byte[] bytes) {
        if (isPrefix(bytes, PREAMBLE)) {
            return PREAMBLE + 4;
        }
        return isPrefix(bytes, 0) ? 4 : 0;
    }

    private static boolean isPrefix(byte[] bytes, int at) {
        return bytes.length >= at + 4
                && bytes[at] == 'D'
                && bytes[at + 1] == 'I'
                && bytes[at + 2] == 'C'
                && bytes[at + 3] == 'M';
    }

    /** Whether meta information, a command or a data set begins with the first byte. */
    static boolean isDataSet(byte[] bytes) {
        if (bytes.length < 2 * HEADER) {
            return false;
        }
        int group = group(bytes, 0);
        boolean mayBe =
                group == META_GROUP || group == IDENTIFYING_GROUP || swappedGroup(bytes, 0) == IDENTIFYING_GROUP;
        return mayBe && (isExplicit(bytes, 0) || isShortImplicit(bytes, 0));
    }

    private static boolean isShortImplicit(byte[] bytes, int at) {
        int length = buffer(bytes).getInt(at + 4);
        return length >= 0 && length <= LONGEST_FIRST && length <= bytes.length - at - HEADER;
    }

    /** @throws DicomException if no data set begins there */
    static void requireDataSet(byte[] bytes, int at) {
        boolean begins = bytes.length - at >= HEADER
                && (group(bytes, at) == IDENTIFYING_GROUP || swappedGroup(bytes, at) == IDENTIFYING_GROUP);
        if (!begins) {
            throw new DicomException(
                    "The bytes begin neither with a DICOM preamble nor with an element of group 0008.");
        }
    }

    /** The group number in little endian; −1 if the bytes end before. */
    static int group(byte[] bytes, int at) {
        return bytes.length - at < 2 ? -1 : buffer(bytes).getShort(at) & 0xffff;
    }

    private static int swappedGroup(byte[] bytes, int at) {
        return Short.reverseBytes((short) group(bytes, at)) & 0xffff;
    }

    /**
     * Whether an element states its value representation. In implicit encoding, the same bytes are the lower half of the length,
     * so that two capital letters would mean at least 16 kB.
     */
    static boolean isExplicit(byte[] bytes, int at) {
        return bytes.length - at >= HEADER && ValueRepresentation.isKnown(bytes[at + 4] & 0xff, bytes[at + 5] & 0xff);
    }

    static boolean isZeros(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** The encoding of the data set that begins at an offset, if its first two elements show it; else null. */
    static @Nullable Encoding encoding(byte[] bytes, int at) {
        if (bytes.length - at < HEADER) {
            return null;
        }
        if (isExplicit(bytes, at)) {
            return swappedGroup(bytes, at) < group(bytes, at) ? Encoding.EXPLICIT_BIG : Encoding.EXPLICIT_LITTLE;
        }
        boolean implicit = group(bytes, at) == IDENTIFYING_GROUP
                && isShortImplicit(bytes, at)
                && isImplicitElement(bytes, at + HEADER + buffer(bytes).getInt(at + 4));
        return implicit ? Encoding.IMPLICIT_LITTLE : null;
    }

    private static boolean isImplicitElement(byte[] bytes, int at) {
        return bytes.length == at
                || (bytes.length - at >= HEADER && !isExplicit(bytes, at) && isShortImplicit(bytes, at));
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
