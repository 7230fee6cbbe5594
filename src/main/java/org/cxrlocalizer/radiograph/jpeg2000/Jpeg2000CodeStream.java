// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.cxrlocalizer.dicom.DicomException;

/**
 * Puts a JPEG 2000 code stream (ITU-T T.800, annex A) into the form that its decoder reads in full: one tile-part a tile, whose
 * length and number are stated, and packet headers before their packets. The decoder stops early where tile-parts are not counted
 * (TNsot 0, which is legal), and takes the end of the bytes for the end of the image. So each tile's packets are counted here.
 */
public final class Jpeg2000CodeStream {

    private static final int END_OF_CODE_STREAM = 0xffd9;
    private static final int START_OF_TILE_PART = 0xff90;
    private static final int START_OF_PACKET = 0xff91;
    private static final int END_OF_HEADER = 0xff92;
    private static final int START_OF_DATA = 0xff93;
    private static final int TILE_PART_LENGTHS = 0xff55;
    private static final int PACKET_LENGTHS_MAIN = 0xff57;
    private static final int PACKET_LENGTHS_TILE = 0xff58;
    static final int PACKED_HEADERS_MAIN = 0xff60;
    static final int PACKED_HEADERS_TILE = 0xff61;

    private static final String OF_LOWER_QUALITY =
            "The JPEG 2000 frame ends before its last quality layers; its pixels are coarser than they were.";
    private static final String WITHOUT_END = "The JPEG 2000 frame has no end marker; its pixels are all there.";

    private final byte[] image;
    private final List<Jpeg2000Segment> main;
    private final Map<Integer, Jpeg2000Tile> tiles = new TreeMap<>();
    private final List<byte[]> packedHeaders;
    private boolean ended;

    private Jpeg2000CodeStream(byte[] image) {
        this.image = image;
        main = Jpeg2000Segment.until(START_OF_TILE_PART, image, 2);
        packedHeaders = Jpeg2000PackedHeaders.ofMainHeader(image, main);
        readTileParts(main.isEmpty() ? 2 : main.get(main.size() - 1).end());
    }

    /**
     * The same pixels in a form that the decoder reads in full.
     *
     * @param image whose header was checked
     * @param notes gets what a careful user should know
     * @throws DicomException if a tile, a tile-part or packets are missing or cut short
     */
    public static byte[] normalised(byte[] image, List<String> notes) {
        return new Jpeg2000CodeStream(image).normalised(notes);
    }

    /**
     * Whether the first three components become RGB when they are decoded (ITU-T T.800, section A.6.1 and annex G), by the main
     * header.
     *
     * @throws DicomException if that is cut short
     */
    public static boolean hasColourTransform(byte[] image) {
        return Jpeg2000Segment.until(START_OF_TILE_PART, image, 2).stream()
                .filter(segment -> segment.marker() == Jpeg2000CodingStyle.CODING_STYLE)
                .map(segment -> segment.content(image))
                .anyMatch(content -> content.length > 4 && content[4] != 0);
    }

    private void readTileParts(int from) {
        int part = from;
        int parts = 0;
        while (part + 12 <= image.length && two(part) == START_OF_TILE_PART) {
            Jpeg2000Tile tile = tiles.computeIfAbsent(two(part + 4), index -> new Jpeg2000Tile());
            int length = ByteBuffer.wrap(image).getInt(part + 6);
            List<Jpeg2000Segment> segments = Jpeg2000Segment.until(START_OF_DATA, image, part);
            int data = segments.get(segments.size() - 1).end() + 2;
            int end = length == 0 ? endOfData(data) : part + length;
            // A negative length is one beyond any array's.
            if (length < 0 || end < data || end > image.length) {
                throw damaged("a tile-part goes beyond its end");
            }
            byte[] headers = parts < packedHeaders.size() ? packedHeaders.get(parts) : new byte[0];
            tile.add(image, segments, headers, data, end);
            parts++;
            part = end;
        }
        ended = part + 2 <= image.length && two(part) == END_OF_CODE_STREAM;
    }

    /** Returns the end of a tile-part whose length is not stated: no packet has a marker but those of packets (section A.1.1). */
    private int endOfData(int from) {
        return IntStream.range(from, image.length - 1)
                .filter(at -> two(at) >= START_OF_TILE_PART && two(at) != START_OF_PACKET && two(at) != END_OF_HEADER)
                .findFirst()
                .orElse(image.length);
    }

    private byte[] normalised(List<String> notes) {
        Jpeg2000Size size = Jpeg2000Size.of(image);
        if (tiles.size() != size.tiles() || tiles.keySet().stream().anyMatch(index -> index >= size.tiles())) {
            throw damaged("it has %d tiles instead of %d".formatted(tiles.size(), size.tiles()));
        }
        Jpeg2000Limits limits = new Jpeg2000Limits(image);
        main.forEach(limits::take);
        tiles.values().forEach(tile -> tile.segments().forEach(limits::take));
        limits.check(size.samples());
        ByteArrayOutputStream normalised = new ByteArrayOutputStream(image.length);
        normalised.write(image, 0, 2);
        main.stream()
                .filter(segment -> isKept(segment.marker()))
                .forEach(segment -> segment.writeTo(normalised, image));
        boolean whole = true;
        Set<Integer> layers = new HashSet<>();
        for (Map.Entry<Integer, Jpeg2000Tile> entry : tiles.entrySet()) {
            Jpeg2000Tile.Packets packets = write(entry.getKey(), entry.getValue(), size, normalised);
            whole &= packets.whole();
            layers.add(packets.layers());
        }
        // A writer that leaves layers out leaves them out of all tiles.
        if (!whole && (!ended || layers.size() > 1)) {
            throw damaged("its end is missing");
        }
        if (!whole || !ended) {
            notes.add(whole ? WITHOUT_END : OF_LOWER_QUALITY);
        }
        writeTwo(normalised, END_OF_CODE_STREAM);
        return normalised.toByteArray();
    }

    private Jpeg2000Tile.Packets write(int index, Jpeg2000Tile tile, Jpeg2000Size size, ByteArrayOutputStream target) {
        Jpeg2000Tile.Packets packets = tile.packets(image, main, size, index);
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        tile.segments().stream()
                .filter(segment -> segment.marker() != START_OF_TILE_PART && isKept(segment.marker()))
                .forEach(segment -> segment.writeTo(header, image));
        int length = 12 + header.size() + 2 + packets.bytes().length;
        writeTwo(target, START_OF_TILE_PART);
        target.writeBytes(ByteBuffer.allocate(10)
                .putShort((short) 10)
                .putShort((short) index)
                .putInt(length)
                .put((byte) 0)
                .put((byte) 1)
                .array());
        target.writeBytes(header.toByteArray());
        writeTwo(target, START_OF_DATA);
        target.writeBytes(packets.bytes());
        return packets;
    }

    /** Whether a segment states nothing of where tile-parts and packets lie, which is another place now. */
    private static boolean isKept(int marker) {
        return switch (marker) {
            case TILE_PART_LENGTHS,
                    PACKET_LENGTHS_MAIN,
                    PACKET_LENGTHS_TILE,
                    PACKED_HEADERS_MAIN,
                    PACKED_HEADERS_TILE -> false;
            default -> true;
        };
    }

    static DicomException damaged(String how) {
        return new DicomException("The JPEG 2000 frame is damaged: %s.".formatted(how));
    }

    private int two(int at) {
        return ByteBuffer.wrap(image).getShort(at) & 0xffff;
    }

    private static void writeTwo(ByteArrayOutputStream target, int value) {
        target.write(value >> 8);
        target.write(value);
    }
}
