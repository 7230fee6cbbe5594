// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RadiographTest {

    @ParameterizedTest
    @CsvSource({"1, 1, 0, 255", "8, 8, 255, 255", "1000, 700, 128, 255", "300, 5, 65535, 65535", "64, 64, 30000, 65535"
    })
    void oneGreyValueIsBlank(int width, int height, int grey, int maximum) {
        short[] samples = new short[width * height];
        Arrays.fill(samples, (short) grey);

        assertThat(radiograph(width, height, samples, maximum).isBlank()).isTrue();
    }

    @Test
    void compressionNoiseAndASpeckLeaveAnImageBlank() {
        short[] samples = new short[500 * 400];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (127 + i * 31 % 3);
        }
        samples[12345] = 255;

        assertThat(radiograph(500, 400, samples, 255).isBlank()).isTrue();
    }

    @Test
    void contrastOrASmallFigureIsNotBlank() {
        short[] faint = new short[300 * 300];
        for (int i = 0; i < faint.length; i++) {
            faint[i] = (short) (100 + i % 300 / 30);
        }
        short[] figure = new short[300 * 300];
        Arrays.fill(figure, 101 * 300 + 101, 101 * 300 + 201, (short) 200);

        assertThat(radiograph(300, 300, faint, 255).isBlank()).isFalse();
        assertThat(radiograph(300, 300, figure, 255).isBlank()).isFalse();
    }

    private static Radiograph radiograph(int width, int height, short[] samples, int maximum) {
        return new Radiograph(width, height, samples, maximum, "image/png", "", List.of());
    }
}
