// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ImageFrameTest {

    @Test
    void stretchScalesEachSideByItsOwnFactor() {
        assertThat(ImageFrame.stretch(200, 100).toImage(0.25, 0.5, 0.5, 1)).contains(Box.ofCorners(50, 50, 100, 100));
    }

    @Test
    void letterboxPaddingIsClippedAway() {
        // 200 × 100 resized to 64 × 32 and laid 16 pixels below the top of a 64 × 64 input
        ImageFrame frame = ImageFrame.window(200, 100, 64, 32, 64, 0, -16);

        assertThat(frame.toImage(0, 0, 1, 1)).contains(Box.ofCorners(0, 0, 200, 100));
        assertThat(frame.toImage(0.5, 0.5, 1, 1)).contains(Box.ofCorners(100, 50, 200, 100));
        assertThat(frame.toImage(0, 0, 1, 0.25)).as("only padding").isEmpty();
    }

    @Test
    void centreCropStartsInsideTheImage() {
        // 200 × 100 resized to 128 × 64; the middle 64 × 64 is seen
        ImageFrame frame = ImageFrame.window(200, 100, 128, 64, 64, 32, 0);

        assertThat(frame.toImage(0, 0, 1, 1)).contains(Box.ofCorners(50, 0, 150, 100));
    }

    @Test
    void unitCoordinatesGoThereAndBack() {
        ImageFrame frame = ImageFrame.window(301, 177, 64, 38, 64, 0, -13);
        Box box = frame.toImage(0.2, 0.4, 0.6, 0.7).orElseThrow();

        assertThat(frame.u(box.x())).isCloseTo(0.2, within(1e-12));
        assertThat(frame.v(box.bottom())).isCloseTo(0.7, within(1e-12));
    }
}
