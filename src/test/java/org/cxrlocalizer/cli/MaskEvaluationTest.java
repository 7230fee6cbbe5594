// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An evaluation against true masks, run as from a shell. */
class MaskEvaluationTest {

    private static final JsonMapper JSON = new JsonMapper();

    /** Columns 400 to 403 and rows 500 to 899 of 1024 × 1024, as pycocotools 2.0.11 encodes them, escaped for JSON. */
    private static final String BAR = "d_`<`<`c000000\\\\`[c0";

    @TempDir
    Path folder;

    @RegisterExtension
    private final Printed printed = new Printed();

    private JsonNode evaluate(String name, Path truth, Path images) throws IOException {
        return report(name, truth, "evaluate", "--images", images.toString(), "--method", "layercam");
    }

    private JsonNode report(String name, Path truth, String... command) throws IOException {
        Stream<String> options =
                Stream.of("--out", folder.resolve(name).toString(), "--draws", "50", "--boxes", truth.toString());
        assertThat(printed.run(Stream.concat(Stream.of(command), options).toArray(String[]::new)))
                .as(printed.err())
                .isZero();
        return JSON.readTree(Files.readString(folder.resolve(name).resolve("report.json")));
    }

    @Test
    void figuresAgainstMasksStandBesideThoseAgainstBoxes() throws IOException {
        Path images = Files.createDirectories(folder.resolve("images"));
        Files.write(images.resolve("00013659_019.png"), Samples.read("00013659_019.png"));
        Files.write(images.resolve("00022215_012.png"), Samples.read("00022215_012.png"));
        String coco = """
                {"images": [{"id": 1, "file_name": "00013659_019.png", "width": 1024, "height": 1024},
                            {"id": 2, "file_name": "00022215_012.png", "width": 1024, "height": 1024}],
                 "categories": [{"id": 1, "name": "Pneumonia"}, {"id": 2, "name": "Cardiomegaly"}],
                 "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [400, 500, 4, 400]%s},
                                 {"id": 2, "image_id": 2, "category_id": 2, "bbox": [400, 500, 300, 200]%s}]}
                """;
        Path masks = Files.writeString(
                folder.resolve("masks.json"),
                coco.formatted(
                        ", \"segmentation\": {\"size\": [1024, 1024], \"counts\": \"%s\"}".formatted(BAR),
                        ", \"segmentation\": [[400, 500, 700, 500, 400, 700]]"));
        Path boxes = Files.writeString(folder.resolve("boxes.json"), coco.formatted("", ""));

        JsonNode report = evaluate("masks", masks, images);

        JsonNode figures = report.at("/localization/0/figures");
        assertThat(figures.at("/Mask IoU of boxes/Cardiomegaly/value").asDouble())
                .as("by counting pixels")
                .isPositive()
                .isCloseTo(iou(folder.resolve("masks/boxes-1.csv"), "00022215_012.png", "Cardiomegaly"), within(1e-12));
        assertThat(figures.at("/Mask IoU of boxes/Cardiomegaly/n").asInt()).isEqualTo(1);
        assertThat(figures.at("/Mask IoU of the map/Cardiomegaly/value").asDouble())
                .isBetween(0.01, 1.0);
        assertThat(figures.at("/Pointing game in the mask/micro/value").asDouble())
                .isIn(0.0, 0.5, 1.0);
        assertThat(report.at("/baselines/0/figures/Mask IoU of boxes/Pneumonia/value")
                        .asDouble())
                .as("the centred box is the middle quarter of the image")
                .isCloseTo(4 * 268.0 / (512 * 512 + 4 * 132), within(1e-12));
        assertThat(Files.readAllLines(folder.resolve("masks/summary.csv")).get(0))
                .contains(",Mask IoU of boxes,", ",Mask IoU of the map,", ",Pointing game in the mask,");

        assertThat(report.get("subgroups").valueStream().map(table -> table.get("condition")
                        .asString()))
                .as("features of masks, and of the model")
                .anyMatch(condition -> condition.startsWith("irrectangularity up to "))
                .anyMatch(condition -> condition.startsWith("probability above "));
        assertThat(report.get("subgroups").toString()).contains("Slope of hits, irrectangularity");

        Path written = folder.resolve("masks/truth-coco.json");
        JsonNode bar = JSON.readTree(Files.readString(written)).at("/annotations/0");
        assertThat(bar.at("/segmentation/size").toString()).isEqualTo("[1024,1024]");
        assertThat(bar.at("/segmentation/counts").asString())
                .isEqualTo(JSON.readTree("\"" + BAR + "\"").asString());
        assertThat(bar.get("area").asDouble()).isEqualTo(4 * 400);
        JsonNode again = report(
                "again",
                written,
                "score",
                "--predictions",
                folder.resolve("masks/results-coco.json").toString());
        assertThat(again.at("/localization/0/figures/Mask IoU of boxes"))
                .as("of the masks that the report wrote")
                .isEqualTo(figures.get("Mask IoU of boxes"));

        JsonNode without = evaluate("boxes", boxes, images);
        assertThat(without.toString()).doesNotContain("Mask IoU").doesNotContain("in the mask");
        assertThat(Files.readString(folder.resolve("boxes/truth-coco.json"))).doesNotContain("segmentation");
        assertThat(without.at("/localization/0/figures/Mean IoU"))
                .as("boxes count as without masks")
                .isEqualTo(figures.get("Mean IoU"));
    }

    /** IoU of the boxes of a label with the triangle, pixel by pixel. */
    private static double iou(Path file, String image, String label) throws IOException {
        List<String[]> found = Files.readAllLines(file).stream()
                .map(line -> line.split(","))
                .filter(parts -> parts[0].equals(image) && parts[1].equals(label))
                .toList();
        double both = 0;
        double either = 0;
        for (int column = 0; column < 1024; column++) {
            for (int row = 0; row < 1024; row++) {
                double x = column + 0.5;
                double y = row + 0.5;
                boolean isTrue = x >= 400 && y >= 500 && (x - 400) / 300 + (y - 500) / 200 < 1;
                boolean isFound = found.stream()
                        .anyMatch(box -> x >= at(box, 2)
                                && x < at(box, 2) + at(box, 4)
                                && y >= at(box, 3)
                                && y < at(box, 3) + at(box, 5));
                both += isTrue && isFound ? 1 : 0;
                either += isTrue || isFound ? 1 : 0;
            }
        }
        return both / either;
    }

    private static double at(String[] parts, int place) {
        return Double.parseDouble(parts[place]);
    }
}
