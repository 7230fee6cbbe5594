// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Which fragments of encapsulated pixel data make up which frame (PS3.5, annexes A.4 and A.4.1). */
final class FrameFragments {

    private static final int ITEM_HEADER = 8;

    /** SOI, and the first byte of the marker that follows (ITU-T T.81, section B.1.1.3). */
    private static final int START_OF_IMAGE = 0xffd8ff;

    /** SOC and SIZ (ITU-T T.800, section A.4.1). */
    private static final int START_OF_CODE_STREAM = 0xff4fff51;

    /** ITU-T T.800, section I.5.1. */
    private static final long JPEG_2000_SIGNATURE_BOX = 0x0000000c6a502020L;

    private FrameFragments() {}

    /**
     * The bytes of one frame.
     *
     * @param frame from 0
     * @throws DicomException if nothing states where frames begin, or what does is wrong
     */
    static byte[] join(Element.Fragments fragments, DataSet dataSet, int frame, int frames) {
        List<ByteBuffer> parts = fragments.parts();
        if (parts.isEmpty()) {
            throw new DicomException("The pixel data has no fragment.");
        }
        if (frames == 1) {
            return join(parts);
        }
        if (parts.size() == frames) {
            return join(parts.subList(frame, frame + 1));
        }
        List<Integer> images = images(parts);
        if (images.size() == frames) {
            return join(parts.subList(images.get(frame), frame + 1 < frames ? images.get(frame + 1) : parts.size()));
        }
        long[] starts = starts(fragments.offsetTable(), dataSet, frames);
        if (starts.length == frames) {
            return join(between(parts, starts[frame], frame + 1 < frames ? starts[frame + 1] : Long.MAX_VALUE));
        }
        throw new DicomException("%d fragments hold %d frames, and no offset table states where each begins."
                .formatted(parts.size(), frames));
    }

    /** Whether there is one fragment, or an image begins with the first one only. */
    static boolean isOneImage(Element.Fragments fragments) {
        return fragments.parts().size() == 1 || images(fragments.parts()).equals(List.of(0));
    }

    /** The fragments that an image begins with. */
    private static List<Integer> images(List<ByteBuffer> parts) {
        return IntStream.range(0, parts.size())
                .filter(i -> beginsImage(parts.get(i)))
                .boxed()
                .toList();
    }

    /** Whether a JPEG, JPEG-LS or JPEG 2000 image begins with a fragment: by its signature, or that of its file format. */
    static boolean beginsImage(ByteBuffer fragment) {
        ByteBuffer bytes = fragment.duplicate().order(ByteOrder.BIG_ENDIAN);
        if (bytes.limit() < 4) {
            return false;
        }
        int first = bytes.getInt(0);
        return first >>> 8 == START_OF_IMAGE || first == START_OF_CODE_STREAM || isFileFormat(bytes);
    }

    private static boolean isFileFormat(ByteBuffer bytes) {
        return bytes.limit() >= 8 && bytes.getLong(0) == JPEG_2000_SIGNATURE_BOX;
    }

    /** Offsets of frames from the first fragment's item; none without a table. */
    private static long[] starts(ByteBuffer basic, DataSet dataSet, int frames) {
        ByteBuffer extended = dataSet.bytes(Attribute.EXTENDED_OFFSET_TABLE).orElse(null);
        int size = extended == null ? 4 : 8;
        ByteBuffer table = extended == null ? basic : extended;
        if (table.limit() / size != frames) {
            return new long[0];
        }
        table = table.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        long[] starts = new long[frames];
        for (int i = 0; i < frames; i++) {
            starts[i] = size == 8 ? table.getLong(8 * i) : Integer.toUnsignedLong(table.getInt(4 * i));
        }
        return starts;
    }

    private static List<ByteBuffer> between(List<ByteBuffer> parts, long from, long to) {
        List<ByteBuffer> found = new ArrayList<>();
        long offset = 0;
        boolean begins = false;
        for (ByteBuffer part : parts) {
            begins |= offset == from;
            if (offset >= from && offset < to) {
                found.add(part);
            }
            offset += ITEM_HEADER + part.limit();
        }
        if (!begins || found.isEmpty()) {
            throw new DicomException("The offset table states an offset at which no fragment begins.");
        }
        return found;
    }

    private static byte[] join(List<ByteBuffer> parts) {
        byte[] joined = new byte[parts.stream().mapToInt(ByteBuffer::limit).sum()];
        int at = 0;
        for (ByteBuffer part : parts) {
            part.get(0, joined, at, part.limit());
            at += part.limit();
        }
        return joined;
    }
}
