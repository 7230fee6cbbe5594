// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelManifest.Interpolation;
import org.cxrlocalizer.model.ModelManifest.ResizeRule;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.RadiographReaders;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The golden arrays are PyTorch's, written by models/tools/golden.py. */
class ResamplerTest {

    private static final JsonNode GOLDEN = new JsonMapper().readTree(Samples.content("golden/resize.json"));

    @Test
    void smallPatternsAreResizedAsByPyTorch() {
        for (JsonNode pattern : GOLDEN.get("patterns")) {
            short[] samples = new short[pattern.get("pixels").size()];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (short) pattern.get("pixels").get(i).asInt();
            }
            Radiograph radiograph = radiograph(
                    pattern.get("width").asInt(), pattern.get("height").asInt(), samples);

            float[] resized = Resampler.resize(
                    radiograph,
                    pattern.get("resizedWidth").asInt(),
                    pattern.get("resizedHeight").asInt(),
                    Interpolation.BILINEAR);

            assertThat(resized).containsExactly(floats(pattern.get("resized")), within(2e-6f));
        }
    }

    @Test
    void aRealImageIsResizedAsByPyTorch() {
        JsonNode sample = GOLDEN.get("sample");
        int side = sample.get("side").asInt();
        Radiograph radiograph =
                RadiographReaders.reader().read(Samples.read(sample.get("image").asString()));

        assertThat(Resampler.resize(radiograph, side, side, Interpolation.BILINEAR))
                .containsExactly(floats(sample.get("resized")), within(1e-5f));
    }

    @Test
    void everySizeIsResizedAsByTheDefinition() {
        Random random = new Random(6);
        for (int run = 0; run < 300; run++) {
            short[] samples = new short[(1 + random.nextInt(50)) * (1 + random.nextInt(50))];
            int width = 1 + random.nextInt(samples.length);
            while (samples.length % width != 0) {
                width--;
            }
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (short) random.nextInt(256);
            }
            Radiograph radiograph = radiograph(width, samples.length / width, samples);
            int resizedWidth = 1 + random.nextInt(60);
            int resizedHeight = 1 + random.nextInt(60);

            Interpolation interpolation = run % 2 == 0 ? Interpolation.BILINEAR : Interpolation.BICUBIC;

            float[] resized = Resampler.resize(radiograph, resizedWidth, resizedHeight, interpolation);

            for (int i = 0; i < resized.length; i++) {
                double expected = defined(
                        radiograph, resizedWidth, resizedHeight, i % resizedWidth, i / resizedWidth, interpolation);
                assertThat((double) resized[i]).isCloseTo(expected, within(3e-6));
            }
        }
    }

    /** One pixel from all pixels, each with the filter's weight in both directions. */
    private static double defined(
            Radiograph radiograph, int width, int height, int x, int y, Interpolation interpolation) {
        double sum = 0;
        double weights = 0;
        for (int row = 0; row < radiograph.height(); row++) {
            double vertical = weight(row, radiograph.height(), y, height, interpolation);
            for (int column = 0; vertical != 0 && column < radiograph.width(); column++) {
                double weight = vertical * weight(column, radiograph.width(), x, width, interpolation);
                sum += weight * (radiograph.samples()[row * radiograph.width() + column] & 0xffff) / 255;
                weights += weight;
            }
        }
        return Math.max(0, Math.min(1, sum / weights));
    }

    private static double weight(int input, int inputs, int output, int outputs, Interpolation interpolation) {
        double scale = (double) inputs / outputs;
        double distance = Math.abs(input + 0.5 - scale * (output + 0.5)) / Math.max(1, scale);
        if (interpolation == Interpolation.BILINEAR) {
            return Math.max(0, 1 - distance);
        }
        double square = distance * distance;
        if (distance < 1) {
            return 1.5 * square * distance - 2.5 * square + 1;
        }
        return distance < 2 ? -0.5 * square * distance + 2.5 * square - 4 * distance + 2 : 0;
    }

    @Test
    void bicubicIsResizedAsByPyTorch() {
        short[] samples = new short[30];
        for (int i = 0; i < 30; i++) {
            samples[i] = (short) (i * i * 37 % 256);
        }

        // PyTorch 2.13: interpolate(pixels / 255, (3, 4), mode="bicubic", antialias=True).clamp(0, 1)
        assertThat(Resampler.resize(radiograph(6, 5, samples), 4, 3, Interpolation.BICUBIC))
                .containsExactly(
                        new float[] {
                            0.0674788f,
                            0.3313439f,
                            0.4353612f,
                            0.4878217f,
                            0.5661274f,
                            0.3763123f,
                            0.5141733f,
                            0.5178053f,
                            0.4063820f,
                            0.5790720f,
                            0.5819618f,
                            0.5432472f
                        },
                        within(2e-6f));
    }

    @Test
    void sixteenBitPixelsGiveTheSameBrightness() {
        short[] eight = {0, 10, 100, (short) 255, 30, 7};
        short[] sixteen = new short[6];
        for (int i = 0; i < 6; i++) {
            sixteen[i] = (short) (eight[i] * 257);
        }

        Radiograph deep = new Radiograph(3, 2, sixteen, 65535, "image/png", "", List.of());

        assertThat(Resampler.resize(deep, 2, 2, Interpolation.BILINEAR))
                .containsExactly(
                        Resampler.resize(radiograph(3, 2, eight), 2, 2, Interpolation.BILINEAR), within(1e-6f));
    }

    @Test
    void aLetterboxPadsTheShorterSideWithBlack() {
        ModelInput input = ModelInput.prepare(white(40, 20), input(ResizeRule.LETTERBOX, 1, List.of(-1.0, 1.0)));

        assertThat(input.values()[3 * 16 + 8]).as("above the image").isEqualTo(-1);
        assertThat(input.values()[4 * 16]).as("first row of the image").isCloseTo(1, within(1e-6f));
        assertThat(input.values()[12 * 16 + 8]).as("below the image").isEqualTo(-1);
        assertThat(input.frame().toImage(0, 0.25, 1, 0.75)).contains(Box.ofCorners(0, 0, 40, 20));
    }

    @Test
    void aCentreCropTakesTheMiddleOfTheLongerSide() {
        ModelInput input = ModelInput.prepare(white(40, 20), input(ResizeRule.CENTRE_CROP, 1, List.of(0.0, 1.0)));

        assertThat(input.values()).containsOnly(new float[] {1}, within(1e-6f));
        assertThat(input.frame().toImage(0, 0, 1, 1)).contains(Box.ofCorners(10, 0, 30, 20));
    }

    @Test
    void aCentreCropLeavesOutTheRimOfALargerResize() {
        ModelManifest.Input spec = new ModelManifest.Input(
                16,
                1,
                ResizeRule.CENTRE_CROP,
                20,
                Interpolation.BICUBIC,
                List.of(0.0, 1.0),
                List.of(0.0),
                List.of(1.0));

        ModelInput input = ModelInput.prepare(white(80, 40), spec);

        assertThat(input.frame().toImage(0, 0, 1, 1)).contains(Box.ofCorners(24, 4, 56, 36));
    }

    @Test
    void meanAndDeviationAreThoseOfEachChannel() {
        ModelManifest.Input spec = new ModelManifest.Input(
                16,
                3,
                ResizeRule.STRETCH,
                null,
                Interpolation.BILINEAR,
                List.of(0.0, 1.0),
                List.of(0.5, 0.25, 0.0),
                List.of(0.5, 0.25, 2.0));
        float[] values = ModelInput.prepare(white(16, 16), spec).values();

        assertThat(new float[] {values[0], values[256], values[512]})
                .containsExactly(new float[] {1, 3, 0.5f}, within(1e-6f));
    }

    private static ModelManifest.Input input(ResizeRule rule, int channels, List<Double> range) {
        return new ModelManifest.Input(
                16, channels, rule, null, Interpolation.BILINEAR, range, List.of(0.0), List.of(1.0));
    }

    private static Radiograph white(int width, int height) {
        short[] samples = new short[width * height];
        Arrays.fill(samples, (short) 255);
        return radiograph(width, height, samples);
    }

    private static Radiograph radiograph(int width, int height, short[] samples) {
        return new Radiograph(width, height, samples, 255, "image/png", "", List.of());
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).asDouble();
        }
        return values;
    }
}
