// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.junit.jupiter.api.Test;

/** What the benchmark compares with does the same work. */
class RasterLabellingTest {

    @Test
    void everyExactBoxThatIsNoSpeckIsFoundToAFewPixels() {
        Random random = new Random(3);
        ImageFrame frame = ImageFrame.stretch(1024, 1024);
        int compared = 0;
        for (int run = 0; run < 40; run++) {
            ClassActivationMap map = BoxesBenchmark.map(run % 2 == 0 ? 7 : 16, random);
            float level = 0.5f * map.maximum();
            List<Box> exact = map.boxesAbove(new double[] {level}, frame).get(0);
            List<Box> labelled = RasterLabelling.boxes(map, frame, level);
            for (Box box : exact) {
                if (box.width() > 20 && box.height() > 20) {
                    compared++;
                    assertThat(labelled).anyMatch(other -> box.iou(other) > 0.85);
                }
            }
            assertThat(labelled.size()).isBetween(exact.size() - 2, exact.size() + 2);
        }
        assertThat(compared).isGreaterThan(50);
    }
}
