// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpegls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JpegLsImageTest {

    private static final int WIDTH = 31;
    private static final int HEIGHT = 23;

    /** The one that ITU-T T.87 prints in section H.3. */
    private static final byte[] OF_THE_STANDARD = HexFormat.of()
            .parseHex("ffd8fff7000b0800040004010111" + "00ffda0008010100000000" + "c000006c80208e01c000005740000"
                    + "06ee6000001bc180000" + "05d800009160ffd9");

    private final List<String> notes = new ArrayList<>();

    @Test
    void theExampleOfTheStandardIsDecoded() {
        assertThat(decoded(OF_THE_STANDARD)[0])
                .containsExactly(0, 0, 90, 74, 68, 50, 43, 205, 64, 145, 145, 145, 100, 145, 145, 145);
        assertThat(notes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void everyDepthIsDecodedToTheBit(int precision) {
        for (int kind = 0; kind < 4; kind++) {
            int[] picture = picture(kind, (1 << precision) - 1, 0);
            byte[] image = PlainJpegLsEncoder.encode(new int[][] {picture}, WIDTH, settings(precision));

            assertThat(decoded(image)[0]).as("picture %d", kind).isEqualTo(picture);
        }
        assertThat(notes).isEmpty();
    }

    /** Interleaved not at all, by line, by sample; with restart intervals that end in the picture, at its end, or beyond it. */
    @ParameterizedTest
    @CsvSource({"1, 0", "3, 0", "3, 1", "3, 2", "2, 1", "4, 2"})
    void componentsRestartsAndNearValuesGoTogether(int components, int interleave) {
        for (int restart : new int[] {0, 1, 5, 23, 40}) {
            for (int near : new int[] {0, 1, 4}) {
                for (int kind = 0; kind < 4; kind++) {
                    int[][] pictures = new int[components][];
                    for (int i = 0; i < components; i++) {
                        pictures[i] = picture(kind, 255, i);
                    }
                    byte[] image = PlainJpegLsEncoder.encode(
                            pictures,
                            WIDTH,
                            PlainJpegLsEncoder.Settings.of(8)
                                    .with(255, 64, 9, 19, 49)
                                    .with(near, interleave, restart));

                    int[][] decoded = decoded(image);

                    for (int i = 0; i < components; i++) {
                        assertThat(differences(decoded[i], pictures[i])).isLessThanOrEqualTo(near);
                    }
                }
            }
        }
        assertThat(notes).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "255, 3, 3, 7, 21",
        "255, 255, 1, 1, 1",
        "255, 64, 255, 255, 255",
        "200, 31, 5, 5, 90",
        "129, 64, 3, 7, 21"
    })
    void codingParametersAreObeyed(int maximum, int reset, int first, int second, int third) {
        for (int kind = 0; kind < 3; kind++) {
            int[] picture = picture(kind, maximum, 0);
            byte[] image = PlainJpegLsEncoder.encode(
                    new int[][] {picture},
                    WIDTH,
                    PlainJpegLsEncoder.Settings.of(8).with(maximum, reset, first, second, third));

            assertThat(decoded(image)[0]).as("picture %d", kind).isEqualTo(picture);
        }
    }

    /** Of a scan that CharLS wrote with a largest sample of 200. */
    @Test
    void whatCharLsMakesOfTheLargestSampleIsReadToo() {
        int[] picture = picture(1, 200, 0);
        byte[] image = PlainJpegLsEncoder.encode(
                new int[][] {picture}, WIDTH, PlainJpegLsEncoder.Settings.of(8).with(255, 64, 3, 7, 21));
        image[21] = (byte) 200;

        assertThat(decoded(image)[0]).isEqualTo(picture);
    }

    @Test
    void aFrameThatCanBeReadInTwoWaysIsRefused() {
        int[] picture = picture(3, 200, 0);
        byte[] image = PlainJpegLsEncoder.encode(
                new int[][] {picture}, WIDTH, PlainJpegLsEncoder.Settings.of(8).with(255, 64, 3, 7, 21));
        image[21] = (byte) 200;

        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> decoded(image))
                .withMessageContaining("two ways");
    }

    @Test
    void anImageCutAnywhereIsRefused() {
        for (PlainJpegLsEncoder.Settings settings :
                List.of(settings(8), settings(12), settings(8).with(2, 0, 4))) {
            byte[] image = PlainJpegLsEncoder.encode(new int[][] {picture(0, 255, 0)}, WIDTH, settings);
            for (int length = 2; length < image.length - 2; length++) {
                byte[] cut = Arrays.copyOf(image, length);
                assertRefused(cut);
                byte[] ended = Arrays.copyOf(cut, length + 2);
                ended[length] = (byte) 0xff;
                ended[length + 1] = (byte) 0xd9;
                assertRefused(ended);
            }
        }
    }

    @Test
    void aMissingEndMarkerIsNoted() {
        decoded(Arrays.copyOf(OF_THE_STANDARD, OF_THE_STANDARD.length - 2));

        assertThat(notes).singleElement().asString().contains("no end marker");
    }

    @Test
    void dataThatNoSampleNeedsAreNoted() {
        byte[] image = Arrays.copyOf(OF_THE_STANDARD, OF_THE_STANDARD.length + 6);
        image[image.length - 2] = (byte) 0xff;
        image[image.length - 1] = (byte) 0xd9;
        Arrays.fill(image, OF_THE_STANDARD.length - 2, image.length - 2, (byte) 0x11);

        decoded(image);

        assertThat(notes).singleElement().asString().contains("more compressed data");
    }

    @Test
    void aRestartIntervalThatIsMissingIsRefused() {
        byte[] image = PlainJpegLsEncoder.encode(
                new int[][] {picture(0, 255, 0)}, WIDTH, settings(8).with(0, 0, 5));
        int marker = IntStream.range(40, image.length)
                .filter(at -> (image[at] & 0xff) == 0xff && (image[at + 1] & 0xff) == 0xd1)
                .findFirst()
                .orElseThrow();
        image[marker + 1] = (byte) 0xd2;

        assertRefused(image);
    }

    @ParameterizedTest
    @CsvSource({
        "4, 1, a precision of one bit",
        "4, 17, one of 17 bits",
        "6, 0, no height",
        "12, 34, components of another size",
        "21, 1, a mapping table",
        "22, 200, more deviation than there is",
        "23, 3, an unknown interleave",
        "24, 1, shifted samples"
    })
    void whatIsNotReadIsRefused(int at, int value, String what) {
        byte[] image = OF_THE_STANDARD.clone();
        image[at] = (byte) value;

        assertRefused(image);
    }

    @Test
    void aDamagedImageIsReadOrRefusedButNothingElse() {
        Random random = new Random(7);
        byte[] grey = PlainJpegLsEncoder.encode(
                new int[][] {picture(0, 255, 0)}, WIDTH, settings(8).with(0, 0, 4));
        byte[] colour = PlainJpegLsEncoder.encode(
                new int[][] {picture(1, 4095, 0), picture(2, 4095, 1), picture(0, 4095, 2)},
                WIDTH,
                settings(12).with(0, 2, 0));
        for (int run = 0; run < 5000; run++) {
            byte[] image = (run % 2 == 0 ? grey : colour).clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                image[random.nextInt(run % 3 == 0 ? 60 : image.length)] = (byte) random.nextInt(256);
            }
            try {
                JpegLsHeader header = JpegLsHeader.of(image);
                if ((long) header.width() * header.height() <= 10 * WIDTH * HEIGHT) {
                    assertThat(decoded(image)[0]).hasSize(header.width() * header.height());
                }
            } catch (UnreadableImageException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private void assertRefused(byte[] image) {
        assertThatExceptionOfType(UnreadableImageException.class)
                .as("%d bytes", image.length)
                .isThrownBy(() -> decoded(image));
    }

    private int[][] decoded(byte[] image) {
        return Arrays.stream(JpegLsImage.decode(image, JpegLsHeader.of(image), notes))
                .map(samples -> IntStream.range(0, samples.length)
                        .map(i -> samples[i] & 0xffff)
                        .toArray())
                .toArray(int[][]::new);
    }

    private static PlainJpegLsEncoder.Settings settings(int precision) {
        int maximum = (1 << precision) - 1;
        return PlainJpegLsEncoder.Settings.of(precision)
                .with(maximum, 64, Math.min(3, maximum), Math.min(7, maximum), Math.min(21, maximum));
    }

    private static int differences(int[] decoded, int[] picture) {
        return IntStream.range(0, picture.length)
                .map(i -> Math.abs(decoded[i] - picture[i]))
                .max()
                .orElseThrow();
    }

    /** Noise; a slope with edges; runs; one value. */
    static int[] picture(int kind, int maximum, int component) {
        Random random = new Random(kind + 10L * component);
        return IntStream.range(0, WIDTH * HEIGHT)
                .map(i -> {
                    int x = i % WIDTH;
                    int y = i / WIDTH;
                    return switch (kind) {
                        case 0 -> random.nextInt(maximum + 1);
                        case 1 -> (x * 3 + y * 5 + (x / 7 + y / 5) % 2 * maximum / 3 + component) % (maximum + 1);
                        case 2 ->
                            (x / 9 + y / 4) % 3 == component % 3 ? maximum : random.nextInt(20) == 0 ? 0 : maximum / 2;
                        default -> maximum;
                    };
                })
                .toArray();
    }
}
