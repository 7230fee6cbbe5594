// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpegls;

import org.cxrlocalizer.radiograph.pixels.RestartMarker;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * The bits of an entropy-coded segment of a JPEG-LS image (ITU-T T.87, section C.1): the byte behind a byte of ones has seven of them,
 * below a zero. With a one there it is a marker, at which the segment ends.
 */
final class JpegLsBits {

    private static final int ONES = 0xff;
    private static final int FULL = 56;

    private final byte[] bytes;
    private int position;
    /** The bits that were not taken, in the lowest places. */
    private long buffer;

    private int count;
    private boolean isAfterOnes;

    JpegLsBits(byte[] bytes, int from) {
        this.bytes = bytes;
        position = from;
    }

    /**
     * Reads at most 32 bits as a number.
     *
     * @throws UnreadableImageException if the segment has fewer
     */
    int bits(int wanted) {
        if (count < wanted) {
            fill();
            require(wanted);
        }
        count -= wanted;
        return (int) (buffer >>> count & ((1L << wanted) - 1));
    }

    /**
     * Reads zeros and the one behind them, and returns how many zeros there were.
     *
     * @throws UnreadableImageException if there are more than so many, or the segment ends before the one
     */
    int zeros(int most) {
        int zeros = 0;
        while (true) {
            if (count == 0) {
                fill();
                require(1);
            }
            int leading = Math.min(count, Long.numberOfLeadingZeros(buffer << (64 - count)));
            zeros += leading;
            count -= leading;
            if (zeros > most) {
                throw JpegLsImage.damaged("a code word has more zeros than it can have");
            }
            if (count > 0) {
                count--;
                return zeros;
            }
        }
    }

    private void require(int wanted) {
        if (count < wanted) {
            throw JpegLsImage.damaged("its compressed data end early");
        }
    }

    private void fill() {
        while (count <= FULL - 8 && position < bytes.length && !isAtMarker()) {
            int next = bytes[position++] & 0xff;
            int width = isAfterOnes ? 7 : 8;
            buffer = buffer << width | next;
            count += width;
            isAfterOnes = next == ONES;
        }
    }

    /** A byte of ones that is the last one of all is part of a marker that was cut off. */
    private boolean isAtMarker() {
        int next = bytes[position] & 0xff;
        return isAfterOnes
                ? next >= 0x80
                : next == ONES && (position + 1 >= bytes.length || (bytes[position + 1] & 0xff) >= 0x80);
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
            isAfterOnes = (bytes[position] & 0xff) == ONES;
            position++;
            surplus = true;
        }
        isAfterOnes = false;
        return surplus;
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
