// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.Random;
import org.cxrlocalizer.dataset.ImageSize;
import org.cxrlocalizer.dataset.PixelMask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rectangles by hand, and against those of all angles. */
class SmallestRectangleTest {

    private interface Pixels {
        boolean has(int x, int y);
    }

    private static PixelMask mask(int width, int height, Pixels pixels) {
        return PixelMask.of(new ImageSize(width, height), column -> {
            BitSet rows = new BitSet();
            for (int row = 0; row < height; row++) {
                rows.set(row, pixels.has(column, row));
            }
            return rows;
        });
    }

    @Test
    void aBarHasItsOwnSides() {
        SmallestRectangle bar = SmallestRectangle.around(mask(30, 40, (x, y) -> x >= 5 && x < 9 && y < 40));

        assertThat(bar.longer()).isEqualTo(40);
        assertThat(bar.shorter()).isEqualTo(4);
        assertThat(bar.elongation()).isEqualTo(10);
    }

    @Test
    void pixelsOfADiagonalLieInATurnedRectangle() {
        SmallestRectangle diagonal = SmallestRectangle.around(mask(9, 9, (x, y) -> x == y && x < 3));

        assertThat(diagonal.longer()).isCloseTo(3 * Math.sqrt(2), within(1e-12));
        assertThat(diagonal.shorter()).isCloseTo(Math.sqrt(2), within(1e-12));
    }

    @Test
    void aMaskWithoutAPixelHasNone() {
        PixelMask nothing = mask(3, 3, (x, y) -> false);

        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> SmallestRectangle.around(nothing));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noOtherAngleGivesASmallerOne(long seed) {
        Random random = new Random(seed);
        int width = 12 + random.nextInt(9);
        int height = 12 + random.nextInt(9);
        boolean[] pixels = new boolean[width * height];
        for (int i = 0; i < 12; i++) {
            pixels[random.nextInt(pixels.length)] = true;
        }
        SmallestRectangle smallest = SmallestRectangle.around(mask(width, height, (x, y) -> pixels[x * height + y]));

        double least = Double.POSITIVE_INFINITY;
        for (int step = 0; step < 90_000; step++) {
            double angle = Math.toRadians(step / 1000.0);
            least = Math.min(
                    least,
                    extent(pixels, height, Math.cos(angle), Math.sin(angle))
                            * extent(pixels, height, -Math.sin(angle), Math.cos(angle)));
        }

        assertThat(smallest.area()).isLessThanOrEqualTo(least + 1e-9).isCloseTo(least, within(0.02));
    }

    /** How far the corners of the pixels reach along a direction. */
    private static double extent(boolean[] pixels, int height, double x, double y) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int place = 0; place < pixels.length; place++) {
            for (int corner = 0; pixels[place] && corner < 4; corner++) {
                double at = x * (place / height + corner % 2) + y * (place % height + corner / 2);
                least = Math.min(least, at);
                most = Math.max(most, at);
            }
        }
        return most - least;
    }
}
