// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpegls;

import java.util.Arrays;
import java.util.Objects;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.jspecify.annotations.Nullable;

/**
 * One scan of an image.
 *
 * @param from where its compressed data begin
 * @param restartInterval lines between restart markers; 0 without such
 * @param bySample whether the components of a pixel lie beside each other, else those of a line
 */
record JpegLsScan(byte[] image, int from, int width, int restartInterval, boolean bySample) {

    /**
     * Where a scan ended.
     *
     * @param hasSurplus whether there were bytes that no sample has
     */
    record End(int position, boolean hasSurplus) {}

    /**
     * Decodes the samples. If the largest sample is a smaller one than the bits allow, the standard and CharLS read the scan
     * differently; then the one reading counts for which it is whole.
     *
     * @param samples of the scan's components, to be filled
     * @throws UnreadableImageException if the scan is damaged or cut short, or if it is whole in both readings and they differ
     */
    End read(JpegLsParameters parameters, int precision, short[][] samples) {
        if (parameters.equals(parameters.asCharLs(precision))) {
            return lines(parameters, samples);
        }
        short[][] others = new short[samples.length][samples[0].length];
        @Nullable End other = tried(parameters.asCharLs(precision), others);
        @Nullable End standard = tried(parameters, samples);
        if (standard == null && other == null) {
            return lines(parameters, samples);
        }
        if (standard != null && other != null && !Arrays.deepEquals(samples, others)) {
            throw new UnreadableImageException(
                    "The JPEG-LS frame states a largest sample with which it can be read in two ways.");
        }
        if (standard == null) {
            for (int i = 0; i < samples.length; i++) {
                System.arraycopy(others[i], 0, samples[i], 0, others[i].length);
            }
        }
        return standard == null && other != null ? other : Objects.requireNonNull(standard);
    }

    private @Nullable End tried(JpegLsParameters parameters, short[][] samples) {
        try {
            End end = lines(parameters, samples);
            return end.hasSurplus() ? null : end;
        } catch (UnreadableImageException e) {
            return null;
        }
    }

    private End lines(JpegLsParameters parameters, short[][] samples) {
        JpegLsBits bits = new JpegLsBits(image, from);
        boolean surplus = new JpegLsLines(parameters, width, samples, bySample, bits).read(restartInterval);
        return new End(bits.position(), surplus);
    }
}
