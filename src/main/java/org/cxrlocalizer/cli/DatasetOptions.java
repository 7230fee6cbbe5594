package org.cxrlocalizer.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.cxrlocalizer.dataset.DataEntries;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.dataset.ImageEntry;
import org.cxrlocalizer.dataset.LineProblem;
import org.cxrlocalizer.dataset.Parsed;
import org.cxrlocalizer.dataset.SplitList;
import org.cxrlocalizer.evaluation.Sha256;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import picocli.CommandLine.Option;

/** The dataset's files, as commands that score take them. */
final class DatasetOptions {

    @Option(names = "--boxes", paramLabel = "CSV", description = "BBox_List_2017.csv. Default: the bundled copy.")
    private @Nullable Path boxes;

    @Option(
            names = "--labels",
            paramLabel = "CSV",
            description = "Data_Entry_2017.csv of either release: adds AUC and the like, and subgroups.")
    private @Nullable Path labels;

    @Option(names = "--split", paramLabel = "TXT", description = "Scores only the images that this file lists.")
    private @Nullable Path split;

    /**
     * What the files hold.
     *
     * @param onlyImages empty for all
     * @param sha256 of each file, by what it is
     */
    record Files(
            GroundTruth truth,
            Map<String, ImageEntry> entries,
            Set<String> onlyImages,
            Map<String, String> sha256,
            List<LineProblem> problems) {}

    Files read() throws IOException {
        List<LineProblem> problems = new ArrayList<>();
        Map<String, String> sha256 = new TreeMap<>();
        Resource boxList =
                boxes == null ? new ClassPathResource("nih/BBox_List_2017.csv") : new FileSystemResource(boxes);
        Parsed<GroundTruth> truth = GroundTruth.read(boxList);
        problems.addAll(truth.problems());
        sha256.put("boxes", Sha256.of(boxList.getContentAsByteArray()));
        Map<String, ImageEntry> entries = Map.of();
        if (labels != null) {
            sha256.put("labels", Sha256.of(labels));
            Parsed<List<ImageEntry>> parsed = DataEntries.read(new FileSystemResource(labels));
            problems.addAll(parsed.problems());
            entries = parsed.content().stream().collect(Collectors.toMap(ImageEntry::imageIndex, Function.identity()));
        }
        Set<String> onlyImages = Set.of();
        if (split != null) {
            sha256.put("split", Sha256.of(split));
            Parsed<Set<String>> parsed = SplitList.read(new FileSystemResource(split));
            problems.addAll(parsed.problems());
            onlyImages = parsed.content();
        }
        return new Files(truth.content(), entries, onlyImages, sha256, problems);
    }
}
