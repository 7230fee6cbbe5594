// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.jspecify.annotations.Nullable;

/**
 * Reads all scans of a JPEG (ITU-T T.81, annex B) and refuses it if a sample is missing: decoders fill what is missing with grey, or
 * with what they had before. Frames of other processes than Huffman-coded ones are refused, because their data are not counted.
 */
public final class JpegScans {

    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int HUFFMAN_TABLES = 0xc4;
    private static final int RESTART_INTERVAL = 0xdd;
    private static final int QUANTISATION_TABLES = 0xdb;
    private static final int MOST_SCANS = 200;
    private static final int NOT_CODED = -1;

    public static final String WITHOUT_END = "The JPEG frame has no end marker; its pixels are all there.";
    private static final String SURPLUS = "The JPEG has more compressed data than its size needs; it may be damaged.";

    private final byte[] jpeg;
    private final SizeCheck size;
    private final List<String> notes;
    private final @Nullable JpegHuffmanTable[] dcTables = new JpegHuffmanTable[4];
    private final @Nullable JpegHuffmanTable[] acTables = new JpegHuffmanTable[4];
    private final Map<JpegFrame.Component, long[]> nonZero = new HashMap<>();
    /** For each component, how many low bits of each coefficient no scan had; or that none had the coefficient. */
    private final Map<JpegFrame.Component, int[]> missingBits = new HashMap<>();

    private final @Nullable JpegPlanes planes;
    private @Nullable JpegFrame frame;
    private int restartInterval;
    private int scans;
    private boolean hasSurplus;

    private JpegScans(byte[] jpeg, @Nullable JpegPlanes planes, SizeCheck size, List<String> notes) {
        this.jpeg = jpeg;
        this.planes = planes;
        this.size = size;
        this.notes = notes;
    }

    /** Refuses the size that a frame header states, if it is not to be read. */
    public interface SizeCheck {
        void check(int width, int height);
    }

    /**
     * Checks that each scan has as many units as the size needs, and that each coefficient is in a scan in all of its bits.
     *
     * @param size is called before anything of that size is made
     * @param notes gets what a careful user should know
     * @return whether there is an end-of-image marker
     * @throws UnreadableImageException if that is not so
     */
    public static boolean check(byte[] jpeg, SizeCheck size, List<String> notes) {
        return new JpegScans(jpeg, null, size, notes).read();
    }

    /**
     * Decodes all samples of a sequential frame, whose precision may be 12 bits; it checks the frame as {@link #check} does.
     *
     * @param planes gets the samples
     * @return whether there is an end-of-image marker
     */
    static boolean read(byte[] jpeg, JpegPlanes planes, SizeCheck size, List<String> notes) {
        return new JpegScans(jpeg, planes, size, notes).read();
    }

    private boolean read() {
        int at = 2;
        boolean ended = false;
        while (!ended && at + 1 < jpeg.length) {
            int marker = jpeg[at + 1] & 0xff;
            if ((jpeg[at] & 0xff) != 0xff || marker == 0xff) {
                at++; // fill bytes, or stray bytes that decoders skip too
            } else if (marker == END_OF_IMAGE) {
                ended = true;
            } else if (JpegSegments.hasNoLength(marker)) {
                at += 2;
            } else {
                at = segment(marker, at);
            }
        }
        checkWhole();
        if (hasSurplus) {
            notes.add(SURPLUS);
        }
        return ended;
    }

    private int segment(int marker, int at) {
        int end = at + 4 <= jpeg.length ? at + 2 + two(jpeg, at + 2) : jpeg.length + 1;
        if (end < at + 4 || end > jpeg.length) {
            throw damaged("a segment is cut short");
        }
        switch (marker) {
            case HUFFMAN_TABLES -> huffmanTables(at + 4, end);
            case QUANTISATION_TABLES -> {
                if (planes != null) {
                    planes.quantisationTables(jpeg, at + 4, end);
                }
            }
            case RESTART_INTERVAL -> restartInterval = end - at < 6 ? 0 : two(jpeg, at + 4);
            case START_OF_SCAN -> {
                return scan(at, end);
            }
            default -> {
                if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc8 && marker != 0xcc) {
                    startFrame(JpegFrame.of(jpeg, at, end));
                }
            }
        }
        return end;
    }

    private void startFrame(JpegFrame started) {
        if (frame != null) {
            throw damaged("it has two frame headers");
        }
        if (!started.isCounted()) {
            throw new UnreadableImageException("The JPEG is coded in a way that is not read, or it has no size.");
        }
        size.check(started.width(), started.height());
        frame = started;
        if (planes != null) {
            planes.start(started);
        }
        for (JpegFrame.Component component : started.components()) {
            int[] missing = new int[64];
            Arrays.fill(missing, NOT_CODED);
            missingBits.put(component, missing);
            int blocks = started.isProgressive()
                    ? started.interleavedColumns()
                            * component.horizontal()
                            * started.interleavedRows()
                            * component.vertical()
                    : 0;
            nonZero.put(component, new long[blocks]);
        }
    }

    private void huffmanTables(int from, int end) {
        int at = from;
        while (at + 17 <= end) {
            byte[] counts = Arrays.copyOfRange(jpeg, at + 1, at + 17);
            int words = 0;
            for (byte count : counts) {
                words += count & 0xff;
            }
            int number = jpeg[at] & 0xf;
            if (at + 17 + words > end || number > 3) {
                throw damaged("a Huffman table is cut short");
            }
            @Nullable JpegHuffmanTable[] tables = (jpeg[at] & 0xf0) == 0 ? dcTables : acTables;
            tables[number] = new JpegHuffmanTable(counts, Arrays.copyOfRange(jpeg, at + 17, at + 17 + words));
            at += 17 + words;
        }
    }

    /** Section B.2.3. */
    private int scan(int at, int end) {
        JpegFrame of = frame;
        int count = end - at < 5 ? 0 : jpeg[at + 4] & 0xff;
        if (of == null || count < 1 || end - at < 5 + 2 * count + 3 || ++scans > MOST_SCANS) {
            throw damaged("a scan's header is cut short, or it has more scans than are read");
        }
        int band = at + 5 + 2 * count;
        int first = jpeg[band] & 0xff;
        int last = Math.min(63, jpeg[band + 1] & 0xff);
        boolean refines = of.isProgressive() && jpeg[band + 2] >> 4 != 0;
        if (of.isProgressive() && (first > last || (first > 0 && count > 1) || (first == 0 && last > 0))) {
            throw damaged("a scan has a band that it cannot have");
        }
        List<JpegScan.Part> parts = new ArrayList<>();
        for (int i = at + 5; i < band; i += 2) {
            JpegFrame.Component component = component(of, jpeg[i] & 0xff);
            parts.add(new JpegScan.Part(
                    component,
                    table(dcTables, jpeg[i + 1] >> 4 & 3, true),
                    table(acTables, jpeg[i + 1] & 3, false),
                    nonZero.getOrDefault(component, new long[0])));
            noteBits(of, component, first, last, jpeg[band + 2]);
        }
        JpegBits bits = new JpegBits(jpeg, end);
        JpegUnits units = planes == null
                ? new JpegCountedUnits(of, first, last, refines, bits)
                : planes.units(parts.stream().map(JpegScan.Part::component).toList(), bits);
        hasSurplus |= new JpegScan(of, parts, units, bits).read(restartInterval);
        return bits.position();
    }

    private static JpegFrame.Component component(JpegFrame frame, int id) {
        return frame.components().stream()
                .filter(component -> component.id() == id)
                .findFirst()
                .orElseThrow(() -> damaged("a scan has a component that the frame has not"));
    }

    private static JpegHuffmanTable table(@Nullable JpegHuffmanTable[] tables, int number, boolean dc) {
        JpegHuffmanTable table = tables[number];
        return table == null ? JpegHuffmanTable.standard(dc, number) : table;
    }

    private void noteBits(JpegFrame of, JpegFrame.Component component, int first, int last, int approximation) {
        int[] missing = missingBits.getOrDefault(component, new int[64]);
        if (!of.isProgressive()) {
            Arrays.fill(missing, 0);
            return;
        }
        int before = approximation >> 4 & 0xf;
        for (int k = first; k <= last; k++) {
            if (before != 0 && missing[k] != before) {
                throw damaged("a scan that refines another is missing");
            }
            missing[k] = approximation & 0xf;
        }
    }

    private void checkWhole() {
        boolean whole =
                missingBits.values().stream().flatMapToInt(Arrays::stream).allMatch(bits -> bits == 0);
        if (frame == null || !whole) {
            throw damaged("some of its scans are missing");
        }
    }

    public static UnreadableImageException damaged(String how) {
        return new UnreadableImageException("The JPEG is damaged: %s.".formatted(how));
    }

    static int two(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }
}
