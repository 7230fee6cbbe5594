package org.cxrlocalizer.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Which fragments of encapsulated pixel data make up which frame (PS3.5, annexes A.4 and A.4.1). */
final class FrameFragments {

    private static final int ITEM_HEADER = 8;

    private FrameFragments() {}

    /**
     * The bytes of one frame.
     *
     * @param frame from 0
     * @throws DicomException if nothing tells where frames begin, or what does is wrong
     */
    static byte[] join(Element.Fragments fragments, DataSet dataSet, int frame, int frames) {
        List<ByteBuffer> parts = fragments.parts();
        if (parts.isEmpty()) {
            throw new DicomException("The pixel data has no fragment.");
        }
        if (frames == 1) {
            return join(parts);
        }
        long[] starts = starts(fragments.offsetTable(), dataSet, frames);
        if (starts.length == frames) {
            return join(between(parts, starts[frame], frame + 1 < frames ? starts[frame + 1] : Long.MAX_VALUE));
        }
        if (parts.size() == frames) {
            return join(parts.subList(frame, frame + 1));
        }
        throw new DicomException("%d fragments hold %d frames, and no offset table tells where each begins."
                .formatted(parts.size(), frames));
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
