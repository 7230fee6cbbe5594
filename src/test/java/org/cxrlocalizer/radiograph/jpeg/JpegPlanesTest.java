// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the transform of ITU-T T.81, section A.3.3, by its formula; DCMTK's rounding is that of {@code DicomRadiographTest}. */
class JpegPlanesTest {

    private static final int WIDTH = 37;
    private static final int HEIGHT = 29;
    private static final int STEP = 300;

    private final List<String> notes = new ArrayList<>();

    /** Sampling factors of the first of three components, or of the only one. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 0, true", "1, 1, 1, 3, true", "1, 2, 2, 2, true", "3, 1, 1, 0, true", "3, 2, 1, 4, true",
        "3, 2, 2, 0, true", "3, 4, 1, 1, true", "3, 2, 2, 5, false", "3, 1, 1, 0, false", "3, 1, 2, 7, true"
    })
    void samplesAreThoseOfTheFormula(int count, int horizontal, int vertical, int restart, boolean interleaved) {
        List<PlainJpegEncoder.Component> components = components(count, horizontal, vertical);
        byte[] jpeg = encoded(components, restart, interleaved);

        JpegPlanes planes = JpegPlanes.decode(jpeg, (width, height) -> {}, notes);

        int[] row = new int[count * WIDTH];
        for (int y = 0; y < HEIGHT; y++) {
            planes.read(y, row);
            for (int x = 0; x < WIDTH; x++) {
                for (int i = 0; i < count; i++) {
                    assertThat((double) row[x * count + i])
                            .as("component %d at %d, %d", i, x, y)
                            .isCloseTo(expected(components, i, x, y), Offset.offset(1.01));
                }
            }
        }
        assertThat(notes).isEmpty();
    }

    @Test
    void aFrameCutAnywhereIsRefused() {
        byte[] jpeg = encoded(components(1, 1, 1), 3, true);
        for (int length = 2; length < jpeg.length - 2; length++) {
            byte[] cut = Arrays.copyOf(jpeg, length + 2);
            assertThatIsRefused(Arrays.copyOf(cut, length));
            cut[length] = (byte) 0xff;
            cut[length + 1] = (byte) 0xd9;
            assertThatIsRefused(cut);
        }
    }

    @Test
    void aMissingEndMarkerIsNoted() {
        byte[] jpeg = encoded(components(1, 1, 1), 0, true);

        JpegPlanes.decode(Arrays.copyOf(jpeg, jpeg.length - 2), (width, height) -> {}, notes);

        assertThat(notes).containsExactly(JpegScans.WITHOUT_END);
    }

    @Test
    void aDamagedFrameIsReadOrRefusedButNothingElse() {
        Random random = new Random(11);
        byte[] jpeg = encoded(components(3, 2, 1), 4, true);
        for (int run = 0; run < 5000; run++) {
            byte[] damaged = jpeg.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                damaged[random.nextInt(run % 3 == 0 ? 200 : jpeg.length)] = (byte) random.nextInt(256);
            }
            try {
                JpegPlanes planes = JpegPlanes.decode(
                        damaged,
                        (width, height) -> {
                            if (width != WIDTH || height != HEIGHT) {
                                throw new UnreadableImageException("another size");
                            }
                        },
                        notes);
                planes.read(HEIGHT - 1, new int[255 * WIDTH]);
            } catch (UnreadableImageException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private void assertThatIsRefused(byte[] jpeg) {
        assertThatExceptionOfType(UnreadableImageException.class)
                .as("%d bytes", jpeg.length)
                .isThrownBy(() -> JpegPlanes.decode(jpeg, (width, height) -> {}, notes));
    }

    private static byte[] encoded(List<PlainJpegEncoder.Component> components, int restart, boolean interleaved) {
        return PlainJpegEncoder.encode(
                new PlainJpegEncoder.Settings(WIDTH, HEIGHT, STEP, restart, interleaved), components);
    }

    /** Coefficients whose samples lie within 12 bits mostly, and beyond them here and there. */
    private static List<PlainJpegEncoder.Component> components(int count, int horizontal, int vertical) {
        Random random = new Random(3);
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    int across = i == 0 ? horizontal : 1;
                    int down = i == 0 ? vertical : 1;
                    int columns = (WIDTH + 8 * horizontal - 1) / (8 * horizontal) * across;
                    int rows = (HEIGHT + 8 * vertical - 1) / (8 * vertical) * down;
                    int[][] blocks = new int[columns * rows][64];
                    for (int[] block : blocks) {
                        block[0] = random.nextInt(80) - 40;
                        for (int k = 1; k < 64; k++) {
                            block[k] = random.nextInt(1 + k / 4) == 0 ? random.nextInt(9) - 4 : 0;
                        }
                    }
                    return new PlainJpegEncoder.Component(across, down, blocks);
                })
                .toList();
    }

    private static double expected(List<PlainJpegEncoder.Component> components, int i, int x, int y) {
        PlainJpegEncoder.Component component = components.get(i);
        int most = components.get(0).horizontal();
        int mostRows = components.get(0).vertical();
        int width = (WIDTH * component.horizontal() + most - 1) / most;
        int height = (HEIGHT * component.vertical() + mostRows - 1) / mostRows;
        int column = x * width / WIDTH;
        int row = y * height / HEIGHT;
        int stride = (WIDTH + 8 * most - 1) / (8 * most) * component.horizontal();
        int[] block = component.blocks()[row / 8 * stride + column / 8];
        double sample = 2048;
        int k = 0;
        for (int diagonal = 0; diagonal < 15; diagonal++) {
            for (int j = 0; j < 8; j++) {
                int v = diagonal % 2 == 0 ? diagonal - j : j;
                int u = diagonal - v;
                if (u >= 0 && u < 8 && v >= 0 && v < 8) {
                    sample += block[k++] * STEP * basis(u, column % 8) * basis(v, row % 8);
                }
            }
        }
        return Math.max(0, Math.min(4095, sample));
    }

    private static double basis(int frequency, int at) {
        return (frequency == 0 ? Math.sqrt(0.5) : 1) / 2 * Math.cos((2 * at + 1) * frequency * Math.PI / 16);
    }
}
