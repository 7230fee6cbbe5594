// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.io.ByteArrayResource;

/**
 * Masks as pycocotools 2.0.11 writes them, with its areas and IoU. This prints text, area, and IoU with the first:
 *
 * <pre>{@code
 * import numpy as np
 * from pycocotools import mask
 * y, x = np.mgrid[0:23, 0:37]
 * shapes = [(x - 18)**2 * 64 + (y - 11)**2 * 200 < 12800, (7 * x + 13 * y * y) % 5 == 0, (x >= 30) | (x < 3) & (y > 20), x >= 0]
 * coded = [mask.encode(np.asfortranarray(shape, dtype=np.uint8)) for shape in shapes]
 * print([(c["counts"].decode(), int(mask.area(c)), float(mask.iou([c], coded[:1], [0])[0][0])) for c in coded])
 * }</pre>
 */
class PycocotoolsMaskTest {

    private enum Shape {
        ELLIPSE("V33b04M2N2O0O2O000O2O000000000000000000000001N10001N101N2N3Ld2", 355, 1.0) {
            @Override
            boolean has(int x, int y) {
                return (x - 18) * (x - 18) * 64 + (y - 11) * (y - 11) * 200 < 12800;
            }
        },
        SCATTERED(
                "0140000000O0O0O010O010O010O0`11bN00000001O000000O0O0O010O010O010O0`11bN00000001O000000O0O0O010O010O010O0"
                        + "`11bN00000001O000000O0O0O010O010O010O0`11bN00000001O000000O0O0O010O010O010O0`11bN00000001O000000O0O0O0"
                        + "10O010O010O0`11bN00000001O000000O0O0O010O010O010O0`11bN00000001O000000O0O0O010O010O010O00",
                175,
                0.15468409586056645) {
            @Override
            boolean has(int x, int y) {
                return (7 * x + 13 * y * y) % 5 == 0;
            }
        },
        WHOLE_COLUMNS("e02e0000hb0o4", 167, 0.03777335984095427) {
            @Override
            boolean has(int x, int y) {
                return x >= 30 || (x < 3 && y > 20);
            }
        },
        ALL("0cj0", 851, 0.4171562867215041) {
            @Override
            boolean has(int x, int y) {
                return true;
            }
        };

        private final String text;
        private final long area;
        private final double iouWithEllipse;

        Shape(String text, long area, double iouWithEllipse) {
            this.text = text;
            this.area = area;
            this.iouWithEllipse = iouWithEllipse;
        }

        abstract boolean has(int x, int y);

        /** Lengths of runs of 0 and 1 in turn, down the columns. */
        List<Integer> counts() {
            List<Integer> counts = new ArrayList<>(List.of(0));
            for (int place = 0; place < 37 * 23; place++) {
                if (has(place / 23, place % 23) != (counts.size() % 2 == 0)) {
                    counts.add(0);
                }
                counts.set(counts.size() - 1, counts.get(counts.size() - 1) + 1);
            }
            return counts;
        }
    }

    private static GroundTruth cheXlocalize(int height, int width, String counts) throws IOException {
        Parsed<GroundTruth> parsed = GroundTruth.read(text("""
                {"patient1_study1_view1_frontal": {"Edema": {"size": [%d, %d], "counts": %s}}}
                """.formatted(height, width, counts)));
        assertThat(parsed.problems()).isEmpty();
        return parsed.content();
    }

    private static GroundTruth coco(String counts) throws IOException {
        Parsed<GroundTruth> parsed = GroundTruth.read(text("""
                {"images": [{"id": 1, "file_name": "patient1_study1_view1_frontal.png", "width": 37, "height": 23}],
                 "categories": [{"id": 1, "name": "Edema"}],
                 "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "segmentation": {"size": [23, 37], "counts": %s}}]}
                """.formatted(counts)));
        assertThat(parsed.problems()).isEmpty();
        return parsed.content();
    }

    private static ByteArrayResource text(String text) {
        return new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8), "list");
    }

    private static PixelMask mask(GroundTruth truth) {
        return Objects.requireNonNull(truth.mask("patient1_study1_view1_frontal.png", "Edema"));
    }

    @ParameterizedTest
    @EnumSource
    void textIsDecodedToThePixelsThatWereEncoded(Shape shape) throws IOException {
        List<PixelMask> masks = List.of(
                mask(cheXlocalize(23, 37, "\"" + shape.text + "\"")),
                mask(coco("\"" + shape.text + "\"")),
                mask(coco(shape.counts().toString())));
        PixelMask ellipse = mask(cheXlocalize(23, 37, "\"" + Shape.ELLIPSE.text + "\""));

        assertThat(masks).allSatisfy(mask -> {
            assertThat(mask.size()).isEqualTo(new ImageSize(37, 23));
            assertThat(mask.count()).isEqualTo(shape.area);
            assertThat(mask.iou(ellipse)).isCloseTo(shape.iouWithEllipse, within(1e-15));
            for (int x = 0; x < 37; x++) {
                for (int y = 0; y < 23; y++) {
                    assertThat(mask.isIn(x, y)).as("%d, %d", x, y).isEqualTo(shape.has(x, y));
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void pixelsAreEncodedToTheSameText(Shape shape) throws IOException {
        assertThat(mask(coco(shape.counts().toString())).runLengths()).isEqualTo(shape.text);
    }

    /** {@code mask.encode(np.asfortranarray((x >= 1000) & (x < 1003) & (y >= 500) & (y < 2500), dtype=np.uint8))}, 3056 × 2544. */
    @Test
    void aBarInARadiographIsDecoded() throws IOException {
        PixelMask mask = mask(cheXlocalize(3056, 2544, "\"dkXm2`n1PQ1000l]f_4\""));

        assertThat(mask.count()).isEqualTo(6000);
        assertThat(mask.runLengths()).isEqualTo("dkXm2`n1PQ1000l]f_4");
        assertThat(mask.isIn(1000, 500) && mask.isIn(1002, 2499)).isTrue();
        assertThat(mask.isIn(999, 500) || mask.isIn(1003, 500) || mask.isIn(1000, 499) || mask.isIn(1002, 2500))
                .isFalse();
    }

    /** As {@code mask.encode} of an array of zeros. */
    @Test
    void aMaskWithoutAPixelIsNone() throws IOException {
        GroundTruth truth = GroundTruth.read(text("""
                {"patient1_study1_view1_frontal": {"Edema": {"size": [23, 37], "counts": "cj0"},
                                                   "Mass": {"size": [23, 37], "counts": "0cj0"}}}
                """)).content();

        assertThat(truth.mask("patient1_study1_view1_frontal.png", "Edema")).isNull();
        assertThat(truth.mask("patient1_study1_view1_frontal.png", "Mass")).isNotNull();
        assertThat(new PixelMask(new ImageSize(37, 23), new int[0]).runLengths())
                .isEqualTo("cj0");
    }
}
