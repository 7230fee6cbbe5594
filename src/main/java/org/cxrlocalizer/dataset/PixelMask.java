// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntFunction;

/**
 * Pixels of an image. They are numbered down the columns from the left: the one of a column and row has the number
 * column · height + row.
 *
 * @param runs the first number of each run of pixels and the number after its last, in turn, ascending, none twice
 */
public record PixelMask(ImageSize size, int[] runs) {

    /** Most rows or columns of a DICOM image. */
    private static final int LONGEST_SIDE = 65_535;

    private static final long MOST_PIXELS = 1L << 28;

    /** Returns whether an image can have a mask: the limits keep a damaged list from filling the memory. */
    static boolean isPossible(long width, long height) {
        return width > 0 && height > 0 && Math.max(width, height) <= LONGEST_SIDE && width * height <= MOST_PIXELS;
    }

    /**
     * Makes a mask column by column.
     *
     * @param rows the rows of a column that are in; those beyond the image do not count
     * @throws IllegalArgumentException if the image is empty or too large
     */
    public static PixelMask of(ImageSize size, IntFunction<BitSet> rows) {
        if (!isPossible(size.width(), size.height())) {
            throw new IllegalArgumentException("an image of %s pixels can have no mask".formatted(size));
        }
        int[] runs = new int[16];
        int length = 0;
        for (int column = 0; column < size.width(); column++) {
            BitSet in = rows.apply(column).get(0, size.height());
            int bottom = 0;
            for (int top = in.nextSetBit(0); top >= 0; top = in.nextSetBit(bottom)) {
                bottom = in.nextClearBit(top);
                int first = column * size.height() + top;
                if (length > 0 && runs[length - 1] == first) {
                    length--;
                } else {
                    runs = length + 2 > runs.length ? Arrays.copyOf(runs, 2 * runs.length) : runs;
                    runs[length++] = first;
                }
                runs[length++] = column * size.height() + bottom;
            }
        }
        return new PixelMask(size, Arrays.copyOf(runs, length));
    }

    /** Adds the rows of an image whose centres are from {@code top} to before {@code bottom}. */
    public static void addRows(BitSet rows, double top, double bottom, ImageSize size) {
        int first = firstRow(top, size);
        rows.set(first, Math.max(first, firstRow(bottom, size)));
    }

    /** Returns the first row of an image whose centre is not above y; its height where there is none. */
    public static int firstRow(double y, ImageSize size) {
        return (int) Math.min(Math.max(Math.ceil(y - 0.5), 0), size.height());
    }

    /** Returns how many pixels are in. */
    public long count() {
        long count = 0;
        for (int i = 0; i < runs.length; i += 2) {
            count += runs[i + 1] - runs[i];
        }
        return count;
    }

    /**
     * Returns COCO's run lengths as text: lengths of runs of 0 and 1 in turn. Each from the fourth on is the difference to the one two
     * places before. A character has five bits of a length, the lowest first; its sixth bit states that more follow.
     */
    public String runLengths() {
        int all = size.width() * size.height();
        int[] ends = Arrays.copyOf(runs, runs.length + 1);
        ends[runs.length] = all;
        int count = runs.length > 0 && runs[runs.length - 1] == all ? runs.length : runs.length + 1;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int value = length(ends, i) - (i > 2 ? length(ends, i - 2) : 0);
            boolean isLast;
            do {
                int group = value & 31;
                value >>= 5;
                isLast = value == ((group & 16) == 0 ? 0 : -1);
                text.append((char) ('0' + group + (isLast ? 0 : 32)));
            } while (!isLast);
        }
        return text.toString();
    }

    private static int length(int[] ends, int place) {
        return place == 0 ? ends[0] : ends[place] - ends[place - 1];
    }

    /** Returns whether the pixel at a point of the image is in; no point beyond the image is. */
    public boolean isIn(double x, double y) {
        if (!(x >= 0 && x < size.width() && y >= 0 && y < size.height())) {
            return false;
        }
        int column = (int) x;
        int row = (int) y;
        int found = Arrays.binarySearch(runs, column * size.height() + row);
        return found >= 0 ? found % 2 == 0 : (-found - 1) % 2 == 1;
    }

    /** Returns the pixels that are in this mask or in another one of the same image. */
    PixelMask or(PixelMask other) {
        return inAtLeast(1, other);
    }

    /** Returns the pixels in both masks over those in either, |A∩B| / |A∪B|; 0 of two masks without a pixel. */
    public double iou(PixelMask other) {
        long both = inAtLeast(2, other).count();
        long either = count() + other.count() - both;
        return either == 0 ? 0 : (double) both / either;
    }

    /** Returns the pixels in that many of two masks. An odd place in the runs of a mask is within a run. */
    private PixelMask inAtLeast(int wanted, PixelMask other) {
        if (!size.equals(other.size)) {
            throw new IllegalArgumentException(
                    "a mask of %s pixels is not of an image of %s".formatted(other.size, size));
        }
        int[] result = new int[runs.length + other.runs.length];
        int length = 0;
        int i = 0;
        int j = 0;
        while (i < runs.length || j < other.runs.length) {
            int next = Math.min(at(runs, i), at(other.runs, j));
            i += at(runs, i) == next ? 1 : 0;
            j += at(other.runs, j) == next ? 1 : 0;
            boolean isIn = i % 2 + j % 2 >= wanted;
            if (isIn != (length % 2 == 1)) {
                result[length++] = next;
            }
        }
        return new PixelMask(size, Arrays.copyOf(result, length));
    }

    private static int at(int[] runs, int place) {
        return place < runs.length ? runs[place] : Integer.MAX_VALUE;
    }
}
