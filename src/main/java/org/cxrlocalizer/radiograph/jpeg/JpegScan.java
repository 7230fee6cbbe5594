// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg;

import java.util.List;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/** Reads the entropy-coded data of one scan of a JPEG (ITU-T T.81, section A.2): as many units as its size has, in their order. */
final class JpegScan {

    private final JpegFrame frame;
    private final List<Part> parts;
    private final JpegUnits units;
    private final JpegBits bits;
    private boolean hasSurplus;

    /**
     * A component in the scan.
     *
     * @param nonZero for each block, which coefficients of a progressive frame were not zero in earlier scans
     */
    record Part(JpegFrame.Component component, JpegHuffmanTable dc, JpegHuffmanTable ac, long[] nonZero) {}

    JpegScan(JpegFrame frame, List<Part> parts, JpegUnits units, JpegBits bits) {
        this.frame = frame;
        this.parts = parts;
        this.units = units;
        this.bits = bits;
    }

    /**
     * Reads all units.
     *
     * @param restartInterval units between restart markers; 0 without such
     * @return whether there were bytes that no unit has
     * @throws UnreadableImageException if there are too few units or restart intervals, or too many intervals
     */
    boolean read(int restartInterval) {
        boolean alone = parts.size() == 1;
        JpegFrame.Component only = parts.get(0).component();
        int columns = alone ? frame.columns(only) : frame.interleavedColumns();
        int rows = alone ? frame.rows(only) : frame.interleavedRows();
        int untilRestart = restartInterval;
        int restarts = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                if (restartInterval > 0 && untilRestart == 0) {
                    restart(restarts++ % 8);
                    untilRestart = restartInterval;
                }
                untilRestart--;
                if (alone) {
                    units.read(parts.get(0), row * frame.stride(only) + column);
                } else {
                    interleaved(row, column);
                }
            }
        }
        hasSurplus |= bits.skipToMarker();
        // Some encoders write one behind the last interval too.
        if (bits.skipRestart() >= 0 && bits.skipToMarker()) {
            throw JpegScans.damaged("it has more restart intervals than its size needs");
        }
        return hasSurplus;
    }

    private void restart(int number) {
        hasSurplus |= bits.skipToMarker();
        if (bits.skipRestart() != number) {
            throw JpegScans.damaged("a restart interval is missing");
        }
        units.restart();
    }

    private void interleaved(int row, int column) {
        for (Part part : parts) {
            JpegFrame.Component component = part.component();
            for (int y = 0; y < component.vertical(); y++) {
                for (int x = 0; x < component.horizontal(); x++) {
                    int block = (row * component.vertical() + y) * frame.stride(component)
                            + column * component.horizontal()
                            + x;
                    units.read(part, block);
                }
            }
        }
    }
}
