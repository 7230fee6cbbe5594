// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import static org.apache.commons.codec.digest.MessageDigestAlgorithms.SHA_256;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.dataset.LineProblem;
import org.cxrlocalizer.dataset.LineProblems;
import org.cxrlocalizer.dataset.ListedBox;
import org.cxrlocalizer.dataset.PredictedBoxList;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.evaluation.report.Gallery;
import org.cxrlocalizer.evaluation.report.ReportFiles;
import org.cxrlocalizer.evaluation.scoring.EvaluationManifest;
import org.cxrlocalizer.evaluation.scoring.EvaluationReport;
import org.cxrlocalizer.evaluation.scoring.EvaluationTooLargeException;
import org.cxrlocalizer.evaluation.scoring.ExternalPredictions;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.cxrlocalizer.evaluation.scoring.Scoring;
import org.cxrlocalizer.evaluation.scoring.ScoringGuard;
import org.cxrlocalizer.evaluation.scoring.ScoringMemory;
import org.cxrlocalizer.evaluation.scoring.ScoringSize;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;

/**
 * The evaluation of boxes that any system found, from lists of them to the files of a report. Every image of the split
 * counts, or of the box list without one: an image without a predicted box is a miss.
 */
public final class BoxListEvaluation {

    private final String version;
    private final DatasetFiles files;
    private final Path out;
    private final ScoringMemory memory;

    /**
     * @param version of this program
     * @param out directory that everything is written to
     * @param memory that scoring is done in
     */
    public BoxListEvaluation(String version, DatasetFiles files, Path out, ScoringMemory memory) {
        this.version = version;
        this.files = files;
        this.out = out;
        this.memory = memory;
    }

    /**
     * Scores a list of boxes.
     *
     * @param predictions as {@link PredictedBoxList} reads them
     * @param against the boxes of another system, compared with these in pairs; or null
     * @throws org.cxrlocalizer.dataset.InvalidDatasetException if it is another file
     * @throws EvaluationTooLargeException if scoring needs more memory than there is
     */
    public EvaluationReport score(Path predictions, @Nullable Path against, Bootstrap bootstrap, ScoringGuard guard)
            throws IOException {
        Map<String, Path> lists = new LinkedHashMap<>();
        lists.put(ExternalPredictions.SYSTEM, predictions);
        if (against != null) {
            lists.put("against", against);
        }
        return score(lists, bootstrap, guard);
    }

    /**
     * Compares the systems of finished evaluations in pairs: the first system of the first one with each other.
     *
     * @param runs their directories
     * @throws org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException if they scored other images or other true boxes
     * @throws EvaluationTooLargeException if scoring needs more memory than there is
     */
    public EvaluationReport compare(List<Path> runs, Bootstrap bootstrap, ScoringGuard guard) throws IOException {
        List<FinishedRun> finished = new ArrayList<>();
        for (Path run : runs) {
            finished.add(FinishedRun.read(run));
        }
        Map<String, Path> lists = new LinkedHashMap<>();
        finished.forEach(run -> lists.putAll(run.boxes()));
        DatasetFiles scored = files.ofImages(FinishedRun.commonImages(finished, files));
        return new BoxListEvaluation(version, scored, out, memory).score(lists, bootstrap, guard);
    }

    private EvaluationReport score(Map<String, Path> lists, Bootstrap bootstrap, ScoringGuard guard)
            throws IOException {
        long boxes = 0;
        for (Path list : lists.values()) {
            boxes += count(list, Long.MAX_VALUE);
        }
        return memory.during(size(lists.size(), boxes, bootstrap), guard, () -> score(lists, bootstrap));
    }

    /**
     * Refuses a list of predicted boxes that cannot be scored.
     *
     * @param mostCharacters that it may have, unpacked
     * @throws org.cxrlocalizer.dataset.InvalidDatasetException if it is another file, or has no box of an image that is scored
     * @throws EvaluationTooLargeException if scoring needs more memory than there is, with the estimate
     */
    public void requireUsable(Path predictions, long mostCharacters, Bootstrap bootstrap) throws IOException {
        memory.require(size(1, count(predictions, mostCharacters), bootstrap));
    }

    private long count(Path list, long mostCharacters) throws IOException {
        Set<String> images = files.images();
        long[] boxes = new long[1];
        PredictedBoxList.forEach(
                new FileSystemResource(list),
                mostCharacters,
                files.truth(),
                box -> {
                    requireScored(images.contains(box.imageIndex()), box);
                    boxes[0]++;
                },
                problem -> {});
        return boxes[0];
    }

    private static void requireScored(boolean scored, ListedBox box) {
        if (!scored) {
            throw new IllegalArgumentException("the image '%s' is not scored".formatted(box.imageIndex()));
        }
    }

    private ScoringSize size(int lists, long boxes, Bootstrap bootstrap) {
        return new ScoringSize(files.images().size(), files.boxesOf(files.images()), 0, lists, boxes, bootstrap);
    }

    private EvaluationReport score(Map<String, Path> lists, Bootstrap bootstrap) throws IOException {
        List<LineProblem> problems = new ArrayList<>(files.problems());
        Map<String, String> inputs = new TreeMap<>(files.sha256());
        ExternalPredictions boxes = new ExternalPredictions(lists.keySet(), files.images());
        for (Map.Entry<String, Path> list : lists.entrySet()) {
            inputs.put(list.getKey(), new DigestUtils(SHA_256).digestAsHex(list.getValue()));
            problems.addAll(read(list.getKey(), list.getValue(), boxes));
        }
        List<ImagePrediction> found = boxes.predictions();
        EvaluationManifest manifest = EvaluationManifest.ofExternalPredictions(
                version, inputs, List.copyOf(lists.keySet()), found, bootstrap);
        EvaluationReport report = Scoring.report(
                new Scoring.Inputs(manifest, files.truth(), Map.of(), files.entries(), Map.of(), problems), found);
        Gallery gallery =
                Gallery.choose(found, files.truth(), manifest.systems().get(0));
        ReportFiles.write(out, report, found, files.truth(), gallery, List.of(), List.of());
        return report;
    }

    private List<LineProblem> read(String system, Path list, ExternalPredictions boxes) throws IOException {
        LineProblems unusable = new LineProblems("cannot be used");
        PredictedBoxList.forEach(
                new FileSystemResource(list),
                Long.MAX_VALUE,
                files.truth(),
                box -> requireScored(boxes.add(system, box), box),
                unusable::add);
        return unusable.list();
    }
}
