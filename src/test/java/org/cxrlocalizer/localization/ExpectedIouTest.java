// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The policy {@code expected-iou} against sums over single cells. */
class ExpectedIouTest {

    private static final String POLICY = "{\"type\":\"expected-iou\"}";
    private static final int MOST = 1000;

    private static ClassActivationMap probabilities(int columns, float... values) {
        return new ClassActivationMap(columns, values.length / columns, values, MapUnit.PROBABILITY);
    }

    private static ClassActivationMap random(Random random, int columns, int rows) {
        float[] values = new float[columns * rows];
        double sparse = random.nextDouble();
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextDouble() < sparse ? 0 : random.nextFloat();
        }
        values[random.nextInt(values.length)] = 1;
        return probabilities(columns, values);
    }

    /** Cell by cell, without an integral image. */
    private static double expectedIou(double[] values, int columns, List<CellRectangle> marked) {
        double inside = 0;
        double outside = 0;
        int area = 0;
        for (int i = 0; i < values.length; i++) {
            int x = i % columns;
            int y = i / columns;
            if (marked.stream().anyMatch(it -> x >= it.left() && x < it.right() && y >= it.top() && y < it.bottom())) {
                inside += values[i];
                area++;
            } else {
                outside += values[i];
            }
        }
        return inside / (area + outside);
    }

    private static CellRectangle bestOf(double[] values, int columns) {
        int rows = values.length / columns;
        CellRectangle best = new CellRectangle(0, 0, 1, 1, -1);
        for (int left = 0; left < columns; left++) {
            for (int right = left + 1; right <= columns; right++) {
                for (int top = 0; top < rows; top++) {
                    for (int bottom = top + 1; bottom <= rows; bottom++) {
                        CellRectangle it = new CellRectangle(left, top, right, bottom, 0);
                        double expected = expectedIou(values, columns, List.of(it));
                        best = expected > best.expectedIou() ? it.withExpectedIou(expected) : best;
                    }
                }
            }
        }
        return best;
    }

    private static double[] doubles(ClassActivationMap map) {
        double[] values = new double[map.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = map.values()[i];
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noOtherRectangleOfCellsHasAGreaterExpectedIou(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 50; run++) {
            ClassActivationMap map = random(random, 1 + random.nextInt(7), 1 + random.nextInt(7));

            CellRectangle found = CellProbabilities.of(map).rectangles(1).get(0);

            assertThat(found.expectedIou())
                    .isCloseTo(bestOf(doubles(map), map.width()).expectedIou(), within(1e-12))
                    .isCloseTo(expectedIou(doubles(map), map.width(), List.of(found)), within(1e-12));
        }
    }

    /** In eighths all sums are exact, so that ties are ties; the first from the top left counts. */
    @ParameterizedTest
    @ValueSource(longs = {6, 7, 8})
    void whatTheSearchLeavesOutHoldsNothingBetter(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 40; run++) {
            int columns = 1 + random.nextInt(20);
            int rows = 1 + random.nextInt(20);
            float[] values = new float[columns * rows];
            int grain = 1 + random.nextInt(4);
            for (int i = 0; i < values.length; i++) {
                int x = i % columns / grain;
                int y = i / columns / grain;
                values[i] = new Random(seed + 31L * run + 1009L * x + 9176L * y).nextInt(9) / 8f;
            }
            values[0] = 1;

            assertThat(CellProbabilities.of(probabilities(columns, values))
                            .rectangles(1)
                            .get(0))
                    .isEqualTo(firstBestOf(values, columns));
        }
    }

    private static CellRectangle firstBestOf(float[] values, int columns) {
        int rows = values.length / columns;
        double total = 0;
        for (float value : values) {
            total += value;
        }
        CellRectangle best = new CellRectangle(0, 0, 1, 1, -1);
        for (int top = 0; top < rows; top++) {
            for (int bottom = top + 1; bottom <= rows; bottom++) {
                for (int left = 0; left < columns; left++) {
                    double inside = 0;
                    for (int right = left + 1; right <= columns; right++) {
                        for (int row = top; row < bottom; row++) {
                            inside += values[row * columns + right - 1];
                        }
                        CellRectangle it = new CellRectangle(left, top, right, bottom, 0);
                        double expected = inside / (it.area() + (total - inside));
                        best = expected > best.expectedIou() ? it.withExpectedIou(expected) : best;
                    }
                }
            }
        }
        return best;
    }

    /** The rule, step by step: zero what is marked, take the best of the rest, and compare it with the first. */
    @Test
    void furtherRectanglesAreWorthAsMuchInTheRestAsTheFirstInTheWhole() {
        Random random = new Random(5);
        int several = 0;
        int single = 0;
        for (int run = 0; run < 200; run++) {
            ClassActivationMap map = random(random, 3 + random.nextInt(4), 3 + random.nextInt(4));
            double[] all = doubles(map);
            double[] rest = all.clone();
            List<CellRectangle> found = CellProbabilities.of(map).rectangles(MOST);
            double first = found.get(0).expectedIou();
            List<CellRectangle> marked = new ArrayList<>();
            for (CellRectangle next : found) {
                assertThat(bestOf(rest, map.width()).expectedIou())
                        .isCloseTo(expectedIou(rest, map.width(), List.of(next)), within(1e-12))
                        .isGreaterThan(first - 1e-12);
                assertThat(next.expectedIou())
                        .isCloseTo(expectedIou(all, map.width(), List.of(next)), within(1e-12))
                        .isLessThan(first + 1e-12);
                double before = expectedIou(all, map.width(), marked);
                marked.add(next);
                assertThat(expectedIou(all, map.width(), marked)).isGreaterThan(before);
                clear(rest, map.width(), next);
            }
            assertThat(bestOf(rest, map.width()).expectedIou()).isLessThan(first + 1e-12);
            several += found.size() > 1 ? 1 : 0;
            single += found.size() == 1 ? 1 : 0;
        }
        assertThat(several).isGreaterThan(20);
        assertThat(single).isGreaterThan(20);
    }

    private static void clear(double[] values, int columns, CellRectangle rectangle) {
        for (int i = 0; i < values.length; i++) {
            int x = i % columns;
            int y = i / columns;
            if (x >= rectangle.left() && x < rectangle.right() && y >= rectangle.top() && y < rectangle.bottom()) {
                values[i] = 0;
            }
        }
    }

    /** A smooth hill, as the probabilities of one finding with an uncertain rim. */
    private static void addHill(float[] values, int side, double x, double y, double radius, double peak) {
        for (int i = 0; i < values.length; i++) {
            int row = i / side;
            double dx = (i % side + 0.5 - x) / radius;
            double dy = (row + 0.5 - y) / radius;
            values[i] = (float) Math.min(1, values[i] + peak * Math.exp(-(dx * dx + dy * dy) / 2));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.2, 0.5, 0.9})
    void aHillEarnsOneBoxAndTwoHillsFarApartEarnTwo(double peak) {
        int side = 24;
        for (double radius : new double[] {1, 2, 3, 4}) {
            float[] values = new float[side * side];
            addHill(values, side, 7.3, 11.8, radius, peak);
            assertThat(CellProbabilities.of(probabilities(side, values)).rectangles(MOST))
                    .hasSize(1);
        }
        float[] values = new float[side * side];
        addHill(values, side, 7.3, 11.8, 1, peak);
        addHill(values, side, 18.3, 11.8, 1, peak);
        assertThat(CellProbabilities.of(probabilities(side, values)).rectangles(MOST))
                .hasSize(2);
    }

    @Test
    void aFainterSecondHillEarnsNoBox() {
        int side = 24;
        float[] values = new float[side * side];
        addHill(values, side, 7.3, 11.8, 2, 0.8);
        addHill(values, side, 18.3, 11.8, 2, 0.2);

        assertThat(CellProbabilities.of(probabilities(side, values)).rectangles(MOST))
                .hasSize(1);
    }

    @Test
    void theBoxIsInPixelsAndItsScoreIsItsExpectedIou() {
        ClassActivationMap map = probabilities(5, new float[] {0, 1, 0.75f, 0, 0, 0, 1, 1, 0, 0.25f});

        MapBoxes cut = cut(map, ImageFrame.stretch(500, 100), POLICY);

        assertThat(cut.boxes()).containsExactly(new ScoredBox(new Box(100, 0, 200, 100), 3.75 / 4.25));
        assertThat(cut.noBoxReason()).isNull();
    }

    @Test
    void aBoxOnPaddingIsCutToTheImage() {
        ClassActivationMap map = probabilities(4, new float[] {0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        ImageFrame letterbox = ImageFrame.window(200, 100, 200, 100, 200, 0, -50);

        assertThat(cut(map, letterbox, POLICY).boxes())
                .extracting(ScoredBox::box)
                .containsExactly(new Box(50, 0, 50, 50));
    }

    @Test
    void theSelectionKeepsWhatItKeepsOfOtherPolicies() {
        float[] values = new float[10 * 10];
        values[11] = 1;
        values[18] = 1;
        values[77] = 1;
        values[78] = 1;
        ClassActivationMap map = probabilities(10, values);
        ImageFrame frame = ImageFrame.stretch(100, 100);

        assertThat(cut(map, frame, POLICY).boxes())
                .containsExactly(
                        new ScoredBox(new Box(70, 70, 20, 10), 0.5),
                        new ScoredBox(new Box(10, 10, 10, 10), 0.25),
                        new ScoredBox(new Box(80, 10, 10, 10), 0.25));
        assertThat(cut(map, frame, "{\"type\":\"expected-iou\",\"selection\":{\"maximumBoxes\":2}}")
                        .boxes())
                .hasSize(2);
        assertThat(cut(map, frame, "{\"type\":\"expected-iou\",\"selection\":{\"minimumArea\":0.015}}")
                        .boxes())
                .hasSize(1);
        assertThat(cut(map, frame, "{\"type\":\"expected-iou\",\"selection\":{\"minimumArea\":0.03}}")
                        .noBoxReason())
                .isEqualTo(NoBoxReason.REGIONS_TOO_SMALL);
    }

    @Test
    void aMapWithoutABoxHasAReason() {
        assertThat(reason(0.1f, Float.NaN, 0.5f)).isEqualTo(NoBoxReason.MAP_NOT_FINITE);
        assertThat(reason(0, 0, 0)).isEqualTo(NoBoxReason.MAP_CONSTANT);
        assertThat(reason(0.5f, 0.5f, 0.5f)).isEqualTo(NoBoxReason.MAP_CONSTANT);
        assertThat(reason(-0.5f, 0, -0.1f)).isEqualTo(NoBoxReason.MAP_NOT_POSITIVE);
        assertThat(reason(0.5f, 0.6f, 0.5f)).isEqualTo(NoBoxReason.LEVEL_BELOW_MAP);
        assertThat(reason(0, 0.6f, 1)).isNull();
    }

    @Test
    void aMapThatHoldsNoProbabilitiesIsRefused() {
        ImageFrame frame = ImageFrame.stretch(30, 10);
        ClassActivationMap logits = new ClassActivationMap(3, 1, new float[] {0.1f, 0.9f, 0.2f});

        assertThatExceptionOfType(UnfitPolicyException.class)
                .isThrownBy(() -> cut(logits, frame, POLICY))
                .withMessageContaining("expected-iou")
                .withMessageContaining("'logit'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cut(probabilities(3, 0.1f, 1.01f, 0.2f), frame, POLICY))
                .withMessageContaining("1.01");
        assertThatIllegalArgumentException().isThrownBy(() -> cut(probabilities(3, 0.1f, 0.9f, -0.01f), frame, POLICY));
    }

    private static @Nullable NoBoxReason reason(float... values) {
        return cut(probabilities(3, values), ImageFrame.stretch(30, 10), POLICY).noBoxReason();
    }

    private static MapBoxes cut(ClassActivationMap map, ImageFrame frame, String policy) {
        return MapBoxes.cut(map, frame, 0.8, BoxPolicyReader.read(policy).forLabel("Mass", Map.of()));
    }

    @Test
    void itsNameIsItsDescription() {
        assertThat(BoxPolicyReader.describe(BoxPolicyReader.read(POLICY))).isEqualTo("expected-iou");
    }
}
