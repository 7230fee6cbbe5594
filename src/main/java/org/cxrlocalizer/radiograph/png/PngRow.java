// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.png;

import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * A row of grey samples that a filtered row of a PNG is reversed into (PNG specification, third edition, section 9). The
 * samples are their own memory of what is to the left and above: there is no buffer of bytes in between. The loops keep
 * the left neighbour in a variable, because each step waits for it.
 *
 * @param at where in {@code samples} the row starts
 * @param above holds the row above, from {@code aboveAt}; zeros above the first
 */
record PngRow(short[] samples, int at, int width, short[] above, int aboveAt) {

    /** @param from where in {@code raw} the row starts, with the type of its filter */
    void unfilterEightBits(byte[] raw, int from) {
        int first = from + 1;
        switch (raw[from]) {
            case 0 -> none(raw, first);
            case 1 -> sub(raw, first);
            case 2 -> up(raw, first);
            case 3 -> average(raw, first);
            case 4 -> paeth(raw, first);
            default -> throw unknown(raw[from]);
        }
    }

    /** @param from where in {@code raw} the row starts, with the type of its filter */
    void unfilterSixteenBits(byte[] raw, int from) {
        int first = from + 1;
        switch (raw[from]) {
            case 0 -> wideNone(raw, first);
            case 1 -> wideSub(raw, first);
            case 2 -> wideUp(raw, first);
            case 3 -> wideAverage(raw, first);
            case 4 -> widePaeth(raw, first);
            default -> throw unknown(raw[from]);
        }
    }

    private static UnreadableImageException unknown(byte filter) {
        return new UnreadableImageException(
                "The PNG is damaged: no filter has the number %d.".formatted(filter & 0xff));
    }

    private void none(byte[] raw, int from) {
        for (int x = 0; x < width; x++) {
            samples[at + x] = (short) (raw[from + x] & 0xff);
        }
    }

    private void sub(byte[] raw, int from) {
        int left = 0;
        for (int x = 0; x < width; x++) {
            left += raw[from + x];
            samples[at + x] = (short) (left & 0xff);
        }
    }

    private void up(byte[] raw, int from) {
        for (int x = 0; x < width; x++) {
            samples[at + x] = (short) ((above[aboveAt + x] + raw[from + x]) & 0xff);
        }
    }

    private void average(byte[] raw, int from) {
        int left = 0;
        for (int x = 0; x < width; x++) {
            left = (((left + above[aboveAt + x]) >> 1) + raw[from + x]) & 0xff;
            samples[at + x] = (short) left;
        }
    }

    private void paeth(byte[] raw, int from) {
        int left = 0;
        int corner = 0;
        for (int x = 0; x < width; x++) {
            int up = above[aboveAt + x];
            left = (predict(left, up, corner) + raw[from + x]) & 0xff;
            samples[at + x] = (short) left;
            corner = up;
        }
    }

    private void wideNone(byte[] raw, int from) {
        for (int x = 0; x < width; x++) {
            samples[at + x] = joined(raw[from + 2 * x], raw[from + 2 * x + 1]);
        }
    }

    private void wideSub(byte[] raw, int from) {
        int high = 0;
        int low = 0;
        for (int x = 0; x < width; x++) {
            high += raw[from + 2 * x];
            low += raw[from + 2 * x + 1];
            samples[at + x] = joined(high, low);
        }
    }

    private void wideUp(byte[] raw, int from) {
        for (int x = 0; x < width; x++) {
            int up = above[aboveAt + x];
            samples[at + x] = joined((up >> 8) + raw[from + 2 * x], up + raw[from + 2 * x + 1]);
        }
    }

    private void wideAverage(byte[] raw, int from) {
        int high = 0;
        int low = 0;
        for (int x = 0; x < width; x++) {
            int up = above[aboveAt + x];
            high = (((high + (up >> 8 & 0xff)) >> 1) + raw[from + 2 * x]) & 0xff;
            low = (((low + (up & 0xff)) >> 1) + raw[from + 2 * x + 1]) & 0xff;
            samples[at + x] = joined(high, low);
        }
    }

    private void widePaeth(byte[] raw, int from) {
        int high = 0;
        int low = 0;
        int corner = 0;
        for (int x = 0; x < width; x++) {
            int up = above[aboveAt + x];
            high = (predict(high, up >> 8 & 0xff, corner >> 8 & 0xff) + raw[from + 2 * x]) & 0xff;
            low = (predict(low, up & 0xff, corner & 0xff) + raw[from + 2 * x + 1]) & 0xff;
            samples[at + x] = joined(high, low);
            corner = up;
        }
    }

    private static short joined(int high, int low) {
        return (short) (high << 8 | (low & 0xff));
    }

    /**
     * Paeth's predictor: of left, up and corner the one nearest to left + up − corner, in that order where two are as
     * near. {@code low} and {@code high} are the smaller and the larger of left and up. The smaller one is nearest where
     * corner − low ≥ 2 · (high − corner). The larger one is where high − corner ≥ 2 · (corner − low), else the corner. Both are
     * comparisons of one number, and the processor predicts no branch of them well on noise.
     */
    static int predict(int left, int up, int corner) {
        int low = Math.min(left, up);
        int high = Math.max(left, up);
        int turn = 3 * corner - left - up;
        int upper = turn <= low ? high : corner;
        return turn >= high ? low : upper;
    }
}
