// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.util.ArrayList;
import java.util.List;

/** The parts of a JPEG 2000 tile, joined. */
final class Jpeg2000Tile {

    private final List<Jpeg2000Segment> segments = new ArrayList<>();
    private final ByteArrayOutputStream headers = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private int parts;
    private int statedParts;

    /**
     * Packets in the order of the code stream, each behind its header.
     *
     * @param layers how many quality layers they have
     * @param whole whether that is all of them
     */
    record Packets(byte[] bytes, int layers, boolean whole) {}

    /** The marker segments of all parts. */
    List<Jpeg2000Segment> segments() {
        return segments;
    }

    /**
     * Adds the next part.
     *
     * @param added its marker segments, that of the start (SOT) first
     * @param packedHeaders packet headers that the main header has for it
     */
    void add(byte[] image, List<Jpeg2000Segment> added, byte[] packedHeaders, int from, int end) {
        int start = added.get(0).at();
        if ((image[start + 10] & 0xff) != parts) {
            throw Jpeg2000CodeStream.damaged("a tile-part is missing");
        }
        parts++;
        statedParts = Math.max(statedParts, image[start + 11] & 0xff);
        segments.addAll(added);
        headers.writeBytes(packedHeaders);
        headers.writeBytes(Jpeg2000PackedHeaders.ofTile(image, added));
        data.write(image, from, end - from);
    }

    /**
     * Reads all packet headers.
     *
     * @throws org.cxrlocalizer.dicom.DicomException if a packet is cut short, or others than those of whole layers are
     *     missing
     */
    Packets packets(byte[] image, List<Jpeg2000Segment> main, Jpeg2000Size size, int index) {
        byte[] bytes = data.toByteArray();
        Jpeg2000Packets packets = new Jpeg2000Packets(bytes, headers.size() == 0 ? null : headers.toByteArray());
        Jpeg2000Progression progression = Jpeg2000Progression.of(image, main, segments, size, index);
        try {
            progression.read(packets);
        } catch (EOFException e) {
            throw Jpeg2000CodeStream.damaged("a packet is cut short");
        }
        int layers = progression.readLayers().orElse(0);
        boolean whole = layers == progression.layers();
        // Without whole layers, quality is missing; without anything else, places or frequencies of the image.
        if (layers == 0 || (!whole && statedParts > parts)) {
            throw Jpeg2000CodeStream.damaged("packets are missing");
        }
        return new Packets(packets.joined(), layers, whole);
    }
}
