// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.pixels;

import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegment;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The orientation that EXIF data states: of a JPEG in an APP1 segment, of a PNG in an eXIf chunk. The data are a TIFF file whose
 * first directory has the tag (EXIF 2.32, section 4.5). Damaged EXIF data are ignored; the pixels are still usable.
 */
public final class ExifOrientation {

    private static final int LITTLE_ENDIAN = 0x4949;
    private static final int BIG_ENDIAN = 0x4d4d;
    private static final int TIFF = 42;
    private static final int ENTRY_BYTES = 12;
    private static final int ORIENTATION = 0x112;
    private static final String XMP_NAMESPACE = "http://ns.adobe.com/xap/1.0/";
    private static final byte[] PREFIX = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

    private ExifOrientation() {}

    /** Returns the orientation that a JPEG states in EXIF data, else in XMP. */
    public static Orientation ofJpeg(byte[] jpeg) {
        return inSegment(jpeg, "Exif", 1, data -> of(ByteBuffer.wrap(data))) // a padding byte is behind "Exif\0"
                .or(() -> inSegment(jpeg, XMP_NAMESPACE, 0, XmpOrientation::of))
                .orElse(Orientation.UPRIGHT);
    }

    private static Optional<Orientation> inSegment(
            byte[] jpeg, String name, int from, Function<byte[], Optional<Orientation>> orientation) {
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg))) {
            for (JPEGSegment segment : JPEGSegmentUtil.readSegments(stream, JPEG.APP1, name)) {
                try (InputStream data = segment.data()) {
                    data.skipNBytes(from);
                    Optional<Orientation> found = orientation.apply(data.readAllBytes());
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the orientation that EXIF data state, if they can be read.
     *
     * @param exif a TIFF file; some writers put the prefix of a JPEG segment before it
     */
    public static Optional<Orientation> of(ByteBuffer exif) {
        boolean prefixed = exif.remaining() >= PREFIX.length
                && exif.slice(0, PREFIX.length).equals(ByteBuffer.wrap(PREFIX));
        ByteBuffer tiff = prefixed ? exif.slice(PREFIX.length, exif.limit() - PREFIX.length) : exif.slice();
        if (tiff.limit() < 8) {
            return Optional.empty();
        }
        int order = tiff.getShort(0);
        if (order != LITTLE_ENDIAN && order != BIG_ENDIAN) {
            return Optional.empty();
        }
        tiff.order(order == LITTLE_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long directory = Integer.toUnsignedLong(tiff.getInt(4));
        if (tiff.getShort(2) != TIFF || directory > tiff.limit() - 2) {
            return Optional.empty();
        }
        return ofDirectory(tiff, (int) directory);
    }

    private static Optional<Orientation> ofDirectory(ByteBuffer tiff, int directory) {
        int entries = tiff.getShort(directory) & 0xffff;
        int first = directory + 2;
        for (int i = 0; i < entries && first + (i + 1) * ENTRY_BYTES <= tiff.limit(); i++) {
            int entry = first + i * ENTRY_BYTES;
            if ((tiff.getShort(entry) & 0xffff) == ORIENTATION) {
                return Orientation.find(value(tiff, entry));
            }
        }
        return Optional.empty();
    }

    /** The first value of an entry, which lies in the entry itself where it is short; 0 of a type that has no such value. */
    private static int value(ByteBuffer tiff, int entry) {
        if (tiff.getInt(entry + 4) < 1) {
            return 0;
        }
        return switch (tiff.getShort(entry + 2)) {
            case 1 -> tiff.get(entry + 8) & 0xff;
            case 3 -> tiff.getShort(entry + 8) & 0xffff;
            case 4 -> tiff.getInt(entry + 8);
            default -> 0;
        };
    }
}
