// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.cxrlocalizer.dataset.ImageSize;
import org.cxrlocalizer.dataset.PixelMask;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.ScoredBox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures against true masks beside counts of single pixels. */
class MaskMetricsTest {

    private static final ImageSize SIZE = new ImageSize(40, 30);
    private static final List<String> LABELS = List.of("Mass", "Nodule");

    /** Images with boxes, maps and masks; every fifth label of an image has no mask. */
    private static final class Cases {

        private final List<boolean[][]> truths = new ArrayList<>();
        private final List<List<ScoredBox>> boxes = new ArrayList<>();
        private final List<ClassActivationMap> maps = new ArrayList<>();
        private final List<ImageFrame> frames = new ArrayList<>();
        private final TruthSet set;

        Cases(Random random) {
            List<TruthSet.Image> images = new ArrayList<>();
            for (int image = 0; image < 10; image++) {
                List<Box> drawn = List.of(new Box(1, 1, 5, 5));
                images.add(new TruthSet.Image(
                        "image " + image, "patient " + image / 2, SIZE, Map.of("Mass", drawn, "Nodule", drawn)));
                frames.add(
                        image % 2 == 0
                                ? ImageFrame.stretch(40, 30)
                                : ImageFrame.window(40, 30, 40, 30, 30, 5 * (image % 3), 0));
                for (int label = 0; label < 2; label++) {
                    boolean[][] pixels = new boolean[40][30];
                    for (boolean[] column : pixels) {
                        for (int y = 0; y < 30; y++) {
                            column[y] = random.nextInt(3) == 0;
                        }
                    }
                    truths.add(pixels);
                    boxes.add(IntStream.range(0, random.nextInt(3))
                            .mapToObj(i -> new ScoredBox(
                                    new Box(
                                            random.nextDouble() * 30,
                                            random.nextDouble() * 20,
                                            1 + random.nextDouble() * 30,
                                            1 + random.nextDouble() * 20),
                                    0.5))
                            .toList());
                    float[] values = new float[12];
                    for (int i = 0; i < 12; i++) {
                        values[i] = image == 3 ? 1 : random.nextFloat() - 0.3f;
                    }
                    maps.add(new ClassActivationMap(4, 3, values));
                }
            }
            set = new TruthSet(LABELS, images);
        }

        boolean hasMask(int image, int label) {
            return (2 * image + label) % 5 != 4;
        }

        TruthMasks masks() {
            return (image, label) -> hasMask(image, label)
                    ? PixelMask.of(SIZE, column -> {
                        BitSet rows = new BitSet();
                        IntStream.range(0, 30)
                                .filter(y -> truths.get(2 * image + label)[column][y])
                                .forEach(rows::set);
                        return rows;
                    })
                    : null;
        }

        ClassMaps classMaps() {
            return new ClassMaps() {
                @Override
                public ClassActivationMap of(int image, int label) {
                    return maps.get(2 * image + label);
                }

                @Override
                public ImageFrame frame(int image) {
                    return frames.get(image);
                }
            };
        }
    }

    @FunctionalInterface
    private interface Region {
        boolean has(int image, int label, double x, double y);
    }

    /** By label, then the mean over labels, then over all cases. */
    private static double[] counted(Cases cases, Region region) {
        double[] sums = new double[4];
        double[] counts = new double[4];
        for (int image = 0; image < 10; image++) {
            for (int label = 0; label < 2; label++) {
                if (cases.hasMask(image, label)) {
                    double both = 0;
                    double either = 0;
                    for (int x = 0; x < 40; x++) {
                        for (int y = 0; y < 30; y++) {
                            boolean isTrue = cases.truths.get(2 * image + label)[x][y];
                            boolean isFound = region.has(image, label, x + 0.5, y + 0.5);
                            both += isTrue && isFound ? 1 : 0;
                            either += isTrue || isFound ? 1 : 0;
                        }
                    }
                    sums[label] += both / either;
                    sums[3] += both / either;
                    counts[label]++;
                    counts[3]++;
                }
            }
        }
        double first = sums[0] / counts[0];
        double second = sums[1] / counts[1];
        return new double[] {first, second, (first + second) / 2, sums[3] / counts[3]};
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theBoxesOfALabelAreComparedTogether(long seed) {
        Cases cases = new Cases(new Random(seed));

        List<Metric> metrics =
                MaskMetrics.ofBoxes(cases.set, cases.masks(), (image, label) -> cases.boxes.get(2 * image + label));

        assertThat(metrics).singleElement().satisfies(metric -> {
            assertThat(metric.name()).isEqualTo("Mask IoU of boxes");
            assertThat(metric.of(cases.set.once()))
                    .containsExactly(
                            counted(cases, (image, label, x, y) -> cases.boxes.get(2 * image + label).stream()
                                    .map(ScoredBox::box)
                                    .anyMatch(box ->
                                            x >= box.x() && x < box.right() && y >= box.y() && y < box.bottom())),
                            within(1e-12));
            assertThat(metric.counts(new long[] {10, 10})).containsExactly(8, 8);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theMapIsCutAtOtsusLevel(long seed) {
        Cases cases = new Cases(new Random(seed));

        List<Metric> metrics = MaskMetrics.ofMaps(cases.set, cases.masks(), cases.classMaps());

        assertThat(metrics.get(0).name()).isEqualTo("Mask IoU of the map");
        assertThat(metrics.get(0).of(cases.set.once()))
                .containsExactly(
                        counted(cases, (image, label, x, y) -> {
                            ClassActivationMap map = cases.maps.get(2 * image + label);
                            ImageFrame frame = cases.frames.get(image);
                            double u = (x - frame.offsetX()) / frame.scaleX();
                            double v = (y - frame.offsetY()) / frame.scaleY();
                            return image != 3
                                    && u >= 0
                                    && u <= 1
                                    && v >= 0
                                    && v <= 1
                                    && map.at(u, v) >= otsu(map.values());
                        }),
                        within(1e-12));
    }

    /** Tries the middle of every two neighbouring values. */
    private static double otsu(float[] values) {
        double best = -1;
        double level = 0;
        float[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        for (int i = 1; i < sorted.length; i++) {
            double middle = ((double) sorted[i - 1] + sorted[i]) / 2;
            double[] sums = new double[2];
            double[] counts = new double[2];
            for (float value : values) {
                int part = value < middle ? 0 : 1;
                sums[part] += value;
                counts[part]++;
            }
            double gap = sums[0] / counts[0] - sums[1] / counts[1];
            if (counts[0] * counts[1] * gap * gap > best) {
                best = counts[0] * counts[1] * gap * gap;
                level = middle;
            }
        }
        return level;
    }

    @Test
    void theHighestCellIsInTheMaskOrNot() {
        Cases cases = new Cases(new Random(4));

        Metric metric =
                MaskMetrics.ofMaps(cases.set, cases.masks(), cases.classMaps()).get(1);

        double hits = 0;
        double count = 0;
        for (int image = 0; image < 10; image++) {
            for (int label = 0; label < 2; label++) {
                if (cases.hasMask(image, label)) {
                    float[] values = cases.maps.get(2 * image + label).values();
                    int peak = IntStream.range(0, 12)
                            .reduce((a, b) -> values[b] > values[a] ? b : a)
                            .orElseThrow();
                    ImageFrame frame = cases.frames.get(image);
                    int x = (int) (frame.offsetX() + frame.scaleX() * (peak % 4 + 0.5) / 4);
                    int row = peak / 4;
                    int y = (int) (frame.offsetY() + frame.scaleY() * (row + 0.5) / 3);
                    boolean isHit = image != 3 && cases.truths.get(2 * image + label)[x][y];
                    hits += isHit ? 1 : 0;
                    count++;
                }
            }
        }
        assertThat(metric.name()).isEqualTo("Pointing game in the mask");
        assertThat(metric.isShare()).isTrue();
        assertThat(metric.of(cases.set.once())[3]).isEqualTo(hits / count);
    }

    @Test
    void aTruthWithoutMasksHasNoSuchFigure() {
        Cases cases = new Cases(new Random(5));

        assertThat(MaskMetrics.ofBoxes(cases.set, (image, label) -> null, (image, label) -> List.of()))
                .isEmpty();
        assertThat(MaskMetrics.ofMaps(cases.set, (image, label) -> null, cases.classMaps()))
                .isEmpty();
    }
}
