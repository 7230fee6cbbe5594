// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoxPolicyTest {

    private static final ClassActivationMap RAMP = new ClassActivationMap(5, 1, new float[] {-1, 0, 1, 2, 4});
    private static final ImageFrame FRAME = ImageFrame.stretch(500, 100);

    @Test
    void eachPolicyCutsAtItsLevel() {
        assertThat(levels("{\"type\":\"fraction\",\"fraction\":0.5}")).containsExactly(2);
        assertThat(levels("{\"type\":\"wang\"}")).containsExactly(-1 + 5 * 180 / 255.0, -1 + 5 * 60 / 255.0);
        assertThat(levels("{\"type\":\"percentile\",\"percentile\":75}")).containsExactly(2);
        assertThat(levels("{\"type\":\"percentile\",\"percentile\":80}")[0]).isCloseTo(2.4, within(1e-9));
        assertThat(levels("{\"type\":\"absolute\",\"level\":0.25}")).containsExactly(0.25);
        assertThat(levels("{\"type\":\"otsu\"}")).containsExactly(1.5);
    }

    private static double[] levels(String json) {
        return ((BoxPolicy.Threshold) BoxPolicyReader.read(json)).levels(RAMP);
    }

    @Test
    void otsuSplitsWhereTheVarianceBetweenTheClassesIsLargest() {
        Random random = new Random(2);
        for (int run = 0; run < 300; run++) {
            float[] values = new float[2 + random.nextInt(30)];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(4) == 0 ? random.nextInt(3) : (float) random.nextGaussian();
            }
            double level = OtsuThreshold.of(values);
            double best = 0;
            for (float split : values) {
                best = Math.max(best, betweenClassVariance(values, split + 1e-7));
            }
            assertThat(betweenClassVariance(values, level)).isCloseTo(best, within(1e-5));
        }
    }

    /** The image of scikit-image's test_thresholding.py, where threshold_otsu gives 2, and 0 for the image less 2. */
    @Test
    void otsuSplitsThePublishedImageAsScikitImageDoes() {
        float[] image = {0, 0, 1, 3, 5, 0, 1, 4, 3, 4, 1, 2, 5, 4, 1, 2, 4, 5, 2, 1, 4, 5, 1, 0, 0};
        float[] lower = image.clone();
        for (int i = 0; i < lower.length; i++) {
            lower[i] -= 2;
        }

        assertThat(OtsuThreshold.of(image)).isBetween(2.0, 3.0);
        assertThat(OtsuThreshold.of(lower)).isBetween(0.0, 1.0);
    }

    private static double betweenClassVariance(float[] values, double level) {
        double[] low = new double[2];
        double[] high = new double[2];
        for (float value : values) {
            double[] side = value < level ? low : high;
            side[0]++;
            side[1] += value;
        }
        double gap = low[0] == 0 || high[0] == 0 ? 0 : low[1] / low[0] - high[1] / high[0];
        return low[0] * high[0] * gap * gap / values.length / values.length;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "null",
                "{}",
                "[]",
                "{\"type\":\"magic\"}",
                "{\"type\":\"fraction\"}",
                "{\"type\":\"fraction\",\"fraction\":0}",
                "{\"type\":\"fraction\",\"fraction\":1.5}",
                "{\"type\":\"fraction\",\"fraction\":NaN}",
                "{\"type\":\"fraction\",\"fraction\":\"NaN\"}",
                "{\"type\":\"fraction\",\"fraction\":null}",
                "{\"type\":\"fraction\",\"fraction\":0.5,\"colour\":1}",
                "{\"type\":\"fraction\",\"fraction\":0.5}{}",
                "{\"type\":\"absolute\",\"level\":1e999}",
                "{\"type\":\"wang\",\"greyLevels\":[]}",
                "{\"type\":\"wang\",\"greyLevels\":[300]}",
                "{\"type\":\"percentile\",\"percentile\":-1}",
                "{\"type\":\"otsu\",\"selection\":{\"minimumArea\":2}}",
                "{\"type\":\"otsu\",\"selection\":{\"maximumArea\":0}}",
                "{\"type\":\"otsu\",\"selection\":{\"minimumAspect\":1.5}}",
                "{\"type\":\"otsu\",\"selection\":{\"dropNested\":7}}",
                "{\"type\":\"otsu\",\"selection\":{\"maximumBoxes\":0}}",
                "{\"type\":\"otsu\",\"selection\":{\"merge\":{\"type\":\"nms\"}}}",
                "{\"type\":\"otsu\",\"selection\":{\"merge\":{\"type\":\"nms\",\"iou\":2}}}",
                "{\"type\":\"otsu\",\"selection\":{\"minimum\":2}}"
            })
    void aWrongPolicyIsRefused(String json) {
        assertThatExceptionOfType(InvalidPolicyException.class)
                .isThrownBy(() -> BoxPolicyReader.read(json))
                .satisfies(e -> assertThat(e.getMessage()).isNotBlank());
    }

    @Test
    void boxesAreInPixelsAndScoredByTheirPeak() {
        ClassActivationMap map = new ClassActivationMap(5, 1, new float[] {4, 0, 0, 2, 0});

        MapBoxes cut = cut(map, "{\"type\":\"absolute\",\"level\":1}");

        assertThat(cut.boxes())
                .containsExactly(
                        new ScoredBox(new Box(0, 0, 125, 100), 0.8), new ScoredBox(new Box(300, 0, 100, 100), 0.4));
        assertThat(cut.noBoxReason()).isNull();
    }

    @Test
    void theSelectionDropsSmallBoxesAndKeepsTheBest() {
        ClassActivationMap map = new ClassActivationMap(5, 1, new float[] {4, 0, 0, 2, 0});

        assertThat(cut(map, "{\"type\":\"absolute\",\"level\":1,\"selection\":{\"minimumArea\":0.21}}")
                        .boxes())
                .hasSize(1);
        assertThat(cut(map, "{\"type\":\"absolute\",\"level\":1,\"selection\":{\"maximumBoxes\":1}}")
                        .boxes())
                .extracting(ScoredBox::score)
                .containsExactly(0.8);
    }

    /** Scores that are all 0 must not decide: a network's logit may be so low that its probability is 0. */
    @Test
    void theBestBoxesOfALabelOfProbabilityZeroAreKept() {
        ClassActivationMap map = map(2, 0, 0, 4, 0);
        BoxPolicy.MapPolicy policy = BoxPolicyReader.read(
                        "{\"type\":\"absolute\",\"level\":1,\"selection\":{\"maximumBoxes\":1}}")
                .forLabel("Mass", Map.of());

        assertThat(MapBoxes.cut(map, FRAME, 0, policy).boxes()).singleElement().satisfies(box -> {
            assertThat(box.box().x()).isGreaterThan(250);
            assertThat(box.score()).isZero();
        });
        assertThat(MapBoxes.cut(map, FRAME, 0, policy).boxes().get(0).box())
                .isEqualTo(MapBoxes.cut(map, FRAME, 0.8, policy).boxes().get(0).box());
    }

    private static final String TIDY = """
            {"type": "wang", "selection":
              {"maximumArea": 0.5, "minimumAspect": 0.2, "minimumArea": 0.01, "dropNested": true}}""";

    /** The wide box of Wang's lower level holds the tight one of the upper level: only one of them stays. */
    @Test
    void aBoxInAnotherBoxOfItsLabelIsDroppedOnRequest() {
        ClassActivationMap map = new ClassActivationMap(5, 1, new float[] {0, 2, 4, 0, 0});

        List<ScoredBox> both = cut(map, "{\"type\":\"wang\"}").boxes();
        List<ScoredBox> one = cut(map, TIDY).boxes();

        assertThat(both).hasSize(2);
        assertThat(both.get(1).box().iobb(both.get(0).box())).isLessThan(1);
        assertThat(one).containsExactly(both.get(1));
        assertThat(cut(map, TIDY.replace("true", "false")).boxes()).isEqualTo(both);
    }

    @Test
    void aBoxOfMostOfTheImageGoesAndWhatItHeldStays() {
        ClassActivationMap map = new ClassActivationMap(5, 1, new float[] {2, 2, 4, 2, 0});

        List<ScoredBox> both = cut(map, "{\"type\":\"wang\"}").boxes();

        assertThat(both).hasSize(2).anyMatch(box -> box.box().area() > 0.5 * 500 * 100);
        assertThat(cut(map, TIDY).boxes())
                .singleElement()
                .satisfies(box -> assertThat(box.box().area()).isLessThan(0.5 * 500 * 100));
        assertThat(cut(map, TIDY.replace("0.5", "1")).boxes())
                .as("a label whose finding fills the image")
                .singleElement()
                .satisfies(box -> assertThat(box.box().area()).isGreaterThan(0.5 * 500 * 100));
    }

    @Test
    void aMapWhoseOnlyBoxIsTooLargeMarksNoPlace() {
        ClassActivationMap map = new ClassActivationMap(5, 1, new float[] {3, 3, 4, 4, 0});

        assertThat(cut(map, TIDY)).isEqualTo(MapBoxes.none(NoBoxReason.LEVEL_BELOW_MAP));
    }

    @Test
    void aSliverGoes() {
        ScoredBox box = new ScoredBox(new Box(0, 0, 100, 100), 0.3);
        ScoredBox narrow = new ScoredBox(new Box(200, 0, 19, 100), 0.9);
        ScoredBox flat = new ScoredBox(new Box(300, 0, 100, 19), 0.8);
        ScoredBox tiny = new ScoredBox(new Box(400, 0, 20, 20), 0.7);
        BoxPolicy.Selection selection =
                BoxPolicyReader.read(TIDY).forLabel("Mass", Map.of()).selection();

        assertThat(selection.apply(List.of(box, narrow, flat, tiny), 500 * 100)).containsExactly(box);
    }

    @Test
    void ofEqualAndChainedBoxesTheLargestStays() {
        ScoredBox inner = new ScoredBox(new Box(10, 10, 10, 10), 0.9);
        ScoredBox middle = new ScoredBox(new Box(5, 5, 30, 30), 0.8);
        ScoredBox same = new ScoredBox(new Box(5, 5, 30, 30), 0.7);
        ScoredBox apart = new ScoredBox(new Box(33, 5, 30, 30), 0.6);
        BoxPolicy.Selection selection = new BoxPolicy.Selection(0.0, 1.0, 0.0, true, 10, new Merge.None());

        assertThat(selection.apply(List.of(inner, middle, same, apart), 100 * 100))
                .containsExactly(middle, apart);
    }

    /** Whatever the map and the policy, no box that stays lies in another, is too large, or is a sliver. */
    @Test
    void aTidySelectionHoldsOnAnyMap() {
        Random random = new Random(6);
        int before = 0;
        int after = 0;
        for (int run = 0; run < 500; run++) {
            float[] values = new float[64];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            ClassActivationMap map = new ClassActivationMap(8, 8, values);
            before += cut(map, "{\"type\":\"wang\"}").boxes().size();
            List<Box> boxes =
                    cut(map, TIDY).boxes().stream().map(ScoredBox::box).toList();
            after += boxes.size();
            for (Box box : boxes) {
                assertThat(box.area()).isBetween(0.01 * 500 * 100, 0.5 * 500 * 100);
                assertThat(Math.min(box.width(), box.height()))
                        .isGreaterThanOrEqualTo(0.2 * Math.max(box.width(), box.height()));
                assertThat(boxes).filteredOn(other -> !other.equals(box)).allMatch(other -> box.iobb(other) <= 0.9);
            }
        }
        assertThat(after).isBetween(500, before);
    }

    @Test
    void aMapWithoutARegionHasAReason() {
        String half = "{\"type\":\"fraction\",\"fraction\":0.5}";
        assertThat(cut(map(0, 0, 0), half).noBoxReason()).isEqualTo(NoBoxReason.MAP_CONSTANT);
        assertThat(cut(map(3, 3, 3), half).noBoxReason()).isEqualTo(NoBoxReason.MAP_CONSTANT);
        assertThat(cut(map(-3, -1, -2), half).noBoxReason()).isEqualTo(NoBoxReason.MAP_NOT_POSITIVE);
        assertThat(cut(map(1, Float.NaN, 2), half).noBoxReason()).isEqualTo(NoBoxReason.MAP_NOT_FINITE);
        assertThat(cut(map(1, Float.POSITIVE_INFINITY, 2), half).noBoxReason()).isEqualTo(NoBoxReason.MAP_NOT_FINITE);
        assertThat(cut(map(2, 2.5f, 3), half).noBoxReason()).isEqualTo(NoBoxReason.LEVEL_BELOW_MAP);
        assertThat(cut(map(0, 1, 2), "{\"type\":\"absolute\",\"level\":5}").noBoxReason())
                .isEqualTo(NoBoxReason.LEVEL_ABOVE_MAP);
        assertThat(cut(map(0, 1, 2), "{\"type\":\"percentile\",\"percentile\":0}")
                        .noBoxReason())
                .isEqualTo(NoBoxReason.LEVEL_BELOW_MAP);
        assertThat(cut(map(0, 1, 2), "{\"type\":\"otsu\",\"selection\":{\"minimumArea\":1}}")
                        .noBoxReason())
                .isEqualTo(NoBoxReason.REGIONS_TOO_SMALL);
    }

    @Test
    void aLevelBelowTheMapNeverGivesABoxOfTheWholeImage() {
        Random random = new Random(4);
        for (int run = 0; run < 2000; run++) {
            float[] values = new float[9];
            double base = random.nextGaussian() * 3;
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (base + random.nextGaussian());
            }
            double level = random.nextGaussian() * 3;
            MapBoxes cut = MapBoxes.cut(
                    new ClassActivationMap(3, 3, values),
                    FRAME,
                    1,
                    new BoxPolicy.Absolute(level, BoxPolicy.Selection.DEFAULT));
            assertThat(cut.boxes())
                    .noneMatch(box -> box.box().equals(new Box(0, 0, 500, 100)) && level <= minimum(values));
            assertThat(cut.noBoxReason() == null).isEqualTo(!cut.boxes().isEmpty());
        }
    }

    private static float minimum(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[0];
    }

    @Test
    void suppressionDropsWhatOverlapsABetterBox() {
        ScoredBox best = new ScoredBox(new Box(0, 0, 10, 10), 0.9);
        ScoredBox near = new ScoredBox(new Box(1, 0, 10, 10), 0.8);
        ScoredBox far = new ScoredBox(new Box(30, 0, 10, 10), 0.7);

        assertThat(new Merge.NonMaximumSuppression(0.5).apply(List.of(best, near, far)))
                .containsExactly(best, far);
    }

    @Test
    void unionJoinsChainsOfOverlappingBoxes() {
        ScoredBox left = new ScoredBox(new Box(0, 0, 10, 10), 0.9);
        ScoredBox right = new ScoredBox(new Box(16, 0, 10, 10), 0.8);
        ScoredBox bridge = new ScoredBox(new Box(8, 2, 10, 2), 0.7);

        assertThat(new Merge.Union().apply(List.of(left, right, bridge)))
                .containsExactly(new ScoredBox(new Box(0, 0, 26, 10), 0.9));
    }

    @Test
    void theCalibratedPolicyNeedsAPolicyForTheLabel() {
        BoxPolicy calibrated = BoxPolicyReader.read("{\"type\":\"calibrated\"}");
        BoxPolicy.MapPolicy otsu = new BoxPolicy.Otsu(BoxPolicy.Selection.DEFAULT);

        assertThat(calibrated.forLabel("Mass", Map.of("Mass", otsu))).isSameAs(otsu);
        assertThatExceptionOfType(UncalibratedLabelException.class)
                .isThrownBy(() -> calibrated.forLabel("Nodule", Map.of("Mass", otsu)))
                .withMessageContaining("Nodule");
    }

    private static MapBoxes cut(ClassActivationMap map, String policy) {
        return MapBoxes.cut(map, FRAME, 0.8, BoxPolicyReader.read(policy).forLabel("Mass", Map.of()));
    }

    private static ClassActivationMap map(float... values) {
        return new ClassActivationMap(values.length, 1, values);
    }
}
