// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import org.jspecify.annotations.Nullable;

/** The packets of a JPEG 2000 tile, read one after the other (ITU-T T.800, section B.9). */
final class Jpeg2000Packets {

    private static final byte START_OF_PACKET = (byte) 0x91;
    private static final int START_OF_PACKET_BYTES = 6;
    private static final byte END_OF_HEADER = (byte) 0x92;

    private final byte[] data;
    private final byte @Nullable [] packedHeaders;
    private final ByteArrayOutputStream joined = new ByteArrayOutputStream();
    private int position;
    private int headerPosition;

    /** @param packedHeaders packet headers, where they lie apart from the packets; else null */
    Jpeg2000Packets(byte[] data, byte @Nullable [] packedHeaders) {
        this.data = data;
        this.packedHeaders = packedHeaders;
    }

    /** Whether no packet follows. */
    boolean areRead() {
        return packedHeaders == null ? position >= data.length : headerPosition >= packedHeaders.length;
    }

    /**
     * Reads the packet of a precinct's next layer.
     *
     * @throws EOFException if it is cut short
     */
    void read(Jpeg2000Precinct precinct) throws EOFException {
        int start = position;
        if (isMarker(data, position, START_OF_PACKET)) {
            position += START_OF_PACKET_BYTES;
        }
        byte[] headers = packedHeaders == null ? data : packedHeaders;
        int headerStart = packedHeaders == null ? position : headerPosition;
        PacketHeaderBits bits = new PacketHeaderBits(headers, headerStart);
        long length = precinct.readHeader(bits);
        int headerEnd = bits.end();
        if (isMarker(headers, headerEnd, END_OF_HEADER)) {
            headerEnd += 2;
        }
        int codeWords = packedHeaders == null ? headerEnd : position;
        if (length > data.length - codeWords) {
            throw new EOFException();
        }
        if (packedHeaders != null) {
            joined.write(data, start, position - start);
            joined.write(packedHeaders, headerStart, headerEnd - headerStart);
            joined.write(data, codeWords, (int) length);
            headerPosition = headerEnd;
        }
        position = codeWords + (int) length;
    }

    /** All packets, each behind its header. */
    byte[] joined() {
        return packedHeaders == null ? data : joined.toByteArray();
    }

    /** Neither headers nor code words have bytes that look like a marker. */
    private static boolean isMarker(byte[] bytes, int at, byte marker) {
        return at + 1 < bytes.length && bytes[at] == (byte) 0xff && bytes[at + 1] == marker;
    }
}
