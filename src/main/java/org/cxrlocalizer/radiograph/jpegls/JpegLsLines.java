// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpegls;

import java.util.Arrays;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * Decodes the samples of one scan by one reading of its parameters (ITU-T T.87, annexes A and B). Its components follow each other
 * line by line or sample by sample, if it has several; what was learned of one then serves the others.
 */
final class JpegLsLines {

    /** For how long runs a bit stands, as a power of two, by how many of them were long (J, section A.2.1). */
    private static final int[] RUN_BITS = {
        0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15
    };

    private final JpegLsParameters parameters;
    private final int width;
    private final short[][] samples;
    private final boolean bySample;
    private final JpegLsBits bits;
    private final JpegLsContexts contexts;
    /** The line before and this one of each component, with a sample more at each end. */
    private final int[][] before;

    private final int[][] line;
    private final int[] runs;

    /**
     * @param samples of the scan's components, to be filled
     * @param bySample whether the components of a pixel lie beside each other, else those of a line
     */
    JpegLsLines(JpegLsParameters parameters, int width, short[][] samples, boolean bySample, JpegLsBits bits) {
        this.parameters = parameters;
        this.width = width;
        this.samples = samples;
        this.bySample = bySample;
        this.bits = bits;
        contexts = new JpegLsContexts(parameters, bits);
        before = new int[samples.length][width + 2];
        line = new int[samples.length][width + 2];
        runs = new int[samples.length];
    }

    /**
     * Decodes all lines.
     *
     * @param restartInterval lines between restart markers; 0 without such
     * @return whether there were bytes that no sample has
     * @throws UnreadableImageException if there are too few samples or restart intervals, or too many intervals
     */
    boolean read(int restartInterval) {
        boolean surplus = false;
        int height = samples[0].length / width;
        for (int y = 0; y < height; y++) {
            if (restartInterval > 0 && y > 0 && y % restartInterval == 0) {
                surplus |= bits.skipToMarker();
                if (bits.skipRestart() != (y / restartInterval - 1) % 8) {
                    throw JpegLsImage.damaged("a restart interval is missing");
                }
                contexts.forget();
                Arrays.fill(runs, 0);
                Arrays.stream(before).forEach(values -> Arrays.fill(values, 0));
            }
            if (bySample) {
                begin(0, samples.length);
                pixels();
                end(0, samples.length, y);
            } else {
                for (int i = 0; i < samples.length; i++) {
                    begin(i, i + 1);
                    samples(i);
                    end(i, i + 1, y);
                }
            }
        }
        surplus |= bits.skipToMarker();
        if (bits.skipRestart() >= 0) {
            throw JpegLsImage.damaged("it has more restart intervals than its size needs");
        }
        return surplus;
    }

    /** Section A.2.1: beyond its ends, a line goes on as the one before it. */
    private void begin(int from, int to) {
        for (int i = from; i < to; i++) {
            before[i][width + 1] = before[i][width];
            line[i][0] = before[i][1];
        }
    }

    private void end(int from, int to, int y) {
        for (int i = from; i < to; i++) {
            for (int x = 0; x < width; x++) {
                samples[i][y * width + x] = (short) line[i][x + 1];
            }
            int[] done = line[i];
            line[i] = before[i];
            before[i] = done;
        }
    }

    private void samples(int i) {
        int x = 1;
        while (x <= width) {
            int gradients = gradients(i, x);
            if (gradients != 0) {
                line[i][x] = contexts.regular(gradients, prediction(i, x));
            } else {
                x = run(i, i + 1, x);
                if (x <= width) {
                    int left = line[i][x - 1];
                    int above = before[i][x];
                    boolean isLike = Math.abs(left - above) <= parameters.near();
                    line[i][x] = contexts.endOfRun(left, above, isLike, RUN_BITS[runs[i]]);
                    runs[i] = Math.max(0, runs[i] - 1);
                }
            }
            x++;
        }
    }

    /** Runs are of all components, and the samples that end one are taken for unlike their neighbours (annex B). */
    private void pixels() {
        int x = 1;
        int[] gradients = new int[samples.length];
        while (x <= width) {
            boolean isRun = true;
            for (int i = 0; i < gradients.length; i++) {
                gradients[i] = gradients(i, x);
                isRun &= gradients[i] == 0;
            }
            x = isRun ? run(0, samples.length, x) : x;
            for (int i = 0; i < gradients.length && x <= width; i++) {
                line[i][x] = isRun
                        ? contexts.endOfRun(line[i][x - 1], before[i][x], false, RUN_BITS[runs[0]])
                        : contexts.regular(gradients[i], prediction(i, x));
            }
            if (isRun && x <= width) {
                runs[0] = Math.max(0, runs[0] - 1);
            }
            x++;
        }
    }

    /** Fills a run of samples like the one to the left, and returns where it ends (section A.7.1). */
    private int run(int from, int to, int start) {
        int at = start;
        while (at <= width && bits.bits(1) == 1) {
            int length = 1 << RUN_BITS[runs[from]];
            int rest = width + 1 - at;
            fill(from, to, at, Math.min(length, rest));
            at += Math.min(length, rest);
            if (length <= rest) {
                runs[from] = Math.min(RUN_BITS.length - 1, runs[from] + 1);
            }
        }
        if (at > width) {
            return at;
        }
        int length = bits.bits(RUN_BITS[runs[from]]);
        if (length > width - at) {
            throw JpegLsImage.damaged("a run goes beyond its line");
        }
        fill(from, to, at, length);
        return at + length;
    }

    private void fill(int from, int to, int at, int length) {
        for (int i = from; i < to; i++) {
            Arrays.fill(line[i], at, at + length, line[i][at - 1]);
        }
    }

    private int gradients(int i, int x) {
        int aboveLeft = before[i][x - 1];
        int above = before[i][x];
        return 81 * parameters.quantised(before[i][x + 1] - above)
                + 9 * parameters.quantised(above - aboveLeft)
                + parameters.quantised(aboveLeft - line[i][x - 1]);
    }

    /** The median of three guesses: an edge above, an edge to the left, or a plane (section A.4.1). */
    private int prediction(int i, int x) {
        int left = line[i][x - 1];
        int above = before[i][x];
        int aboveLeft = before[i][x - 1];
        int least = Math.min(left, above);
        int most = Math.max(left, above);
        return aboveLeft >= most ? least : aboveLeft <= least ? most : left + above - aboveLeft;
    }
}
