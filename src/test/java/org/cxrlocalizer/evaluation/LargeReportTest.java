// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.evaluation.report.ReportSummary;
import org.cxrlocalizer.evaluation.scoring.EvaluationReport;
import org.cxrlocalizer.evaluation.scoring.ScoringGuard;
import org.cxrlocalizer.evaluation.scoring.ScoringMemory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** What a report leaves compressed beside it once it has more than 200,000 boxes, and that it can be read on. */
class LargeReportTest {

    private static final int MOST_PLAIN = 200_000;
    private static final Bootstrap ONE_DRAW = new Bootstrap(1, 1);

    @TempDir
    static Path folder;

    private static EvaluationReport large;

    @BeforeAll
    static void scoreALargeListWhereASmallOneWas() throws IOException {
        score(10, "large");
        assertThat(folder.resolve("large/boxes-1.csv")).exists();
        large = score(MOST_PLAIN + 1, "large");
    }

    private static BoxListEvaluation evaluation(String out) throws IOException {
        return new BoxListEvaluation(
                "test", DatasetFiles.read(null, null, null), folder.resolve(out), new ScoringMemory(Long.MAX_VALUE));
    }

    private static EvaluationReport score(int boxes, String out) throws IOException {
        List<String> images = DatasetFiles.read(null, null, null).truth().images().stream()
                .sorted()
                .toList();
        Path list = folder.resolve("boxes.csv");
        try (BufferedWriter lines = Files.newBufferedWriter(list)) {
            lines.write("Image Index,Finding Label,Bbox [x,y,w,h],Score\n");
            for (int i = 0; i < boxes; i++) {
                lines.write(
                        "%s,Mass,%d.5,%d,300,200,0.%d%n".formatted(images.get(i % images.size()), i % 700, i % 800, i));
            }
        }
        return evaluation(out).score(list, null, ONE_DRAW, ScoringGuard.NONE);
    }

    private static String unpacked(String file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve(file)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theListsOfALargeReportAreCompressed() throws IOException {
        EvaluationReport small = score(MOST_PLAIN, "plain");
        String boxes = Files.readString(folder.resolve("plain/boxes-1.csv"));
        String results = Files.readString(folder.resolve("plain/results-coco.json"));
        assertThat(small.compressed()).isEmpty();
        assertThat(folder.resolve("plain/report.json")).content().doesNotContain("compressed");
        assertThat(folder.resolve("plain/report.html")).content().doesNotContain("compressed");
        assertThat(ReportSummary.of(small)).doesNotContain("compressed");

        assertThat(large.compressed()).containsExactly("boxes-1.csv.gz", "results-coco.json.gz");
        assertThat(folder.resolve("large/boxes-1.csv")).doesNotExist();
        assertThat(folder.resolve("large/results-coco.json")).doesNotExist();
        assertThat(folder.resolve("large/truth-coco.json")).exists();
        List<String> lines = unpacked("large/boxes-1.csv.gz").lines().toList();
        assertThat(lines).hasSize(MOST_PLAIN + 2);
        assertThat(new HashSet<>(lines).containsAll(boxes.lines().toList()))
                .as("it has the lines of the plain list")
                .isTrue();
        assertThat(unpacked("large/results-coco.json.gz").length()).isGreaterThan(results.length());
        assertThat(folder.resolve("large/report.json")).content().contains("\"boxes-1.csv.gz\"");
        assertThat(folder.resolve("large/report.html")).content().contains("boxes-1.csv.gz, results-coco.json.gz");
        assertThat(ReportSummary.of(large)).contains("compressed: boxes-1.csv.gz, results-coco.json.gz");
    }

    @Test
    void aReportLeavesNoListOfTheOneInWhosePlaceItIs() throws IOException {
        FileSystemUtils.copyRecursively(folder.resolve("large"), folder.resolve("place"));
        assertThat(folder.resolve("place/boxes-1.csv.gz")).exists();

        score(10, "place");

        assertThat(folder.resolve("place/boxes-1.csv")).exists();
        assertThat(folder.resolve("place/boxes-1.csv.gz")).doesNotExist();
        assertThat(folder.resolve("place/results-coco.json.gz")).doesNotExist();
    }

    @Test
    void aLargeRunIsComparedByItsCompressedBoxes() throws IOException {
        score(10, "small");

        EvaluationReport compared = evaluation("compared")
                .compare(List.of(folder.resolve("large"), folder.resolve("small")), ONE_DRAW, ScoringGuard.NONE);

        assertThat(compared.differences()).isNotEmpty();
        assertThat(compared.localization().get(0)).satisfies(table -> assertThat(table.figures())
                .isEqualTo(large.localization().get(0).figures()));
    }
}
