// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Packet headers that lie in marker segments of their own (ITU-T T.800, sections A.7.4 and A.7.5), joined by their numbers. */
final class Jpeg2000PackedHeaders {

    private Jpeg2000PackedHeaders() {}

    /**
     * Returns the packet headers of each tile-part, in the order in which tile-parts follow each other; none where they are not in
     * the main header.
     */
    static List<byte[]> ofMainHeader(byte[] image, List<Jpeg2000Segment> segments) {
        ByteBuffer joined = ByteBuffer.wrap(joined(Jpeg2000CodeStream.PACKED_HEADERS_MAIN, image, segments));
        List<byte[]> headers = new ArrayList<>();
        while (joined.remaining() >= 4) {
            int length = joined.getInt();
            if (length < 0 || length > joined.remaining()) {
                throw Jpeg2000CodeStream.damaged("its packed packet headers are cut short");
            }
            byte[] part = new byte[length];
            joined.get(part);
            headers.add(part);
        }
        return headers;
    }

    static byte[] ofTile(byte[] image, List<Jpeg2000Segment> segments) {
        return joined(Jpeg2000CodeStream.PACKED_HEADERS_TILE, image, segments);
    }

    private static byte[] joined(int marker, byte[] image, List<Jpeg2000Segment> segments) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        segments.stream()
                .filter(segment -> segment.marker() == marker && segment.end() - segment.at() > 5)
                .sorted(Comparator.comparingInt(segment -> image[segment.at() + 4] & 0xff))
                .forEach(segment -> joined.write(image, segment.at() + 5, segment.end() - segment.at() - 5));
        return joined.toByteArray();
    }
}
