// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.geom.Path2D;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.cxrlocalizer.geometry.Box;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ByteArrayResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Masks against the JDK's own rule of what lies in a polygon, and against counted pixels. */
class PixelMaskTest {

    private static final ImageSize SIZE = new ImageSize(37, 23);

    private static boolean[][] pixels(PixelMask mask) {
        boolean[][] pixels = new boolean[mask.size().width()][mask.size().height()];
        for (int x = 0; x < pixels.length; x++) {
            for (int y = 0; y < pixels[x].length; y++) {
                pixels[x][y] = mask.isIn(x + 0.5, y + 0.5);
            }
        }
        return pixels;
    }

    private static List<List<double[]>> randomPolygons(Random random) {
        List<List<double[]>> polygons = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            List<double[]> points = new ArrayList<>();
            for (int corner = 0; corner < 5; corner++) {
                points.add(new double[] {random.nextDouble() * 45 - 4, random.nextDouble() * 31 - 4});
            }
            polygons.add(points);
        }
        return polygons;
    }

    private static Path2D path(List<double[]> polygon) {
        Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
        path.moveTo(polygon.get(0)[0], polygon.get(0)[1]);
        polygon.forEach(point -> path.lineTo(point[0], point[1]));
        path.closePath();
        return path;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void polygonsHaveThePixelsWhoseCentresLieWithin(long seed) {
        List<List<double[]>> polygons = randomPolygons(new Random(seed));
        List<Path2D> paths = polygons.stream().map(PixelMaskTest::path).toList();

        boolean[][] pixels = pixels(new Polygons(polygons).mask(SIZE));

        for (int x = 0; x < SIZE.width(); x++) {
            for (int y = 0; y < SIZE.height(); y++) {
                double centreX = x + 0.5;
                double centreY = y + 0.5;
                assertThat(pixels[x][y])
                        .as("%d, %d", x, y)
                        .isEqualTo(paths.stream().anyMatch(path -> path.contains(centreX, centreY)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void pixelsOfTwoMasksAreCounted(long seed) {
        Random random = new Random(seed);
        PixelMask a = new Polygons(randomPolygons(random)).mask(SIZE);
        PixelMask b = new Polygons(randomPolygons(random)).mask(SIZE);
        int inA = 0;
        int both = 0;
        int either = 0;
        for (int x = 0; x < SIZE.width(); x++) {
            for (int y = 0; y < SIZE.height(); y++) {
                boolean isInA = a.isIn(x, y);
                boolean isInB = b.isIn(x, y);
                inA += isInA ? 1 : 0;
                both += isInA && isInB ? 1 : 0;
                either += isInA || isInB ? 1 : 0;
            }
        }

        assertThat(a.count()).isEqualTo(inA);
        assertThat(a.iou(b)).isEqualTo((double) both / either);
        assertThat(a.or(b).count()).isEqualTo(either);
        assertThat(a.isIn(-0.1, 3) || a.isIn(3, -0.1) || a.isIn(37, 3) || a.isIn(3, 23))
                .isFalse();
    }

    @Test
    void masksOfImagesOfOtherSizesAreRefused() {
        PixelMask mask = new Polygons(randomPolygons(new Random(1))).mask(SIZE);
        PixelMask other = new Polygons(randomPolygons(new Random(1))).mask(new ImageSize(23, 37));

        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> mask.iou(other));
    }

    private static GroundTruth truth(String text) throws IOException {
        Parsed<GroundTruth> parsed =
                GroundTruth.read(new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8), "list"));
        assertThat(parsed.problems()).isEmpty();
        return parsed.content();
    }

    /** As pycocotools 2.0.11 decodes {@code maskUtils.decode(maskUtils.frPyObjects(mask, 6, 5))}. */
    private static final String DECODED = "10000/10000/01000/00000/01100/01100";

    private static String drawn(PixelMask mask) {
        StringBuilder rows = new StringBuilder();
        for (int y = 0; y < mask.size().height(); y++) {
            rows.append(y > 0 ? "/" : "");
            for (int x = 0; x < mask.size().width(); x++) {
                rows.append(mask.isIn(x, y) ? '1' : '0');
            }
        }
        return rows.toString();
    }

    @Test
    void runLengthsAreDecoded() throws IOException {
        String mask = "{\"size\": [6, 5], \"counts\": [0, 2, 6, 1, 1, 2, 4, 2, 12]}";

        GroundTruth chexlocalize = truth("{\"patient1_study1_view1_frontal\": {\"Edema\": %s}}".formatted(mask));
        GroundTruth coco = truth("""
                {"images": [{"id": 1, "file_name": "a.png", "width": 5, "height": 6}],
                 "categories": [{"id": 1, "name": "Edema"}],
                 "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 5, 5], "segmentation": %s}]}
                """.formatted(mask));

        assertThat(drawn(Objects.requireNonNull(chexlocalize.mask("patient1_study1_view1_frontal.png", "Edema"))))
                .isEqualTo(DECODED);
        assertThat(drawn(Objects.requireNonNull(coco.mask("a.png", "Edema")))).isEqualTo(DECODED);
    }

    @Test
    void aBoxOfAMasksPartHasThePixelsOfThePart() throws IOException {
        GroundTruth truth = truth("""
                {"patient1_study1_view1_frontal": {"Edema": {"size": [6, 5], "counts": [0, 2, 6, 1, 1, 2, 4, 2, 12]}}}
                """);
        String image = "patient1_study1_view1_frontal.png";

        assertThat(truth.of(image).orElseThrow())
                .extracting(box -> drawn(Objects.requireNonNull(truth.outline(image, box))))
                .containsExactly("10000/10000/01000/00000/00000/00000", "00000/00000/00000/00000/01100/01100");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void runLengthsAsTextAreReadBack(long seed) {
        PixelMask mask = new Polygons(randomPolygons(new Random(seed))).mask(SIZE);

        JsonNode written = new JsonMapper()
                .readTree("{\"size\": [23, 37], \"counts\": \"%s\"}"
                        .formatted(mask.runLengths().replace("\\", "\\\\")));

        assertThat(RunLengthMask.of(written).mask(SIZE).runs()).isEqualTo(mask.runs());
    }

    @Test
    void aLabelsMaskHasAllItsOutlinesOrNone() throws IOException {
        String coco = """
                {"images": [{"id": 1, "file_name": "a.png", "width": 50, "height": 60}],
                 "categories": [{"id": 1, "name": "Edema"}, {"id": 2, "name": "Mass"}],
                 "annotations": [
                  {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[1, 1, 5, 1, 5, 5, 1, 5]]},
                  {"id": 2, "image_id": 1, "category_id": 1, "segmentation": [[3, 3, 7, 3, 7, 7, 3, 7]]},
                  {"id": 3, "image_id": 1, "category_id": 2, "segmentation": [[3, 3, 7, 3, 7, 7, 3, 7]]},
                  {"id": 4, "image_id": 1, "category_id": 2, "bbox": [20, 20, 5, 5], "segmentation": []}]}
                """;

        GroundTruth truth = truth(coco);

        assertThat(Objects.requireNonNull(truth.mask("a.png", "Edema")).count()).isEqualTo(16 + 16 - 4);
        assertThat(Objects.requireNonNull(truth.outline("a.png", new TruthBox("Edema", new Box(3, 3, 4, 4))))
                        .count())
                .as("the outline of a box alone")
                .isEqualTo(16);
        assertThat(truth.outline("a.png", new TruthBox("Mass", new Box(20, 20, 5, 5))))
                .isNull();
        assertThat(truth.mask("a.png", "Mass"))
                .as("a box that nothing outlines")
                .isNull();
        assertThat(truth.of("a.png").orElseThrow()).hasSize(4);
    }

    @Test
    void anImageThatIsTooLargeForAMaskCountsByItsBoxes() throws IOException {
        Parsed<GroundTruth> parsed =
                GroundTruth.read(new ByteArrayResource("""
                {"images": [{"id": 1, "file_name": "a.png", "width": 2000000000, "height": 60}],
                 "categories": [{"id": 1, "name": "Edema"}],
                 "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[1, 1, 5, 1, 5, 5]]}]}
                """.getBytes(StandardCharsets.UTF_8), "list"));

        assertThat(parsed.problems()).singleElement().satisfies(problem -> assertThat(problem.reason())
                .isEqualTo(
                        "the box counts, and its mask does not: an image of 2000000000 × 60 pixels can have no mask"));
        assertThat(parsed.content().of("a.png").orElseThrow()).hasSize(1);
    }

    @Test
    void aMaskOfAnotherSizeThanItsImageIsReported() throws IOException {
        Parsed<GroundTruth> parsed =
                GroundTruth.read(new ByteArrayResource("""
                {"images": [{"id": 1, "file_name": "a.png", "width": 50, "height": 60}],
                 "categories": [{"id": 1, "name": "Edema"}],
                 "annotations": [
                  {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 30, 40]},
                  {"id": 2, "image_id": 1, "category_id": 1, "segmentation": {"size": [6, 5], "counts": [0, 2, 28]}}]}
                """.getBytes(StandardCharsets.UTF_8), "list"));

        assertThat(parsed.problems())
                .singleElement()
                .satisfies(
                        problem -> assertThat(problem.reason())
                                .isEqualTo(
                                        "the box counts, and its mask does not: the mask of 5 × 6 pixels is not of an image of 50 × 60"));
        assertThat(parsed.content().of("a.png").orElseThrow()).hasSize(2);
        assertThat(parsed.content().mask("a.png", "Edema")).isNull();
    }
}
