package org.cxrlocalizer.radiograph.jpeg;

import java.util.List;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * Reads the entropy-coded data of one scan of a JPEG (ITU-T T.81, annexes F, G and H) as far as is needed to count them: code words
 * and the lengths of what follows them, but no values.
 */
final class JpegScan {

    private static final int BLOCK = 64;
    private static final int LONGEST_ZERO_RUN = 15;
    private static final int MOST_BITS = 16;

    private final JpegFrame frame;
    private final List<Part> parts;
    private final int first;
    private final int last;
    private final boolean refines;
    private final JpegBits bits;
    /** How many blocks are still without further coefficients of the band (section G.1.2.2). */
    private int endOfBandRun;

    private boolean hasSurplus;

    /**
     * A component in the scan.
     *
     * @param nonZero for each block, which coefficients of a progressive frame were not zero in earlier scans
     */
    record Part(JpegFrame.Component component, JpegHuffmanTable dc, JpegHuffmanTable ac, long[] nonZero) {}

    /** @param first of the coefficients in the scan, with the last; or the predictor of lossless samples */
    JpegScan(JpegFrame frame, List<Part> parts, int first, int last, boolean refines, JpegBits bits) {
        this.frame = frame;
        this.parts = parts;
        this.first = first;
        this.last = last;
        this.refines = refines;
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
                    unit(parts.get(0), row * stride(only) + column);
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
        endOfBandRun = 0;
    }

    private int stride(JpegFrame.Component component) {
        return frame.interleavedColumns() * component.horizontal();
    }

    private void interleaved(int row, int column) {
        for (Part part : parts) {
            JpegFrame.Component component = part.component();
            for (int y = 0; y < component.vertical(); y++) {
                for (int x = 0; x < component.horizontal(); x++) {
                    int block =
                            (row * component.vertical() + y) * stride(component) + column * component.horizontal() + x;
                    unit(part, block);
                }
            }
        }
    }

    private void unit(Part part, int block) {
        if (frame.isLossless()) {
            int size = bits.symbol(part.dc());
            // Of the largest difference, no bits follow (table H.2).
            skip(size == MOST_BITS ? 0 : size);
        } else if (!frame.isProgressive()) {
            skip(bits.symbol(part.dc()));
            coefficients(part, 1, BLOCK - 1);
        } else if (first == 0) {
            skip(refines ? 1 : bits.symbol(part.dc()));
        } else if (refines) {
            refinement(part, block);
        } else if (endOfBandRun > 0) {
            endOfBandRun--;
        } else {
            part.nonZero()[block] |= coefficients(part, first, last);
        }
    }

    private void skip(int size) {
        if (size >= MOST_BITS) {
            throw JpegScans.damaged("a sample has more bits than it can have");
        }
        bits.bits(size);
    }

    /** Reads the coefficients of a block, and returns which of them are not zero. */
    private long coefficients(Part part, int from, int to) {
        long nonZero = 0;
        int k = from;
        while (k <= to) {
            int symbol = bits.symbol(part.ac());
            int run = symbol >> 4;
            int size = symbol & 0xf;
            if (size > 0) {
                k += run;
                if (k > to) {
                    throw JpegScans.damaged("a block has more coefficients than it can have");
                }
                bits.bits(size);
                nonZero |= 1L << k;
                k++;
            } else if (run == LONGEST_ZERO_RUN) {
                k += 16;
            } else {
                endOfBandRun = frame.isProgressive() ? (1 << run) + bits.bits(run) - 1 : 0;
                return nonZero;
            }
        }
        return nonZero;
    }

    /** Section G.1.2.3: a bit for each coefficient that was not zero, among new ones. */
    private void refinement(Part part, int block) {
        long known = part.nonZero()[block];
        int k = first;
        while (endOfBandRun == 0 && k <= last) {
            int symbol = bits.symbol(part.ac());
            int run = symbol >> 4;
            boolean isNew = (symbol & 0xf) > 0;
            if (isNew) {
                bits.bits(1);
            } else if (run < LONGEST_ZERO_RUN) {
                endOfBandRun = (1 << run) + bits.bits(run);
                break;
            }
            while (k <= last && ((known >> k & 1) == 1 || run-- > 0)) {
                if ((known >> k & 1) == 1) {
                    bits.bits(1);
                }
                k++;
            }
            if (isNew && k <= last) {
                part.nonZero()[block] |= 1L << k;
            }
            k++;
        }
        if (endOfBandRun > 0) {
            bitsOfKnown(known, k);
            endOfBandRun--;
        }
    }

    private void bitsOfKnown(long known, int from) {
        for (int k = from; k <= last; k++) {
            if ((known >> k & 1) == 1) {
                bits.bits(1);
            }
        }
    }
}
