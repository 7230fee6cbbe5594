// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cxrlocalizer.ChildJvm;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.localization.BoxPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The estimate of a scoring's memory beside what is reachable while it runs. */
class ScoringSizeTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"list", "systems"})
    void theMemoryIsEstimatedWithinAFactorOfFour(String scored) throws Exception {
        Path log = folder.resolve("log");
        int exit = new ProcessBuilder(
                        ChildJvm.command(List.of("-Xmx1g"), MeasuredScoring.class, scored, folder.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(exit).as(Files.readString(log)).isZero();
        List<Long> bytes = Stream.of(
                        Files.readString(folder.resolve(MeasuredScoring.BYTES)).split(" "))
                .map(Long::valueOf)
                .toList();

        assertThat(bytes.get(0)).as("estimated").isBetween(bytes.get(1), 4 * bytes.get(1));
    }

    /** 112,120 images with 3 boxes for each of 14 labels; a command may take three quarters of its heap. */
    @Test
    void theWholeDatasetIsScoredByACommandWithAHeapOfOneGigabyte() {
        ScoringSize whole = ScoringSize.expected(
                112_120,
                984,
                List.of(BoxSystem.of("layercam", new BoxPolicy.Otsu(BoxPolicy.Selection.DEFAULT))),
                ChestXray14.LABELS.size(),
                Bootstrap.DEFAULT);

        assertThat(whole.bytes()).isLessThan((1L << 30) * 3 / 4);
    }

    @Test
    void whatGrowsIsInTheEstimate() {
        ScoringSize small = new ScoringSize(100, 100, 1, 1, 1000, new Bootstrap(1, 1000));
        assertThat(new ScoringSize(100, 100, 1, 100, 1000, new Bootstrap(1, 1000)).bytes())
                .isGreaterThan(small.bytes() + 50_000_000);
        assertThat(small.withBoxes(2_000_000).bytes()).isGreaterThan(small.bytes() + 100_000_000);
        assertThat(new ScoringSize(100, 100, 1, 1, 1000, new Bootstrap(1, 10_000_000)).bytes())
                .isGreaterThan(1_000_000_000);
        assertThat(new ScoringSize(400_000, 100, 1, 1, 1000, new Bootstrap(1, 1000)).bytes())
                .isGreaterThan(1_000_000_000);
    }
}
