// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.cxrlocalizer.dicom.DicomException;

/**
 * RLE Lossless (PS3.5, annex G). A frame has a header of 16 numbers: how many segments there are, and where each begins. There is
 * one run-length encoded segment for each byte of a sample, the high one first, sample after sample.
 */
public final class RunLength {

    private static final int HEADER = 64;
    private static final int MOST_SEGMENTS = 15;

    private RunLength() {}

    /**
     * Decodes a frame.
     *
     * @param bytesEach of a sample, 1 or 2
     * @return the samples of the first kind for all pixels, then those of the second, and so on
     * @throws DicomException if a segment is missing, or has fewer bytes than pixels
     */
    public static short[] decode(byte[] frame, int samples, int bytesEach, int pixels) {
        if (frame.length < HEADER) {
            throw new DicomException("A run-length encoded frame is shorter than its header.");
        }
        ByteBuffer header = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        int segments = header.getInt(0);
        if (segments != samples * bytesEach || segments > MOST_SEGMENTS) {
            throw new DicomException("A run-length encoded frame must have %d segments, and its header states %d."
                    .formatted(samples * bytesEach, segments));
        }
        short[] decoded = new short[Math.multiplyExact(samples, pixels)];
        for (int segment = 0; segment < segments; segment++) {
            int from = header.getInt(4 + 4 * segment);
            int to = segment + 1 < segments ? header.getInt(8 + 4 * segment) : frame.length;
            if (from < HEADER || to < from || to > frame.length) {
                throw new DicomException(
                        "Segment %d of a run-length encoded frame lies outside it.".formatted(segment + 1));
            }
            int shift = 8 * (bytesEach - 1 - segment % bytesEach);
            int first = segment / bytesEach * pixels;
            if (decode(frame, from, to, decoded, first, first + pixels, shift) < pixels) {
                throw new DicomException(
                        "Segment %d of a run-length encoded frame ends before its pixels do.".formatted(segment + 1));
            }
        }
        return decoded;
    }

    /** How many bytes were decoded; what a last run has beyond the pixels is dropped. */
    private static int decode(byte[] frame, int from, int to, short[] decoded, int first, int end, int shift) {
        int at = first;
        int position = from;
        while (at < end && position < to) {
            int control = frame[position++];
            if (control >= 0) {
                int count = Math.min(control + 1, Math.min(to - position, end - at));
                for (int i = 0; i < count; i++) {
                    decoded[at++] |= (short) ((frame[position + i] & 0xff) << shift);
                }
                position += control + 1;
            } else if (control != Byte.MIN_VALUE && position < to) {
                short value = (short) ((frame[position++] & 0xff) << shift);
                for (int count = Math.min(1 - control, end - at); count > 0; count--) {
                    decoded[at++] |= value;
                }
            }
        }
        return at - first;
    }
}
