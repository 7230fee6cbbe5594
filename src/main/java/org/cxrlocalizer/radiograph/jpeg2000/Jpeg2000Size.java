// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import java.nio.ByteBuffer;

/**
 * The reference grid of a JPEG 2000 image and its tiles (ITU-T T.800, section B.3).
 *
 * @param image the area of the image
 * @param first the area of the first tile, which may begin before the image
 */
record Jpeg2000Size(Area image, Area first, int components) {

    /** A rectangle without its right and lower edge. */
    record Area(long left, long top, long right, long bottom) {

        /** The coordinates of a reduced image or a band (equations B-14 and B-15). */
        Area reduced(int levels, int highX, int highY) {
            long halfX = levels == 0 ? 0 : (long) highX << (levels - 1);
            long halfY = levels == 0 ? 0 : (long) highY << (levels - 1);
            return new Area(
                    ceiling(left - halfX, levels),
                    ceiling(top - halfY, levels),
                    ceiling(right - halfX, levels),
                    ceiling(bottom - halfY, levels));
        }

        Area intersection(Area other) {
            return new Area(
                    Math.max(left, other.left),
                    Math.max(top, other.top),
                    Math.min(right, other.right),
                    Math.min(bottom, other.bottom));
        }

        /** How many cells of 2ⁿ columns lie in it or cut it. */
        long columns(int exponent) {
            return right <= left ? 0 : ceiling(right, exponent) - (left >> exponent);
        }

        /** How many cells of 2ⁿ rows lie in it or cut it. */
        long rows(int exponent) {
            return bottom <= top ? 0 : ceiling(bottom, exponent) - (top >> exponent);
        }

        private static long ceiling(long value, int exponent) {
            return -(-value >> exponent);
        }
    }

    /** @param stream whose SIZ segment was checked */
    static Jpeg2000Size of(byte[] stream) {
        ByteBuffer bytes = ByteBuffer.wrap(stream);
        long left = bytes.getInt(32);
        long top = bytes.getInt(36);
        return new Jpeg2000Size(
                new Area(bytes.getInt(16), bytes.getInt(20), bytes.getInt(8), bytes.getInt(12)),
                new Area(left, top, left + bytes.getInt(24), top + bytes.getInt(28)),
                bytes.getShort(40) & 0xffff);
    }

    long samples() {
        return (image.right - image.left) * (image.bottom - image.top) * components;
    }

    int tiles() {
        return Math.toIntExact(across() * down());
    }

    private long across() {
        return -Math.floorDiv(first.left - image.right, first.right - first.left);
    }

    private long down() {
        return -Math.floorDiv(first.top - image.bottom, first.bottom - first.top);
    }

    Area tile(int index) {
        long right = index % across() * (first.right - first.left);
        long down = index / across() * (first.bottom - first.top);
        return new Area(first.left + right, first.top + down, first.right + right, first.bottom + down)
                .intersection(image);
    }
}
