// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxTest {

    @Test
    void iouAddsNoPixelToTheSides() {
        Box a = new Box(0, 0, 0.5, 0.5);
        Box b = new Box(0.4, 0.4, 0.5, 0.5);

        // 0.01 / (0.25 + 0.25 - 0.01)
        assertThat(a.iou(b)).isCloseTo(0.01 / 0.49, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 10, 10,   0, 0, 10, 10,   1,      1",
        "0, 0, 10, 10,   5, 0, 10, 10,   0.33333333333, 0.5",
        "0, 0, 10, 10,   10, 0, 10, 10,  0,      0",
        "0, 0, 10, 10,   2, 2, 2, 2,     0.04,   0.04",
        "2, 2, 2, 2,     0, 0, 10, 10,   0.04,   1",
        "0, 0, 4, 3,     1, 1, 5, 1,     0.21428571429, 0.25"
    })
    void overlapsAreThoseOfPaperAndPencil(
            double x,
            double y,
            double w,
            double h,
            double tx,
            double ty,
            double tw,
            double th,
            double iou,
            double iobb) {
        Box detected = new Box(x, y, w, h);
        Box truth = new Box(tx, ty, tw, th);

        assertThat(detected.iou(truth)).isCloseTo(iou, within(1e-9));
        assertThat(truth.iou(detected)).isCloseTo(iou, within(1e-9));
        assertThat(detected.iobb(truth)).isCloseTo(iobb, within(1e-9));
    }

    @Test
    void intersectionIsTheNumberOfCommonCells() {
        Random random = new Random(3);
        for (int run = 0; run < 500; run++) {
            Box a = randomBox(random);
            Box b = randomBox(random);
            int common = 0;
            for (int y = 0; y < 20; y++) {
                for (int x = 0; x < 20; x++) {
                    common += covers(a, x, y) && covers(b, x, y) ? 1 : 0;
                }
            }
            assertThat(a.intersectionArea(b)).isEqualTo(common);
        }
    }

    /** (x + width) - x may be larger than width; Schemathesis found boxes whose IoU with themselves was above 1. */
    @Test
    void noShareIsAboveOneHoweverTheSidesAreRounded() {
        Random random = new Random(4);
        for (int run = 0; run < 100_000; run++) {
            double x = random.nextGaussian() * 1e6;
            double y = random.nextGaussian() * 1e6;
            Box box = new Box(x, y, 1e6 * (1 - random.nextDouble()), 1e6 * (1 - random.nextDouble()));
            Box near = new Box(Math.nextUp(x), y, box.width(), Math.nextUp(box.height()));

            assertThat(box.iou(box)).isEqualTo(1);
            assertThat(box.iobb(box)).isEqualTo(1);
            assertThat(box.iou(near)).isBetween(0.999999, 1.0).isEqualTo(near.iou(box));
            assertThat(box.iobb(near)).isLessThanOrEqualTo(1);
            assertThat(near.iobb(box)).isLessThanOrEqualTo(1);
        }
    }

    private static boolean covers(Box box, int x, int y) {
        return x >= box.x() && x < box.right() && y >= box.y() && y < box.bottom();
    }

    private static Box randomBox(Random random) {
        return new Box(random.nextInt(10), random.nextInt(10), 1 + random.nextInt(10), 1 + random.nextInt(10));
    }

    @Test
    void theEnclosingBoxHoldsBoth() {
        assertThat(new Box(1, 2, 3, 4).enclosing(new Box(3, 0, 5, 1))).isEqualTo(new Box(1, 0, 7, 6));
    }

    @ParameterizedTest
    @CsvSource({
        "NaN,0,1,1",
        "0,0,0,1",
        "0,0,1,-1",
        "0,Infinity,1,1",
        "1e308,0,1e308,1",
        "0,0,1e200,1e200",
        "0,0,1e-200,1e-200",
        "1e200,0,1,1"
    })
    void boxesThatAreNoneAreRefused(double x, double y, double width, double height) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Box(x, y, width, height));
    }
}
