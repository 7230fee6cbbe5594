// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import java.io.EOFException;

/** The bits of a JPEG 2000 packet header: behind a byte of ones, the next has only seven (ITU-T T.800, section B.10.1). */
final class PacketHeaderBits {

    private static final int ONES = 0xff;

    private final byte[] bytes;
    private int position;
    private int current;
    private int left;

    PacketHeaderBits(byte[] bytes, int from) {
        this.bytes = bytes;
        position = from;
    }

    int bit() throws EOFException {
        if (left == 0) {
            boolean stuffed = current == ONES;
            current = stuffed ? stuffed() : next();
            left = stuffed ? 7 : 8;
        }
        left--;
        return current >> left & 1;
    }

    int bits(int count) throws EOFException {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 1 | bit();
        }
        return value;
    }

    /** Where the header ends, which is behind a whole byte that is not one of ones. */
    int end() throws EOFException {
        if (current == ONES) {
            stuffed();
        }
        return position;
    }

    private int stuffed() throws EOFException {
        int stuffed = next();
        if (stuffed >= 0x80) {
            throw Jpeg2000CodeStream.damaged("a marker stands in a packet header");
        }
        return stuffed;
    }

    private int next() throws EOFException {
        if (position >= bytes.length) {
            throw new EOFException();
        }
        return bytes[position++] & 0xff;
    }
}
