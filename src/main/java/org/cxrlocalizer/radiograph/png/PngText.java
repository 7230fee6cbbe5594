// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.png;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;
import org.cxrlocalizer.radiograph.pixels.ExifOrientation;
import org.cxrlocalizer.radiograph.pixels.Orientation;
import org.cxrlocalizer.radiograph.pixels.XmpOrientation;

/**
 * The orientation in a text chunk of a PNG (PNG specification, third edition, section 11.3.3): EXIF data in hexadecimal digits under
 * ImageMagick's keyword, or an XMP packet. What cannot be read states none.
 */
final class PngText {

    static final int TEXT = 0x74455874;
    static final int COMPRESSED = 0x7a545874;
    static final int INTERNATIONAL = 0x69545874;

    private static final int LONGEST_KEYWORD = 79;
    private static final int MOST_BYTES = 1 << 18;

    /** The name of the profile, its length, then the digits, in lines. */
    private static final Pattern PROFILE = Pattern.compile("\\s*\\w+\\s+\\d+\\s+([0-9a-fA-F\\s]+)");

    private PngText() {}

    static Optional<Orientation> orientation(int type, byte[] chunk) {
        int keywordEnd = end(chunk, 0);
        if (keywordEnd > LONGEST_KEYWORD || keywordEnd == chunk.length) {
            return Optional.empty();
        }
        String keyword = new String(chunk, 0, keywordEnd, StandardCharsets.ISO_8859_1);
        try {
            return switch (keyword) {
                case "Raw profile type exif", "Raw profile type APP1" -> ofProfile(content(type, chunk, keywordEnd));
                case "XML:com.adobe.xmp" -> XmpOrientation.of(content(type, chunk, keywordEnd));
                default -> Optional.empty();
            };
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Orientation> ofProfile(byte[] text) {
        Matcher profile = PROFILE.matcher(new String(text, StandardCharsets.ISO_8859_1));
        if (!profile.matches()) {
            return Optional.empty();
        }
        String digits = profile.group(1).replaceAll("\\s", "");
        return digits.length() % 2 != 0
                ? Optional.empty()
                : ExifOrientation.of(ByteBuffer.wrap(HexFormat.of().parseHex(digits)));
    }

    private static byte[] content(int type, byte[] chunk, int keywordEnd) throws IOException {
        int from = keywordEnd + 1;
        boolean compressed = type == COMPRESSED;
        if (type == COMPRESSED) {
            from++; // the method
        } else if (type == INTERNATIONAL) {
            compressed = from < chunk.length && chunk[from] == 1;
            from = end(chunk, end(chunk, from + 2) + 1) + 1; // behind the language and the translated keyword
        }
        byte[] content = from < chunk.length ? Arrays.copyOfRange(chunk, from, chunk.length) : new byte[0];
        if (!compressed) {
            return content;
        }
        try (InflaterInputStream inflated = new InflaterInputStream(new ByteArrayInputStream(content))) {
            return inflated.readNBytes(MOST_BYTES);
        }
    }

    /** The next zero, or the end. */
    private static int end(byte[] chunk, int from) {
        int at = Math.min(from, chunk.length);
        while (at < chunk.length && chunk[at] != 0) {
            at++;
        }
        return at;
    }
}
