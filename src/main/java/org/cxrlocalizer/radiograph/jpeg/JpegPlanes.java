// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.jspecify.annotations.Nullable;

/**
 * The samples of a sequential JPEG frame of 12 bits (ITU-T T.81, annex F), which ImageIO's readers do not decode. A component with
 * fewer samples than the image is repeated, not smoothed.
 */
public final class JpegPlanes {

    private static final int BLOCK = 64;
    private static final int PRECISION = 12;

    private final Map<Integer, int[]> tables = new HashMap<>();
    private final Map<JpegFrame.Component, short[]> samples = new HashMap<>();
    private @Nullable JpegFrame frame;

    private JpegPlanes() {}

    /**
     * Decodes a frame.
     *
     * @param size is called before anything of that size is made
     * @param notes gets what a careful user should know
     * @throws UnreadableImageException if it is damaged or cut short, or of another kind
     */
    public static JpegPlanes decode(byte[] jpeg, JpegScans.SizeCheck size, List<String> notes) {
        JpegPlanes planes = new JpegPlanes();
        if (!JpegScans.read(jpeg, planes, size, notes)) {
            notes.add(JpegScans.WITHOUT_END);
        }
        return planes;
    }

    /** Reads a row of pixels, the components of a pixel beside each other. */
    public void read(int y, int[] row) {
        JpegFrame of = started();
        int count = of.components().size();
        for (int i = 0; i < count; i++) {
            JpegFrame.Component component = of.components().get(i);
            int width = of.width(component);
            short[] plane = plane(component);
            int from = scaled(y, of.height(component), of.height()) * width;
            for (int x = 0; x < of.width(); x++) {
                row[x * count + i] = plane[from + scaled(x, width, of.width())];
            }
        }
    }

    private static int scaled(int at, int size, int imageSize) {
        return (int) ((long) at * size / imageSize);
    }

    void start(JpegFrame started) {
        if (!started.isSequential() || started.precision() != PRECISION) {
            throw new UnreadableImageException("The JPEG is not sequential with 12 bits.");
        }
        frame = started;
        for (JpegFrame.Component component : started.components()) {
            samples.put(component, new short[Math.multiplyExact(started.width(component), started.height(component))]);
        }
    }

    /** Section B.2.4.1. */
    void quantisationTables(byte[] jpeg, int from, int end) {
        int at = from;
        while (at < end) {
            int bytes = (jpeg[at] & 0xf0) == 0 ? 1 : 2;
            int number = jpeg[at] & 0xf;
            if (number > 3 || at + 1 + bytes * BLOCK > end) {
                throw JpegScans.damaged("a quantisation table is cut short");
            }
            int[] table = new int[BLOCK];
            for (int k = 0; k < BLOCK; k++) {
                table[k] = bytes == 1 ? jpeg[at + 1 + k] & 0xff : JpegScans.two(jpeg, at + 1 + 2 * k);
            }
            tables.put(number, table);
            at += 1 + bytes * BLOCK;
        }
    }

    /** A reader of blocks, which become samples; each component with the table that it has when its scan begins. */
    JpegUnits units(List<JpegFrame.Component> components, JpegBits bits) {
        Map<JpegFrame.Component, JpegDecodedUnits.Plane> planes = new HashMap<>();
        JpegFrame of = started();
        for (JpegFrame.Component component : components) {
            int[] table = tables.get(component.quantisation());
            if (table == null) {
                throw JpegScans.damaged("a quantisation table is missing");
            }
            planes.put(
                    component,
                    new JpegDecodedUnits.Plane(
                            plane(component), of.width(component), of.height(component), of.stride(component), table));
        }
        return new JpegDecodedUnits(planes, bits);
    }

    private JpegFrame started() {
        if (frame == null) {
            throw new IllegalStateException("no frame was read");
        }
        return frame;
    }

    private short[] plane(JpegFrame.Component component) {
        return samples.getOrDefault(component, new short[0]);
    }
}
