// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a report has of hits by features of the true boxes, by hand, run as from a shell. */
class FeatureEvaluationTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    @RegisterExtension
    private final Printed printed = new Printed();

    /** Sizes are as 1 : 2 : 12, elongations 1, 2 and 3; the larger two are found. */
    private JsonNode report() throws IOException {
        Path truth = Files.writeString(folder.resolve("truth.csv"), """
                Image Index,Finding Label,Bbox [x,y,w,h]
                00000001_000.png,Mass,0,0,100,100
                00000002_000.png,Mass,0,0,200,100
                00000003_000.png,Mass,0,0,600,200
                """);
        Path found = Files.writeString(folder.resolve("found.csv"), """
                Image Index,Finding Label,Bbox [x,y,w,h],Score
                00000001_000.png,Mass,500,500,100,100,1
                00000002_000.png,Mass,0,0,200,100,1
                00000003_000.png,Mass,0,0,600,200,1
                """);
        assertThat(printed.run(
                        "score",
                        "--boxes",
                        truth.toString(),
                        "--predictions",
                        found.toString(),
                        "--out",
                        folder.resolve("report").toString(),
                        "--draws",
                        "50"))
                .as(printed.err())
                .isZero();
        return JSON.readTree(Files.readString(folder.resolve("report/report.json")));
    }

    private static JsonNode table(JsonNode report, String condition) {
        return report.get("subgroups")
                .valueStream()
                .filter(table -> table.get("condition").asString().equals(condition))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no table " + condition))
                .get("figures");
    }

    @Test
    void thirdsStateTheirBoundsAndHits() throws IOException {
        JsonNode report = report();

        assertThat(report.get("subgroups").valueStream().map(table -> table.get("condition")
                        .asString()))
                .as("in parts of 1024 × 1024 pixels; each label has one box, and boxes of a file have no probability")
                .containsExactly(
                        "size up to 0.00954",
                        "size 0.00954 to 0.0191",
                        "size above 0.0191",
                        "elongation up to 1",
                        "elongation 1 to 2",
                        "elongation above 2",
                        "by features of the true boxes");
        for (List<String> third : List.of(
                List.of("size up to 0.00954", "0.0"),
                List.of("size 0.00954 to 0.0191", "1.0"),
                List.of("elongation above 2", "1.0"))) {
            JsonNode accuracy = table(report, third.get(0)).at("/Acc at T(IoU) = 0.5/micro");
            assertThat(accuracy.get("value").asString()).isEqualTo(third.get(1));
            assertThat(accuracy.get("n").asInt()).isEqualTo(1);
        }
        assertThat(Files.readAllLines(folder.resolve("report/thirds.md")))
                .hasSize(2 + 6)
                .last()
                .asString()
                .startsWith("| elongation above 2 (n = 1) | 1.000");
        assertThat(folder.resolve("report/report.html")).content().contains("Hits by features of the true boxes");
        assertThat(folder.resolve("report/charts/thirds-size.svg"))
                .content()
                .contains("0.00954 to 0.0191", "size, in thirds of the true boxes (n = 1, 1, 1)", "Acc at T(IoU) = 0.3")
                .doesNotContain("Pointing game");
    }

    /** Of x = 0, 1/11, 1 and y = 0, 1, 1: products 4/11 over squares 74/121. Ranks 1, 2, 3 and 1, 2.5, 2.5: 1.5 / √(2 · 1.5). */
    @Test
    void dependenceIsTheSlopeAndTheRankCorrelation() throws IOException {
        JsonNode figures = table(report(), "by features of the true boxes");

        assertThat(figures.at("/Slope of the IoU, size/Mass/value").asDouble()).isCloseTo(22.0 / 37, within(1e-12));
        assertThat(figures.at("/Rank correlation of the IoU, size/micro/value").asDouble())
                .isCloseTo(1.5 / Math.sqrt(3), within(1e-12));
        assertThat(Files.readAllLines(folder.resolve("report/dependence.csv")))
                .first()
                .asString()
                .startsWith("system,Slope of the IoU,")
                .doesNotContain("hits");
    }
}
