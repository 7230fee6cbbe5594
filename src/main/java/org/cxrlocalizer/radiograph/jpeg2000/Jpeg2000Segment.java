// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A marker segment of a JPEG 2000 code stream (ITU-T T.800, section A.1.2).
 *
 * @param at where its marker lies
 * @param end where the next marker lies
 */
record Jpeg2000Segment(int marker, int at, int end) {

    private static final int FIRST_MARKER = 0xff30;

    /**
     * Reads segments one after the other.
     *
     * @param until the marker that ends them
     * @throws org.cxrlocalizer.dicom.DicomException if that marker does not follow
     */
    static List<Jpeg2000Segment> until(int until, byte[] image, int from) {
        ByteBuffer bytes = ByteBuffer.wrap(image);
        List<Jpeg2000Segment> segments = new ArrayList<>();
        int at = from;
        while (at + 4 <= image.length && (bytes.getShort(at) & 0xffff) != until) {
            int marker = bytes.getShort(at) & 0xffff;
            int length = bytes.getShort(at + 2) & 0xffff;
            if (marker < FIRST_MARKER || length < 2) {
                throw Jpeg2000CodeStream.damaged("no marker stands where one must");
            }
            segments.add(new Jpeg2000Segment(marker, at, at + 2 + length));
            at += 2 + length;
        }
        if (at + 2 > image.length || (bytes.getShort(at) & 0xffff) != until) {
            throw Jpeg2000CodeStream.damaged("its header is cut short");
        }
        return segments;
    }

    /** What stands behind the marker and the length. */
    byte[] content(byte[] image) {
        return Arrays.copyOfRange(image, at + 4, end);
    }

    void writeTo(ByteArrayOutputStream target, byte[] image) {
        target.write(image, at, end - at);
    }
}
