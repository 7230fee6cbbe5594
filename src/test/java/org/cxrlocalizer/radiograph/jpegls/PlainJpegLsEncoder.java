// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpegls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Encodes JPEG-LS, slowly, as ITU-T T.87 prints it: variables have the names of its annex A. It writes what CharLS does not, as
 * restart intervals and all coding parameters, and {@code .ci/dicom} has CharLS decode it.
 */
final class PlainJpegLsEncoder {

    private static final int[] J = {
        0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15
    };

    /**
     * How to encode.
     *
     * @param thresholds T1 to T3; 0 for the defaults of 8 bits
     * @param interleave 0 none, 1 by line, 2 by sample
     * @param restart lines between restart markers, or 0
     */
    record Settings(int precision, int MAXVAL, int NEAR, int[] thresholds, int RESET, int interleave, int restart) {

        static Settings of(int precision) {
            return new Settings(precision, (1 << precision) - 1, 0, new int[] {3, 7, 21}, 64, 0, 0);
        }

        Settings with(int deviation, int interleave, int restart) {
            return new Settings(precision, MAXVAL, deviation, thresholds, RESET, interleave, restart);
        }

        Settings with(int maximum, int halving, int... thresholds) {
            return new Settings(precision, maximum, NEAR, thresholds, halving, interleave, restart);
        }
    }

    private final Settings s;
    private final int width;
    private final int height;
    private final int[][] image;
    private final int RANGE;
    private final int qbpp;
    private final int LIMIT;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int[] A = new int[0];
    private int[] B = new int[0];
    private int[] C = new int[0];
    private int[] N = new int[0];
    private int[] Nn = new int[0];
    private int[] RUNindex = new int[0];
    private int bits;
    private int bitCount;
    private int last;

    private PlainJpegLsEncoder(int[][] image, int width, Settings s) {
        this.s = s;
        this.width = width;
        this.height = image[0].length / width;
        this.image = Arrays.stream(image).map(int[]::clone).toArray(int[][]::new);
        RANGE = (s.MAXVAL + 2 * s.NEAR) / (2 * s.NEAR + 1) + 1;
        qbpp = (int) Math.ceil(Math.log(RANGE) / Math.log(2) - 1e-12);
        int bpp = Math.max(2, (int) Math.ceil(Math.log(s.MAXVAL + 1) / Math.log(2) - 1e-12));
        LIMIT = 2 * (bpp + Math.max(8, bpp));
    }

    /** @param image the samples of each component; which the decoded ones differ from by no more than NEAR */
    static byte[] encode(int[][] image, int width, Settings settings) {
        return new PlainJpegLsEncoder(image, width, settings).encode();
    }

    private byte[] encode() {
        two(0xffd8);
        two(0xfff7);
        two(8 + 3 * image.length);
        out.write(s.precision);
        two(height);
        two(width);
        out.write(image.length);
        for (int i = 0; i < image.length; i++) {
            out.writeBytes(new byte[] {(byte) (i + 1), 0x11, 0});
        }
        two(0xfff8);
        two(13);
        out.write(1);
        two(s.MAXVAL);
        Arrays.stream(s.thresholds).forEach(this::two);
        two(s.RESET);
        if (s.restart > 0) {
            two(0xffdd);
            two(4);
            two(s.restart);
        }
        if (s.interleave == 0) {
            for (int i = 0; i < image.length; i++) {
                scan(i, i + 1);
            }
        } else {
            scan(0, image.length);
        }
        two(0xffd9);
        return out.toByteArray();
    }

    private void scan(int from, int to) {
        two(0xffda);
        two(6 + 2 * (to - from));
        out.write(to - from);
        for (int i = from; i < to; i++) {
            out.write(i + 1);
            out.write(0);
        }
        out.writeBytes(new byte[] {(byte) s.NEAR, (byte) s.interleave, 0});
        initialise();
        for (int y = 0; y < height; y++) {
            if (s.restart > 0 && y > 0 && y % s.restart == 0) {
                flush();
                two(0xffd0 + (y / s.restart - 1) % 8);
                initialise();
            }
            if (s.interleave == 2) {
                lineOfPixels(y);
            } else {
                for (int i = from; i < to; i++) {
                    line(i, y);
                }
            }
        }
        flush();
    }

    private void initialise() {
        A = new int[367];
        B = new int[367];
        C = new int[367];
        N = new int[367];
        Nn = new int[367];
        Arrays.fill(A, Math.max(2, (RANGE + 32) / 64));
        Arrays.fill(N, 1);
        RUNindex = new int[image.length];
    }

    /** The value of a neighbour; lines above a restart are zero, and so is what lies above the first. */
    private int at(int i, int x, int y, int row) {
        int first = s.restart > 0 ? row - row % s.restart : 0;
        if (y < first) {
            return 0;
        }
        if (x < 0) {
            return at(i, 0, y - 1, row);
        }
        return image[i][y * width + Math.min(x, width - 1)];
    }

    private int context(int i, int x, int y) {
        int Ra = at(i, x - 1, y, y);
        int Rb = at(i, x, y - 1, y);
        int Rc = at(i, x - 1, y - 1, y);
        int Rd = at(i, x + 1, y - 1, y);
        return 81 * quantised(Rd - Rb) + 9 * quantised(Rb - Rc) + quantised(Rc - Ra);
    }

    private int quantised(int D) {
        int[] T = s.thresholds;
        if (D <= -T[2]) return -4;
        if (D <= -T[1]) return -3;
        if (D <= -T[0]) return -2;
        if (D < -s.NEAR) return -1;
        if (D <= s.NEAR) return 0;
        if (D < T[0]) return 1;
        if (D < T[1]) return 2;
        if (D < T[2]) return 3;
        return 4;
    }

    private void line(int i, int y) {
        for (int x = 0; x < width; x++) {
            if (context(i, x, y) != 0) {
                regular(i, x, y);
            } else {
                int Ra = at(i, x - 1, y, y);
                int start = x;
                while (x < width && Math.abs(image[i][y * width + x] - Ra) <= s.NEAR) {
                    image[i][y * width + x++] = Ra;
                }
                runLength(i, x - start, x == width);
                if (x < width) {
                    interruption(i, x, y, Math.abs(Ra - at(i, x, y - 1, y)) <= s.NEAR ? 1 : 0, J[RUNindex[i]]);
                    RUNindex[i] = Math.max(0, RUNindex[i] - 1);
                }
            }
        }
    }

    private void lineOfPixels(int y) {
        for (int x = 0; x < width; x++) {
            boolean run = true;
            for (int i = 0; i < image.length; i++) {
                run &= context(i, x, y) == 0;
            }
            if (!run) {
                for (int i = 0; i < image.length; i++) {
                    regular(i, x, y);
                }
                continue;
            }
            int start = x;
            while (x < width && isLikeLeft(start, x, y)) {
                for (int i = 0; i < image.length; i++) {
                    image[i][y * width + x] = at(i, start - 1, y, y);
                }
                x++;
            }
            runLength(0, x - start, x == width);
            for (int i = 0; i < image.length && x < width; i++) {
                interruption(i, x, y, 0, J[RUNindex[0]]);
            }
            RUNindex[0] = x < width ? Math.max(0, RUNindex[0] - 1) : RUNindex[0];
        }
    }

    private boolean isLikeLeft(int start, int x, int y) {
        boolean like = true;
        for (int i = 0; i < image.length; i++) {
            like &= Math.abs(image[i][y * width + x] - at(i, start - 1, y, y)) <= s.NEAR;
        }
        return like;
    }

    /** Section A.7.1.2. */
    private void runLength(int i, int length, boolean endOfLine) {
        int RUNcnt = length;
        while (RUNcnt >= 1 << J[RUNindex[i]]) {
            append(1, 1);
            RUNcnt -= 1 << J[RUNindex[i]];
            RUNindex[i] = Math.min(31, RUNindex[i] + 1);
        }
        if (!endOfLine) {
            append(0, 1);
            append(RUNcnt, J[RUNindex[i]]);
        } else if (RUNcnt > 0) {
            append(1, 1);
        }
    }

    private void regular(int i, int x, int y) {
        int Ra = at(i, x - 1, y, y);
        int Rb = at(i, x, y - 1, y);
        int Rc = at(i, x - 1, y - 1, y);
        int Q = context(i, x, y);
        int SIGN = Q < 0 ? -1 : 1;
        Q = Math.abs(Q);
        int Px = Rc >= Math.max(Ra, Rb) ? Math.min(Ra, Rb) : Rc <= Math.min(Ra, Rb) ? Math.max(Ra, Rb) : Ra + Rb - Rc;
        Px = Math.max(0, Math.min(s.MAXVAL, Px + SIGN * C[Q]));
        int Errval = error(i, x, y, Px, SIGN);
        int k = k(A[Q], N[Q]);
        int MErrval;
        if (s.NEAR == 0 && k == 0 && 2 * B[Q] <= -N[Q]) {
            MErrval = Errval >= 0 ? 2 * Errval + 1 : -2 * (Errval + 1);
        } else {
            MErrval = Errval >= 0 ? 2 * Errval : -2 * Errval - 1;
        }
        golomb(MErrval, k, LIMIT);
        B[Q] += Errval * (2 * s.NEAR + 1);
        A[Q] += Math.abs(Errval);
        if (N[Q] == s.RESET) {
            A[Q] >>= 1;
            B[Q] = B[Q] >= 0 ? B[Q] >> 1 : -((1 - B[Q]) >> 1);
            N[Q] >>= 1;
        }
        N[Q]++;
        if (B[Q] <= -N[Q]) {
            B[Q] += N[Q];
            C[Q] = Math.max(-128, C[Q] - 1);
            B[Q] = Math.max(B[Q], -N[Q] + 1);
        } else if (B[Q] > 0) {
            B[Q] -= N[Q];
            C[Q] = Math.min(127, C[Q] + 1);
            B[Q] = Math.min(B[Q], 0);
        }
    }

    /** Section A.7.2. */
    private void interruption(int i, int x, int y, int RItype, int runBits) {
        int Ra = at(i, x - 1, y, y);
        int Rb = at(i, x, y - 1, y);
        int SIGN = RItype == 0 && Ra > Rb ? -1 : 1;
        int Errval = error(i, x, y, RItype == 1 ? Ra : Rb, SIGN);
        int Q = 365 + RItype;
        int k = k(RItype == 0 ? A[Q] : A[Q] + (N[Q] >> 1), N[Q]);
        boolean map = (k == 0 && Errval > 0 && 2 * Nn[Q] < N[Q])
                || (Errval < 0 && 2 * Nn[Q] >= N[Q])
                || (Errval < 0 && k != 0);
        int EMErrval = 2 * Math.abs(Errval) - RItype - (map ? 1 : 0);
        golomb(EMErrval, k, LIMIT - runBits - 1);
        if (Errval < 0) {
            Nn[Q]++;
        }
        A[Q] += (EMErrval + 1 - RItype) >> 1;
        if (N[Q] == s.RESET) {
            A[Q] >>= 1;
            N[Q] >>= 1;
            Nn[Q] >>= 1;
        }
        N[Q]++;
    }

    /** The quantised error modulo the range; the sample becomes what a decoder makes of it (section A.4.4 and A.4.5). */
    private int error(int i, int x, int y, int Px, int SIGN) {
        int step = 2 * s.NEAR + 1;
        int Errval = SIGN * (image[i][y * width + x] - Px);
        Errval = Errval > 0 ? (s.NEAR + Errval) / step : -(s.NEAR - Errval) / step;
        image[i][y * width + x] = Math.max(0, Math.min(s.MAXVAL, Px + SIGN * Errval * step));
        Errval = Errval < 0 ? Errval + RANGE : Errval;
        return Errval >= (RANGE + 1) / 2 ? Errval - RANGE : Errval;
    }

    private static int k(int size, int count) {
        int k = 0;
        while (((long) count << k) < size) {
            k++;
        }
        return k;
    }

    private void golomb(int value, int k, int longest) {
        int high = value >> k;
        if (high < longest - qbpp - 1) {
            append(0, high);
            append(1, 1);
            append(value & ((1 << k) - 1), k);
        } else {
            append(0, longest - qbpp - 1);
            append(1, 1);
            append(value - 1, qbpp);
        }
    }

    private void append(int value, int count) {
        for (int i = count - 1; i >= 0; i--) {
            bits = bits << 1 | (i < 31 ? value >> i & 1 : 0);
            if (++bitCount == (last == 0xff ? 7 : 8)) {
                out.write(bits);
                last = bits;
                bits = 0;
                bitCount = 0;
            }
        }
    }

    private void flush() {
        while (bitCount > 0) {
            append(0, 1);
        }
        if (last == 0xff) {
            out.write(0);
        }
        last = 0;
    }

    private void two(int value) {
        out.write(value >> 8);
        out.write(value);
    }
}
