// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpegls;

import java.util.Arrays;

/**
 * The prediction errors of a scan so far (ITU-T T.87, sections A.5 to A.7). Each context of local gradients, and each of the two
 * of interrupted runs, has sums. The length of code words and a correction of the prediction follow from them.
 */
final class JpegLsContexts {

    /** Contexts of gradients, 0 to 364, and of interrupted runs: between unlike neighbours, and between like ones. */
    private static final int COUNT = 367;

    private static final int OF_RUNS = 365;
    private static final int FIRST_SUM_DIVISOR = 64;
    private static final int MOST_CORRECTION = 127;
    private static final int LEAST_CORRECTION = -128;

    private final JpegLsParameters parameters;
    private final JpegLsBits bits;
    private final int step;
    private final int range;
    private final int errorBits;
    private final int longestWord;
    private final int reset;
    /** Sums of sizes of errors (A). */
    private final int[] sizes = new int[COUNT];
    /** Sums of errors (B); of interrupted runs, how many were negative (Nn). */
    private final int[] sums = new int[COUNT];
    /** Corrections of the prediction (C). */
    private final int[] corrections = new int[COUNT];
    /** How often the context occurred (N). */
    private final int[] counts = new int[COUNT];

    JpegLsContexts(JpegLsParameters parameters, JpegLsBits bits) {
        this.parameters = parameters;
        this.bits = bits;
        step = parameters.step();
        range = parameters.range();
        errorBits = parameters.errorBits();
        longestWord = parameters.longestWord();
        reset = parameters.reset();
        forget();
    }

    /** As at the beginning of a scan, and behind a restart marker. */
    void forget() {
        Arrays.fill(sizes, Math.max(2, (range + FIRST_SUM_DIVISOR / 2) / FIRST_SUM_DIVISOR));
        Arrays.fill(sums, 0);
        Arrays.fill(corrections, 0);
        Arrays.fill(counts, 1);
    }

    /**
     * Reads a sample in the regular mode.
     *
     * @param gradients the context, negative where its mirror image is the one that is kept
     */
    int regular(int gradients, int prediction) {
        int sign = gradients < 0 ? -1 : 1;
        int context = Math.abs(gradients);
        int corrected = Math.max(0, Math.min(parameters.maximum(), prediction + sign * corrections[context]));
        int shift = shift(sizes[context], counts[context]);
        int mapped = codeWord(shift, longestWord);
        int error = (mapped & 1) == 0 ? mapped >> 1 : -(mapped >> 1) - 1;
        if (shift == 0 && step == 1 && 2 * sums[context] <= -counts[context]) {
            error = -error - 1;
        }
        learn(context, error);
        return parameters.sample(corrected, sign * error);
    }

    private void learn(int context, int error) {
        int sum = sums[context] + error * step;
        int count = counts[context];
        sizes[context] += Math.abs(error);
        if (count == reset) {
            sizes[context] >>= 1;
            sum = sum >= 0 ? sum >> 1 : -((1 - sum) >> 1);
            count >>= 1;
        }
        count++;
        if (sum <= -count) {
            corrections[context] = Math.max(LEAST_CORRECTION, corrections[context] - 1);
            sum = Math.max(sum + count, 1 - count);
        } else if (sum > 0) {
            corrections[context] = Math.min(MOST_CORRECTION, corrections[context] + 1);
            sum = Math.min(sum - count, 0);
        }
        sums[context] = sum;
        counts[context] = count;
    }

    /**
     * Reads the sample that ends a run.
     *
     * @param isLike whether its neighbours to the left and above are alike
     * @param runBits of the code for the length of the run
     */
    int endOfRun(int left, int above, boolean isLike, int runBits) {
        int type = isLike ? 1 : 0;
        int context = OF_RUNS + type;
        int count = counts[context];
        int shift = shift(sizes[context] + (isLike ? count >> 1 : 0), count);
        int mapped = codeWord(shift, longestWord - runBits - 1);
        int twice = mapped + type;
        int size = (twice + 1) >> 1;
        boolean isOdd = (twice & 1) == 1;
        int error = isOdd == (shift != 0 || 2 * sums[context] >= count) ? -size : size;
        sums[context] += error < 0 ? 1 : 0;
        sizes[context] += (mapped + 1 - type) >> 1;
        if (count == reset) {
            sizes[context] >>= 1;
            sums[context] >>= 1;
            count >>= 1;
        }
        counts[context] = count + 1;
        return parameters.sample(isLike ? left : above, !isLike && left > above ? -error : error);
    }

    /** How many bits of an error are not coded as zeros. */
    private static int shift(int size, int count) {
        int shift = 0;
        while ((long) count << shift < size) {
            shift++;
        }
        return shift;
    }

    /** A Golomb code word of a limited length (section A.5.3). */
    private int codeWord(int shift, int longest) {
        int escape = longest - errorBits - 1;
        int zeros = bits.zeros(escape);
        long mapped = zeros < escape ? (long) zeros << shift | bits.bits(shift) : bits.bits(errorBits) + 1L;
        if (mapped > 2L * range) {
            throw JpegLsImage.damaged("a prediction error is larger than any");
        }
        return (int) mapped;
    }
}
