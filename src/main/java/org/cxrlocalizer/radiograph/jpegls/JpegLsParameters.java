// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpegls;

import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * The coding parameters of a scan (ITU-T T.87, sections A.2 and C.2.4.1).
 *
 * @param maximum the largest sample (MAXVAL)
 * @param near how far a decoded sample may lie from the encoded one; 0 is lossless (NEAR)
 * @param first threshold of local gradients (T1), with the second and the third
 * @param reset how often a context occurs before its sums are halved (RESET)
 */
record JpegLsParameters(int maximum, int near, int first, int second, int third, int reset) {

    private static final int USUAL_RESET = 64;
    private static final int LEAST_RESET = 3;

    /** As an LSE segment states them; 0 stands for the default. */
    record Preset(int maximum, int first, int second, int third, int reset) {

        static final Preset NONE = new Preset(0, 0, 0, 0, 0);
    }

    /** @throws UnreadableImageException if one is outside the range that the standard allows */
    JpegLsParameters {
        if (near > Math.min(255, maximum / 2)
                || first <= near
                || second < first
                || third < second
                || third > maximum
                || reset < LEAST_RESET
                || reset > Math.max(255, maximum)) {
            throw JpegLsImage.damaged("its coding parameters contradict each other");
        }
    }

    static JpegLsParameters of(int precision, int near, Preset preset) {
        int largest = (1 << precision) - 1;
        if (preset.maximum > largest) {
            throw JpegLsImage.damaged("its samples have more bits than it states");
        }
        int maximum = preset.maximum == 0 ? largest : preset.maximum;
        int first = preset.first == 0 ? clamped(usual(maximum, 3, 2, 3 * near), near + 1, maximum) : preset.first;
        int second = preset.second == 0 ? clamped(usual(maximum, 7, 3, 5 * near), first, maximum) : preset.second;
        int third = preset.third == 0 ? clamped(usual(maximum, 21, 4, 7 * near), second, maximum) : preset.third;
        return new JpegLsParameters(
                maximum, near, first, second, third, preset.reset == 0 ? USUAL_RESET : preset.reset);
    }

    /**
     * CharLS, and what is built on it, takes the largest sample of an LSE segment for the thresholds only; for all else it takes the
     * largest one of so many bits. Those are other code words.
     */
    JpegLsParameters asCharLs(int precision) {
        return new JpegLsParameters((1 << precision) - 1, near, first, second, third, reset);
    }

    /** Section C.2.4.1.1.1: a threshold of 8 bits, scaled to the range of the samples. */
    private static int usual(int maximum, int ofEightBits, int least, int nearPart) {
        if (maximum >= 128) {
            int factor = (Math.min(maximum, 4095) + 128) / 256;
            return factor * (ofEightBits - least) + least + nearPart;
        }
        int factor = 256 / (maximum + 1);
        return Math.max(least, ofEightBits / factor + nearPart);
    }

    private static int clamped(int threshold, int least, int most) {
        return threshold > most || threshold < least ? least : threshold;
    }

    /** The width of the interval to which prediction errors are quantised. */
    int step() {
        return 2 * near + 1;
    }

    /** How many different prediction errors there are (RANGE). */
    int range() {
        return (maximum + 2 * near) / step() + 1;
    }

    /** Bits of an escaped prediction error (qbpp). */
    int errorBits() {
        return bitsOf(range() - 1);
    }

    /** Bits of the longest code word (LIMIT). */
    int longestWord() {
        int bits = Math.max(2, bitsOf(maximum));
        return 2 * (bits + Math.max(8, bits));
    }

    private static int bitsOf(int number) {
        return 32 - Integer.numberOfLeadingZeros(number);
    }

    /** A local gradient as one of nine classes, from -4 to 4 (section A.3.3). */
    int quantised(int gradient) {
        int size = Math.abs(gradient);
        int level = size <= near ? 0 : size < first ? 1 : size < second ? 2 : size < third ? 3 : 4;
        return gradient < 0 ? -level : level;
    }

    /**
     * The sample for a prediction and its error, which is known but for multiples of the range (section A.4.4, in reverse).
     *
     * @throws UnreadableImageException if no sample can have that error
     */
    int sample(int prediction, int error) {
        int sample = prediction + error * step();
        if (sample < -near) {
            sample += range() * step();
        } else if (sample > maximum + near) {
            sample -= range() * step();
        }
        if (sample < -near || sample > maximum + near) {
            throw JpegLsImage.damaged("a prediction error is larger than any");
        }
        return Math.max(0, Math.min(maximum, sample));
    }
}
