package org.cxrlocalizer.radiograph;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * The chunk structure of a PNG file (PNG specification, third edition, section 5). ImageIO checks no CRC and passes over
 * some missing ends, so this is checked before it decodes.
 */
final class PngChunks {

    private static final int SIGNATURE_LENGTH = 8;
    private static final int IEND = 0x49454e44;

    private PngChunks() {}

    /** @throws UnreadableImageException if a chunk is cut short or damaged, or the last one is missing */
    static void check(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes).position(SIGNATURE_LENGTH);
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
            if (type == IEND) {
                return;
            }
        }
        throw truncated(bytes);
    }

    private static UnreadableImageException truncated(byte[] bytes) {
        return new UnreadableImageException("The PNG is cut short after %d bytes.".formatted(bytes.length));
    }
}
