// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.cxrlocalizer.NihData;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

class DatasetStatisticsTest {

    private static final String HEADER_OF_2017 =
            "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],\r\n";
    private static final String HEADER_OF_2020 =
            "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]\n";
    private static final Path SHARED = NihData.FOLDER;

    private static Resource text(String text) {
        return new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8), "entries");
    }

    private static Resource shared(String name) {
        Path file = SHARED.resolve(name);
        assumeTrue(Files.exists(file), "needs the shared NIH data");
        return new FileSystemResource(file);
    }

    @Test
    void bothReleasesAreRead() throws IOException {
        List<ImageEntry> old = DataEntries.read(text(HEADER_OF_2017
                        + "00000001_000.png,Cardiomegaly|Emphysema,000,00000001,058Y,M,PA,2682,2749,0.143,0.143\r\n"
                        + "00000002_000.png,No Finding,000,00000002,009M,F,AP,2500,2048,0.168,0.168\r\n"))
                .content();
        List<ImageEntry> corrected = DataEntries.read(text("\uFEFF" + HEADER_OF_2020
                        + "00000001_000.png,Cardiomegaly|Emphysema,0,1,58,M,PA,2682,2749,0.143,0.143\n"
                        + "00000002_000.png,No Finding,0,2,0,F,AP,2500,2048,0.168,0.168"))
                .content();

        assertThat(old).isEqualTo(corrected);
        assertThat(old.get(0).findings()).containsExactlyInAnyOrder("Cardiomegaly", "Emphysema");
        assertThat(old.get(0).patient()).isEqualTo("00000001");
        assertThat(old.get(1).findings()).isEmpty();
        assertThat(old.get(1).age()).isZero();
    }

    @Test
    void wrongLinesAreReportedWithTheirNumbersAndTheRestIsKept() throws IOException {
        Parsed<List<ImageEntry>> parsed = DataEntries.read(text(HEADER_OF_2020
                + "00000001_000.png,Cough|Mass,0,1,58,M,PA,1,1,1,1\n"
                + "00000001_000.png,Mass,0,1,58,M,PA,1,1,1,1\n"
                + "00000001_001.png,Mass,0,1,411,M,PA,1,1,1,1\n"
                + "00000001_002.png,Mass,0,1,58,X,PA,1,1,1,1\n"
                + "00000001_003.png,Mass\n"
                + "photo.png,Mass,0,1,58,M,PA,1,1,1,1\n"));

        assertThat(parsed.problems())
                .extracting(LineProblem::line, LineProblem::reason)
                .containsExactly(
                        tuple(2L, "'Cough' is not a label of the dataset"),
                        tuple(3L, "00000001_000.png is listed twice"),
                        tuple(4L, "the age '411' is implausible"),
                        tuple(5L, "the sex 'X' is unknown"),
                        tuple(6L, "it has 2 columns and not 7"),
                        tuple(7L, "'photo.png' is not an image index"));
        assertThat(parsed.content())
                .extracting(ImageEntry::imageIndex, ImageEntry::ageBand)
                .containsExactly(
                        tuple("00000001_000.png", "40-59"),
                        tuple("00000001_001.png", "unknown"),
                        tuple("00000001_002.png", "40-59"));
        assertThat(parsed.content().get(0).findings()).containsExactly("Mass");
    }

    @Test
    void anotherFileIsRecognizedByItsHeader() {
        for (String wrong : List.of("", "Image Index,Finding Label,Bbox [x,y,w,h],,,\n")) {
            assertThatExceptionOfType(InvalidDatasetException.class).isThrownBy(() -> DataEntries.read(text(wrong)));
        }
        assertThatExceptionOfType(InvalidDatasetException.class).isThrownBy(() -> SplitList.read(text("\n")));
    }

    @Test
    void splitListsMayRepeatNothing() throws IOException {
        Parsed<Set<String>> parsed = SplitList.read(text("00000003_000.png\r\n00000003_001.png\n00000003_000.png\nx"));

        assertThat(parsed.content()).containsExactly("00000003_000.png", "00000003_001.png");
        assertThat(parsed.problems()).extracting(LineProblem::line).containsExactly(3L, 4L);
    }

    /** The dataset's page has Infiltration 19871 and alone 9552; the file itself has one less of each. */
    @Test
    void theFileOf2017HasTheTotalsOfTheDatasetsPage() throws IOException {
        DatasetStatistics statistics = DatasetStatistics.read(
                shared("Data_Entry_2017.csv.gz"), shared("train_val_list.txt.gz"), shared("test_list.txt.gz"));
        LabelStatistics all = statistics.all();

        assertThat(all.images()).isEqualTo(112_120);
        assertThat(all.patients()).isEqualTo(30_805);
        assertThat(all.withoutFinding()).isEqualTo(60_412);
        assertThat(all.totals().values())
                .containsExactly(11535, 2772, 13307, 19870, 5746, 6323, 1353, 5298, 4667, 2303, 2516, 1686, 3385, 227);
        assertThat(all.together().get("Infiltration")).containsEntry("Infiltration", 9551);
        assertThat(statistics.groups().get("split"))
                .extractingByKeys("train_val", "test")
                .extracting(LabelStatistics::images)
                .containsExactly(86_524, 25_596);
        assertThat(statistics.groups().get("view"))
                .extractingByKeys("PA", "AP")
                .extracting(LabelStatistics::images)
                .containsExactly(67_310, 44_810);
        assertThat(statistics.problems()).hasSize(16).allMatch(problem -> problem.reason()
                .contains("implausible"));
    }

    @Test
    void theFileOf2020IsReadWithoutAProblem() throws IOException {
        DatasetStatistics statistics = DatasetStatistics.read(shared("Data_Entry_2017_v2020.csv.gz"), null, null);

        assertThat(statistics.all().images()).isEqualTo(112_120);
        assertThat(statistics.problems()).isEmpty();
        assertThat(statistics.groups()).doesNotContainKey("split");
    }

    /** As many entries as the dataset has; the counts are compared with those of a plain loop over what was written. */
    @Test
    void syntheticEntriesAreCountedRight() throws IOException {
        Random random = new Random(20170705);
        StringBuilder csv = new StringBuilder(HEADER_OF_2017);
        Map<String, Integer> pairs = new HashMap<>();
        for (int i = 0; i < 112_120; i++) {
            TreeSet<String> labels = new TreeSet<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                labels.add(ChestXray14.LABELS.get(random.nextInt(14)));
            }
            for (String one : labels) {
                for (String other : labels) {
                    if (!one.equals(other) || labels.size() == 1) {
                        pairs.merge(one + "," + other, 1, Integer::sum);
                    }
                }
            }
            csv.append("%08d_%03d.png,%s,%03d,%08d,%03dY,%s,%s,2500,2048,0.168,0.168\r\n"
                    .formatted(
                            i / 4,
                            i % 4,
                            labels.isEmpty() ? "No Finding" : String.join("|", labels),
                            i % 4,
                            i / 4,
                            random.nextInt(95),
                            random.nextBoolean() ? "F" : "M",
                            random.nextBoolean() ? "PA" : "AP"));
        }
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(gzip)) {
            packed.write(csv.toString().getBytes(StandardCharsets.UTF_8));
        }
        DatasetStatistics statistics = DatasetStatistics.read(new ByteArrayResource(gzip.toByteArray()), null, null);

        assertThat(statistics.problems()).isEmpty();
        assertThat(statistics.all().images()).isEqualTo(112_120);
        assertThat(statistics.all().patients()).isEqualTo(28_030);
        for (String one : ChestXray14.LABELS) {
            for (String other : ChestXray14.LABELS) {
                assertThat(statistics.all().together().get(one))
                        .containsEntry(other, pairs.getOrDefault(one + "," + other, 0));
            }
        }
        assertThat(statistics.groups().getOrDefault("age", Map.of()).values().stream()
                        .mapToInt(LabelStatistics::images)
                        .sum())
                .isEqualTo(112_120);
    }
}
