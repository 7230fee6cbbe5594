// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.MapUnit;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.RadiographReaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OverlayTest {

    private final Random random = new Random(4);

    static List<ImageFrame> frames() {
        return List.of(
                ImageFrame.stretch(300, 200),
                ImageFrame.window(300, 200, 64, 43, 64, 0, -10), // letterbox
                ImageFrame.window(300, 200, 96, 64, 64, 16, 0)); // centre crop
    }

    @ParameterizedTest
    @MethodSource("frames")
    void rowsOfTheSurfaceAreItsPointsToTheBit(ImageFrame frame) {
        for (int run = 0; run < 20; run++) {
            ClassActivationMap map = map(1 + random.nextInt(20), 1 + random.nextInt(20));
            SurfaceRows rows = new SurfaceRows(map, frame);
            double[] row = new double[300];
            for (int y = 0; y < 200; y++) {
                rows.read(y, row);
                for (int x = 0; x < row.length; x++) {
                    double u = frame.u(x + 0.5);
                    double v = frame.v(y + 0.5);
                    boolean isSeen = u >= 0 && u <= 1 && v >= 0 && v <= 1;
                    assertThat(row[x] == (isSeen ? map.at(u, v) : Double.NaN) || (!isSeen && Double.isNaN(row[x])))
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("frames")
    void eachPixelIsTheRadiographMixedWithTheColourOfItsHeat(ImageFrame frame) {
        ClassActivationMap map = map(7, 7);
        Radiograph radiograph = radiograph();

        BufferedImage picture = Overlay.draw(radiograph, map, frame, "", List.of());

        for (int y = 0; y < 150; y++) { // the legend is below
            for (int x = 0; x < 300; x++) {
                double u = frame.u(x + 0.5);
                double v = frame.v(y + 0.5);
                boolean isSeen = u >= 0 && u <= 1 && v >= 0 && v <= 1;
                double heat = isSeen ? (map.at(u, v) - map.minimum()) / ((double) map.maximum() - map.minimum()) : 0;
                for (int shift = 0; shift <= 16; shift += 8) {
                    double colour = ColourMap.rgb(heat) >> shift & 0xff;
                    double expected = 255.0 * radiograph.brightness(x, y) * (1 - heat / 2) + colour * heat / 2;
                    assertThat((double) (picture.getRGB(x, y) >> shift & 0xff))
                            .isBetween(expected - 0.501, expected + 0.501);
                }
            }
        }
    }

    @Test
    void theLegendStatesTheUnitOfTheMap() {
        Radiograph radiograph = radiograph();
        ClassActivationMap logits = new ClassActivationMap(2, 1, new float[] {0, 0.5f}, MapUnit.LOGIT);
        ClassActivationMap probabilities = new ClassActivationMap(2, 1, new float[] {0, 0.5f}, MapUnit.PROBABILITY);
        ImageFrame frame = ImageFrame.stretch(300, 200);

        int[] ofLogits = pixels(Overlay.draw(radiograph, logits, frame, "", List.of()));
        int[] ofProbabilities = pixels(Overlay.draw(radiograph, probabilities, frame, "", List.of()));

        int legend = 150 * 300;
        assertThat(Arrays.copyOf(ofProbabilities, legend)).isEqualTo(Arrays.copyOf(ofLogits, legend));
        assertThat(ofProbabilities).isNotEqualTo(ofLogits);
    }

    private static int[] pixels(BufferedImage picture) {
        return picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    }

    @Test
    void aMapWithoutHeatLeavesTheRadiographGrey() {
        Radiograph radiograph = radiograph();
        ClassActivationMap constant = new ClassActivationMap(1, 1, new float[] {3});
        ClassActivationMap infinite = new ClassActivationMap(2, 1, new float[] {3, Float.POSITIVE_INFINITY});
        for (ClassActivationMap map : List.of(constant, infinite)) {
            BufferedImage picture = Overlay.draw(radiograph, map, ImageFrame.stretch(300, 200), "", List.of());
            for (int x = 0; x < 300; x++) {
                assertThat(picture.getRGB(x, 9) & 0xffffff)
                        .isEqualTo((radiograph.samples()[9 * 300 + x] & 0xff) * 0x10101);
            }
        }
    }

    @Test
    void aPngHoldsThePictureToThePixel() throws IOException {
        for (int run = 0; run < 20; run++) {
            BufferedImage picture =
                    new BufferedImage(1 + random.nextInt(50), 1 + random.nextInt(50), BufferedImage.TYPE_INT_RGB);
            for (int y = 0; y < picture.getHeight(); y++) {
                for (int x = 0; x < picture.getWidth(); x++) {
                    picture.setRGB(x, y, random.nextInt(1 << 24));
                }
            }
            assertThatPngHolds(picture);
        }
    }

    @Test
    void aPngOfAnOverlayIsSmallerThanImageIos() throws IOException {
        Radiograph radiograph = RadiographReaders.reader().read(Samples.read(Samples.NAMES.get(0)));
        BufferedImage picture =
                Overlay.draw(radiograph, map(16, 16), ImageFrame.stretch(1024, 1024), "title", List.of());

        assertThatPngHolds(picture);
        assertThat(OverlayPng.encode(picture).length).isLessThan((int) (0.85 * Samples.encoded(picture, "png").length));
    }

    private static void assertThatPngHolds(BufferedImage picture) throws IOException {
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(OverlayPng.encode(picture)));
        int width = picture.getWidth();
        int height = picture.getHeight();
        assertThat(read.getColorModel().getNumComponents()).isEqualTo(3);
        assertThat(read.getRGB(0, 0, width, height, null, 0, width))
                .isEqualTo(picture.getRGB(0, 0, width, height, null, 0, width));
    }

    private Radiograph radiograph() {
        short[] samples = new short[300 * 200];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) random.nextInt(256);
        }
        return new Radiograph(300, 200, samples, 255, "image/png", "", List.of());
    }

    private ClassActivationMap map(int width, int height) {
        float[] values = new float[width * height];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new ClassActivationMap(width, height, values);
    }
}
