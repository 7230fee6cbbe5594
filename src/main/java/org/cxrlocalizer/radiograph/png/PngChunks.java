// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.png;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.cxrlocalizer.radiograph.pixels.ExifOrientation;
import org.cxrlocalizer.radiograph.pixels.Orientation;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * The chunk structure of a PNG file (PNG specification, third edition, section 5). ImageIO checks no CRC and passes over
 * some missing ends, so this is checked before anything is decoded.
 *
 * @param imageData where the parts of the compressed pixels lie, in order
 * @param hasTransparency whether a tRNS chunk makes some colours transparent
 * @param orientation how the stored pixels lie, by the first chunk that states it: eXIf (section 11.3.4.5), or a text as
 *     {@link PngText} reads it
 */
public record PngChunks(List<Span> imageData, boolean hasTransparency, Orientation orientation) {

    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454e44;
    private static final int TRNS = 0x74524e53;
    private static final int EXIF = 0x65584966;

    /** A part of the file. */
    record Span(int from, int length) {}

    /** @throws UnreadableImageException if a chunk is cut short, damaged or out of place, or the last one is missing */
    public static PngChunks read(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes).position(PngHeader.SIGNATURE_LENGTH);
        List<Span> imageData = new ArrayList<>();
        boolean hasTransparency = false;
        Optional<Orientation> orientation = Optional.empty();
        int previous = 0;
        while (file.remaining() >= 12) {
            int start = file.position();
            int length = file.getInt();
            int type = file.getInt();
            if (length < 0 || length > file.remaining() - 4) {
                throw truncated(bytes);
            }
            CRC32 crc = new CRC32();
            crc.update(bytes, start + 4, length + 4);
            file.position(start + 8 + length);
            if (file.getInt() != (int) crc.getValue()) {
                throw new UnreadableImageException(
                        "The PNG is damaged: the check sum of the chunk at byte %d is wrong.".formatted(start));
            }
            if (type == IDAT) {
                if (!imageData.isEmpty() && previous != IDAT) {
                    throw new UnreadableImageException(
                            "The PNG is damaged: its pixels are interrupted before byte %d.".formatted(start));
                }
                imageData.add(new Span(start + 8, length));
            } else if (type == TRNS) {
                hasTransparency = true;
            } else if (type == IEND) {
                return new PngChunks(List.copyOf(imageData), hasTransparency, orientation.orElse(Orientation.UPRIGHT));
            } else if (orientation.isEmpty()) {
                orientation = orientation(type, bytes, start + 8, length);
            }
            previous = type;
        }
        throw truncated(bytes);
    }

    private static Optional<Orientation> orientation(int type, byte[] bytes, int from, int length) {
        return switch (type) {
            case EXIF -> ExifOrientation.of(ByteBuffer.wrap(bytes, from, length).slice());
            case PngText.TEXT, PngText.COMPRESSED, PngText.INTERNATIONAL ->
                PngText.orientation(type, Arrays.copyOfRange(bytes, from, from + length));
            default -> Optional.empty();
        };
    }

    static UnreadableImageException truncated(byte[] bytes) {
        return new UnreadableImageException("The PNG is cut short after %d bytes.".formatted(bytes.length));
    }
}
