// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpegls;

import java.util.List;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * Decodes a JPEG-LS image (ITU-T T.87, annex C). Sizes beyond 65,535, mapping tables, point transforms and the colour transforms
 * of one vendor are refused: DICOM has none of them (PS3.5, section 8.2.3).
 */
public final class JpegLsImage {

    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int RESTART_INTERVAL = 0xdd;
    private static final int PRESETS = 0xf8;
    private static final int COLOUR_TRANSFORM = 0xe8;
    private static final int CODING_PARAMETERS = 1;
    private static final int MOST_INTERLEAVES = 2;

    private static final String SURPLUS =
            "The JPEG-LS frame has more compressed data than its size needs; it may be damaged.";
    private static final String WITHOUT_END = "The JPEG-LS frame has no end marker; its pixels are all there.";

    private final byte[] image;
    private final JpegLsHeader header;
    private final short[][] samples;
    private final boolean[] isRead;
    private JpegLsParameters.Preset preset = JpegLsParameters.Preset.NONE;
    private int restartInterval;
    private boolean hasSurplus;
    private boolean hasFrame;

    private JpegLsImage(byte[] image, JpegLsHeader header) {
        this.image = image;
        this.header = header;
        int components = header.components().size();
        samples = new short[components][Math.multiplyExact(header.width(), header.height())];
        isRead = new boolean[components];
    }

    /**
     * Decodes all samples. They take two bytes each, so their number is checked before.
     *
     * @param header that of the image
     * @param notes gets what a careful user should know
     * @return for each component its samples, row by row, as unsigned numbers
     * @throws UnreadableImageException if the image is damaged or cut short
     */
    public static short[][] decode(byte[] image, JpegLsHeader header, List<String> notes) {
        JpegLsImage decoded = new JpegLsImage(image, header);
        if (!decoded.read()) {
            notes.add(WITHOUT_END);
        }
        if (decoded.hasSurplus) {
            notes.add(SURPLUS);
        }
        return decoded.samples;
    }

    /** Whether there is an end marker; it may be missing, because the file's fragments show where the image ends. */
    private boolean read() {
        int at = 2;
        boolean ended = false;
        while (!ended && at + 1 < image.length && !isFill(at)) {
            int marker = image[at + 1] & 0xff;
            if ((image[at] & 0xff) != 0xff) {
                throw damaged("no marker stands where one must");
            } else if (marker == 0xff) {
                at++;
            } else if (marker == END_OF_IMAGE) {
                ended = true;
            } else {
                at = segment(marker, at, end(image, at));
            }
        }
        for (boolean whole : isRead) {
            if (!whole) {
                throw damaged("a component is missing");
            }
        }
        return ended;
    }

    /** A frame of an odd length has a zero behind it. */
    private boolean isFill(int at) {
        return at + 2 >= image.length && image[at] == 0;
    }

    private int segment(int marker, int at, int end) {
        switch (marker) {
            case JpegLsHeader.MARKER -> {
                if (hasFrame || !JpegLsHeader.of(image, at, end).equals(header)) {
                    throw damaged("it has two frame headers");
                }
                hasFrame = true;
            }
            case PRESETS -> preset(at, end);
            case RESTART_INTERVAL -> restartInterval(at, end);
            case COLOUR_TRANSFORM -> requireNoColourTransform(at, end);
            case START_OF_SCAN -> {
                return scan(at, end);
            }
            default -> {
                boolean isOtherFrame = marker >= 0xc0 && marker <= 0xcf;
                if (isOtherFrame || marker < 0xc0 || (marker >= 0xd0 && marker < START_OF_SCAN)) {
                    throw damaged("a marker stands where none can");
                }
            }
        }
        return end;
    }

    private void preset(int at, int end) {
        if (end - at < 15 || image[at + 4] != CODING_PARAMETERS) {
            throw new UnreadableImageException("The JPEG-LS image has mapping tables or sizes that are not read.");
        }
        preset = new JpegLsParameters.Preset(
                two(image, at + 5), two(image, at + 7), two(image, at + 9), two(image, at + 11), two(image, at + 13));
    }

    /** Reads the restart interval, of two to four bytes (section C.2.5). */
    private void restartInterval(int at, int end) {
        if (end - at < 6 || end - at > 8) {
            throw damaged("its restart interval is cut short");
        }
        long interval = 0;
        for (int i = at + 4; i < end; i++) {
            interval = interval << 8 | (image[i] & 0xff);
        }
        restartInterval = (int) Math.min(interval, Integer.MAX_VALUE);
    }

    private void requireNoColourTransform(int at, int end) {
        boolean isTransform = end - at >= 9
                && image[at + 4] == 'm'
                && image[at + 5] == 'r'
                && image[at + 6] == 'f'
                && image[at + 7] == 'x';
        if (isTransform && image[at + 8] != 0) {
            throw new UnreadableImageException("The JPEG-LS image has a colour transform that is not read.");
        }
    }

    /** Section C.2.3. */
    private int scan(int at, int end) {
        int count = end - at < 5 ? 0 : image[at + 4] & 0xff;
        int after = at + 5 + 2 * count;
        if (!hasFrame || count == 0 || count > samples.length || end < after + 3) {
            throw damaged("a scan's header is cut short");
        }
        int interleave = image[after + 1] & 0xff;
        if (interleave > MOST_INTERLEAVES || (interleave == 0 && count > 1)) {
            throw damaged("a scan mixes its components in a way that it cannot");
        }
        short[][] scanned = new short[count][];
        for (int i = 0; i < count; i++) {
            int component = header.components().indexOf(image[at + 5 + 2 * i] & 0xff);
            if (component < 0 || isRead[component]) {
                throw damaged("a scan has a component that the frame has not, or has twice");
            }
            if (image[at + 6 + 2 * i] != 0 || image[after + 2] != 0) {
                throw new UnreadableImageException("The JPEG-LS image has mapping tables or shifts that are not read.");
            }
            isRead[component] = true;
            scanned[i] = samples[component];
        }
        JpegLsParameters parameters = JpegLsParameters.of(header.precision(), image[after] & 0xff, preset);
        JpegLsScan scan = new JpegLsScan(image, end, header.width(), restartInterval, interleave == 2 && count > 1);
        JpegLsScan.End read = scan.read(parameters, header.precision(), scanned);
        hasSurplus |= read.hasSurplus();
        return read.position();
    }

    /** Where the segment behind a marker ends. */
    static int end(byte[] image, int at) {
        int end = at + 4 <= image.length ? at + 2 + two(image, at + 2) : Integer.MAX_VALUE;
        if (end < at + 4 || end > image.length) {
            throw damaged("a segment is cut short");
        }
        return end;
    }

    static int two(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }

    static UnreadableImageException damaged(String how) {
        return new UnreadableImageException("The JPEG-LS frame is damaged: %s.".formatted(how));
    }
}
