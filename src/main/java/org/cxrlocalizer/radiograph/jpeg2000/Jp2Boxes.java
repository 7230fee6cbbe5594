// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.cxrlocalizer.dicom.DicomException;

/**
 * The boxes of a JP2 file (ITU-T T.800, annex I). DICOM has bare code streams (PS3.5, section A.4.4), but some writers leave the
 * whole file in the frame.
 */
public final class Jp2Boxes {

    private static final int SIGNATURE = 0x6a502020;
    private static final int HEADER = 0x6a703268;
    private static final int PALETTE = 0x70636c72;
    private static final int CHANNELS = 0x63646566;
    private static final int CODE_STREAM = 0x6a703263;

    private static final String NOTE =
            "The JPEG 2000 frame is a JP2 file, which DICOM does not allow; its code stream was read.";

    private Jp2Boxes() {}

    /**
     * Returns the code stream of a JP2 file, or what is none as it is.
     *
     * @param notes gets what a careful user should know
     * @throws DicomException if the file has no code stream, or one whose components are not the image's
     */
    public static byte[] codeStream(byte[] image, List<String> notes) {
        if (image.length < 12 || ByteBuffer.wrap(image).getInt(4) != SIGNATURE) {
            return image;
        }
        notes.add(NOTE);
        return codeStream(image, 0, image.length);
    }

    private static byte[] codeStream(byte[] image, int from, int to) {
        ByteBuffer bytes = ByteBuffer.wrap(image);
        int at = from;
        while (at + 8 <= to) {
            long stated = bytes.getInt(at) & 0xffffffffL;
            boolean isLong = stated == 1 && at + 16 <= to;
            int content = at + (isLong ? 16 : 8);
            // The last box may run to the end of the file.
            long length = stated == 0 ? to - at : isLong ? bytes.getLong(at + 8) : stated;
            if (length < content - at || length > to - at) {
                throw Jpeg2000CodeStream.damaged("a box of its file goes beyond its end");
            }
            int end = at + (int) length;
            switch (bytes.getInt(at + 4)) {
                case CODE_STREAM -> {
                    return Arrays.copyOfRange(image, content, end);
                }
                case HEADER -> requirePlainComponents(bytes, content, end);
                default -> {
                    // Nothing else changes samples.
                }
            }
            at = end;
        }
        throw Jpeg2000CodeStream.damaged("its file has no code stream");
    }

    /** Palettes, and channels in another order, make other components than the code stream has. */
    private static void requirePlainComponents(ByteBuffer bytes, int from, int to) {
        int at = from;
        while (at + 8 <= to) {
            int length = bytes.getInt(at);
            if (length < 8 || length > to - at) {
                throw Jpeg2000CodeStream.damaged("a box of its header goes beyond its end");
            }
            int type = bytes.getInt(at + 4);
            if (type == PALETTE || (type == CHANNELS && !isInOrder(bytes, at + 10, at + length))) {
                throw new DicomException(
                        "The JPEG 2000 frame has a palette, or channels that are not colours in order.");
            }
            at += length;
        }
    }

    /** For each channel: its number, its kind (0 is a colour), and which colour (section I.5.3.6). */
    private static boolean isInOrder(ByteBuffer bytes, int from, int to) {
        boolean inOrder = true;
        for (int at = from; at + 6 <= to; at += 6) {
            boolean isColour = bytes.getShort(at + 2) == 0;
            inOrder &= isColour && bytes.getShort(at + 4) == bytes.getShort(at) + 1;
        }
        return inOrder;
    }
}
