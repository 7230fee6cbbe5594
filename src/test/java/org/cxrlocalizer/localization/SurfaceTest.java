// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SurfaceTest {

    private static final double EPSILON = 1e-6;

    @Test
    void aSinglePeakEndsHalfwayDownItsSlopes() {
        ClassActivationMap map = map(3, 3, 0, 0, 0, 0, 2, 0, 0, 0, 0);

        assertThat(new Surface(map).regions(1)).containsExactly(new Region(1, 1, 2, 2, 2));
    }

    @Test
    void aPeakInACornerReachesTheBorder() {
        ClassActivationMap map = map(2, 2, 4, 0, 0, 0);

        assertThat(new Surface(map).regions(2)).containsExactly(new Region(0, 0, 1, 1, 4));
    }

    @Test
    void oppositeCornersAreJoinedExactlyWhereTheSaddleIsHighEnough() {
        ClassActivationMap map = map(2, 2, 1, 0, 0, 1); // saddle at 0.5

        assertThat(new Surface(map).regions(0.5)).containsExactly(new Region(0, 0, 2, 2, 1));
        assertThat(new Surface(map).regions(0.5001)).hasSize(2);
    }

    @Test
    void aPlateauIsOneRegion() {
        ClassActivationMap map = map(4, 2, 1, 1, 1, 0, 1, 1, 1, 0);

        assertThat(new Surface(map).regions(1)).containsExactly(new Region(0, 0, 2.5, 2, 1));
    }

    @Test
    void aMapThatIsNotFiniteIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Surface(map(2, 1, 1, Float.NaN)));
    }

    /**
     * For each of many small random maps: every raster region lies inside exactly matching boxes, and the boxes are no
     * larger than the raster's resolution explains, unless a thin tip or neck that the raster cannot see is there.
     */
    @Test
    void rasterRegionsStayInsideTheBoxesOfTwelveThousandMaps() {
        Random random = new Random(20261123);
        int regions = 0;
        for (int run = 0; run < 12_000; run++) {
            ClassActivationMap map = randomMap(random);
            double level = randomLevel(map, random);
            List<Region> exact = new Surface(map).regions(level);
            for (Region raster : RasterOracle.regions(map, level + 1e-9, 6)) {
                regions++;
                assertThat(exact)
                        .as("map %s %s at %s", map.width(), Arrays.toString(map.values()), level)
                        .anyMatch(region -> region.left() <= raster.left() + EPSILON
                                && region.top() <= raster.top() + EPSILON
                                && region.right() >= raster.right() - EPSILON
                                && region.bottom() >= raster.bottom() - EPSILON);
            }
        }
        assertThat(regions).as("regions compared").isGreaterThan(10_000);
    }

    /** The raster finds the same regions, and its extents close in on the boxes as the resolution grows. */
    @Test
    void rasterExtentsConvergeToTheBoxes() {
        Random random = new Random(7);
        double coarse = 0;
        double fine = 0;
        int compared = 0;
        for (int run = 0; run < 1500; run++) {
            ClassActivationMap map = randomMap(random);
            double level = randomLevel(map, random);
            List<Region> exact = new Surface(map).regions(level);
            List<Region> atFour = RasterOracle.regions(map, level, 4);
            List<Region> atThirtyTwo = RasterOracle.regions(map, level, 32);
            if (exact.size() == atFour.size() && exact.size() == atThirtyTwo.size()) {
                coarse += distance(exact, atFour);
                fine += distance(exact, atThirtyTwo);
                compared += exact.size();
            }
        }
        assertThat(compared).isGreaterThan(1000);
        assertThat(fine / compared).as("mean gap in cells at 32 samples a cell").isLessThan(0.03);
        assertThat(fine).isLessThan(coarse / 4);
    }

    @Test
    void theSweepGivesTheBoxesOfEveryLevelAlone() {
        Random random = new Random(11);
        for (int run = 0; run < 10_000; run++) {
            ClassActivationMap map = randomMap(random);
            double[] levels = new double[12];
            for (int i = 0; i < levels.length; i++) {
                levels[i] = i % 3 == 0 ? map.values()[random.nextInt(map.values().length)] : randomLevel(map, random);
            }
            Surface surface = new Surface(map);
            List<List<Region>> swept = surface.sweep(levels);
            for (int i = 0; i < levels.length; i++) {
                assertThat(swept.get(i)).isEqualTo(surface.regions(levels[i]));
            }
        }
    }

    @Test
    void theSurfaceOfAMapIsWhatTheRegionsAreCutFrom() {
        ClassActivationMap map = map(2, 2, 0, 1, 2, 5);

        assertThat(map.at(0.5, 0.5)).isEqualTo(2);
        assertThat(map.at(0, 0)).isEqualTo(0);
        assertThat(map.at(0.25, 0.5)).isEqualTo(1);
        assertThat(map.at(1, 1)).isEqualTo(5);
        assertThat(map.at(0.5, 0.25)).isCloseTo(0.5, within(1e-12));
    }

    /** Smooth, plateaued, checkered and noisy maps, down to 1 × n. */
    private static ClassActivationMap randomMap(Random random) {
        int width = random.nextInt(5) == 0 ? 1 : 1 + random.nextInt(7);
        int height = random.nextInt(5) == 0 ? 1 : 1 + random.nextInt(7);
        float[] values = new float[width * height];
        int kind = random.nextInt(4);
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (kind) {
                case 0 -> (float) random.nextGaussian();
                case 1 -> random.nextInt(3);
                case 2 -> ((i % width + i / width) % 2) + 0.1f * random.nextFloat();
                default -> (float) (Math.sin(i % width) + Math.cos(0.7 * (i / (double) width)));
            };
        }
        return new ClassActivationMap(width, height, values);
    }

    private static double randomLevel(ClassActivationMap map, Random random) {
        return map.minimum() + (map.maximum() - map.minimum()) * (0.02 + 0.96 * random.nextDouble());
    }

    private static double distance(List<Region> exact, List<Region> raster) {
        double sum = 0;
        for (Region region : exact) {
            sum += raster.stream()
                    .mapToDouble(other -> Math.max(
                            Math.max(Math.abs(region.left() - other.left()), Math.abs(region.right() - other.right())),
                            Math.max(Math.abs(region.top() - other.top()), Math.abs(region.bottom() - other.bottom()))))
                    .min()
                    .orElseThrow();
        }
        return sum;
    }

    private static ClassActivationMap map(int width, int height, float... values) {
        return new ClassActivationMap(width, height, values);
    }
}
