// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg;

/**
 * Reads units as far as is needed to count them (ITU-T T.81, annexes F, G and H): code words and the lengths of what follows them,
 * but no values.
 */
final class JpegCountedUnits implements JpegUnits {

    private static final int BLOCK = 64;
    private static final int LONGEST_ZERO_RUN = 15;
    private static final int MOST_BITS = 16;

    private final JpegFrame frame;
    private final int first;
    private final int last;
    private final boolean refines;
    private final JpegBits bits;
    /** How many blocks are still without further coefficients of the band (section G.1.2.2). */
    private int endOfBandRun;

    /** @param first of the coefficients in the scan, with the last; or the predictor of lossless samples */
    JpegCountedUnits(JpegFrame frame, int first, int last, boolean refines, JpegBits bits) {
        this.frame = frame;
        this.first = first;
        this.last = last;
        this.refines = refines;
        this.bits = bits;
    }

    @Override
    public void restart() {
        endOfBandRun = 0;
    }

    @Override
    public void read(JpegScan.Part part, int block) {
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
    private long coefficients(JpegScan.Part part, int from, int to) {
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
    private void refinement(JpegScan.Part part, int block) {
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
