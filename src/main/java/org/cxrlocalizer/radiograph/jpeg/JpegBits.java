// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg;

import org.cxrlocalizer.radiograph.pixels.RestartMarker;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * The bits of an entropy-coded segment of a JPEG (ITU-T T.81, section F.2.2.5): a byte of ones has a zero behind it, which is none
 * of them; any other byte makes a marker, at which the segment ends.
 */
final class JpegBits {

    private static final int ONES = 0xff;

    private final byte[] bytes;
    private int position;
    private long buffer;
    private int count;

    JpegBits(byte[] bytes, int from) {
        this.bytes = bytes;
        position = from;
    }

    /**
     * Reads a code word and returns its symbol.
     *
     * @throws UnreadableImageException if the segment ends before, or the bits are no code word
     */
    int symbol(JpegHuffmanTable table) {
        if (count < JpegHuffmanTable.LONGEST) {
            fill();
        }
        int next = (int)
                (count >= JpegHuffmanTable.LONGEST
                        ? buffer >>> (count - JpegHuffmanTable.LONGEST)
                        : buffer << (JpegHuffmanTable.LONGEST - count));
        int word = table.word(next & 0xffff);
        take(word >>> 8);
        return word & 0xff;
    }

    /** Reads at most 16 bits. */
    int bits(int wanted) {
        if (count < wanted) {
            fill();
        }
        take(wanted);
        return (int) (buffer >>> count) & ((1 << wanted) - 1);
    }

    private void take(int wanted) {
        if (wanted > count) {
            throw JpegScans.damaged("its compressed data end early");
        }
        count -= wanted;
    }

    private void fill() {
        while (count <= 48 && position < bytes.length) {
            int next = bytes[position] & 0xff;
            if (next == ONES) {
                if (position + 1 >= bytes.length || bytes[position + 1] != 0) {
                    return;
                }
                position++;
            }
            position++;
            buffer = buffer << 8 | next;
            count += 8;
        }
    }

    /**
     * Leaves the segment.
     *
     * @return whether whole bytes of it were not read
     */
    boolean skipToMarker() {
        fill();
        boolean surplus = count >= 8;
        count = 0;
        while (position < bytes.length && !isAtMarker()) {
            position++;
            surplus = true;
        }
        return surplus;
    }

    private boolean isAtMarker() {
        return (bytes[position] & 0xff) == ONES && position + 1 < bytes.length && bytes[position + 1] != 0;
    }

    /**
     * Reads a restart marker (RST0 to RST7), if that is next.
     *
     * @return its number, or -1
     */
    int skipRestart() {
        RestartMarker marker = RestartMarker.at(bytes, position);
        if (marker == null) {
            return -1;
        }
        position = marker.end();
        return marker.number();
    }

    int position() {
        return position;
    }
}
