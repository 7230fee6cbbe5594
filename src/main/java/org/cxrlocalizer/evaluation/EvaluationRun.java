package org.cxrlocalizer.evaluation;

import static org.apache.commons.codec.digest.MessageDigestAlgorithms.SHA_256;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.dataset.LineProblem;
import org.cxrlocalizer.dataset.LineProblems;
import org.cxrlocalizer.dataset.PredictedBoxList;
import org.cxrlocalizer.drawing.Fonts;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.evaluation.report.CasePainter;
import org.cxrlocalizer.evaluation.report.ReportFiles;
import org.cxrlocalizer.evaluation.scoring.BoxSystem;
import org.cxrlocalizer.evaluation.scoring.EvaluationManifest;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.EvaluationReport;
import org.cxrlocalizer.evaluation.scoring.EvaluationTooLargeException;
import org.cxrlocalizer.evaluation.scoring.ForeignBoxes;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.cxrlocalizer.evaluation.scoring.Scoring;
import org.cxrlocalizer.evaluation.scoring.ScoringGuard;
import org.cxrlocalizer.evaluation.scoring.ScoringMemory;
import org.cxrlocalizer.evaluation.scoring.ScoringSize;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.serving.Localizer;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;

/**
 * A whole evaluation, from images or predicted boxes to the files of a report, the same for the command line and for the
 * service.
 *
 * @param version of this program
 * @param memory that scoring is done in
 */
public record EvaluationRun(String version, DatasetFiles files, Path out, ScoringMemory memory) {

    /** The model that is scored. */
    public record Scored(Classifier classifier, Localizer localizer, RadiographReader reader) {

        /**
         * Every method with every policy.
         *
         * @param methods empty for the model's default
         * @param policies empty for the model's default
         * @throws org.cxrlocalizer.model.UnknownMethodException if the model lacks a method
         * @throws org.cxrlocalizer.localization.UncalibratedLabelException if the model lacks calibrated policies
         */
        public List<BoxSystem> systems(List<String> methods, List<BoxPolicy> policies) {
            ModelManifest manifest = classifier.manifest();
            List<BoxSystem> systems = new ArrayList<>();
            for (String method : methods.isEmpty() ? List.of(manifest.methods().defaultName()) : methods) {
                manifest.method(method);
                for (BoxPolicy policy :
                        policies.isEmpty() ? List.of(localizer.policies().defaultPolicy()) : policies) {
                    manifest.labels()
                            .forEach(label ->
                                    policy.forLabel(label, localizer.policies().calibrated()));
                    systems.add(BoxSystem.of(method, policy));
                }
            }
            return systems;
        }
    }

    /**
     * What is wanted of a model, and how carefully.
     *
     * @param roots directories that images must lie in, whatever links lead there; empty for anywhere
     */
    public record Wanted(
            Path images,
            List<Path> roots,
            List<BoxSystem> systems,
            boolean leaveOutCalibration,
            Bootstrap bootstrap,
            int threads) {}

    /**
     * Localizes the images of a directory and scores them.
     *
     * @param original the manifest of the report that this one must be a replay of, or null
     * @param earlier what becomes of predictions that lie in {@code out}
     * @throws EvaluationRefusedException if it cannot be done as asked
     * @throws EvaluationTooLargeException before anything is localized, if scoring needs more memory than there is
     */
    public EvaluationReport score(
            Scored model,
            Wanted wanted,
            @Nullable EvaluationManifest original,
            EarlierPredictions earlier,
            Evaluator.Progress progress)
            throws IOException {
        EvaluationPlan plan = plan(model, wanted);
        Evaluator evaluator = evaluator(model, plan);
        Map<String, List<Path>> images = evaluator.images();
        ScoringSize expected = size(model, wanted, images.keySet());
        memory.require(expected);
        List<ImagePrediction> predictions = evaluator.run(images, earlier, progress);
        if (original != null) {
            plan.manifest(version, predictions).requireReplayOf(original);
        }
        return memory.during(
                expected.withBoxes(ScoringSize.boxes(predictions)),
                ScoringGuard.NONE,
                () -> report(model, plan, predictions, new CaseFiles(images, evaluator.imageFiles(), model.reader())));
    }

    /**
     * Scores what was found elsewhere, as soon as there is memory for it.
     *
     * @param images the files of each image, as they were localized
     * @param lines predictions of these images, as {@link Evaluator#localize} returns them
     * @throws EvaluationTooLargeException if it needs more memory than there is
     */
    public void scoreFound(
            Scored model,
            Wanted wanted,
            Map<String, List<Path>> images,
            Iterator<String> lines,
            ScoringGuard guard,
            Evaluator.Progress progress)
            throws IOException {
        EvaluationPlan plan = plan(model, wanted);
        Evaluator evaluator = evaluator(model, plan);
        ScoringSize size = size(model, wanted, images.keySet()).withBoxes(evaluator.keep(lines));
        memory.during(
                size,
                guard,
                () -> report(
                        model,
                        plan,
                        evaluator.run(images, EarlierPredictions.CONTINUED, progress),
                        new CaseFiles(images, evaluator.imageFiles(), model.reader())));
    }

    /**
     * Refuses what needs more memory for scoring than there is, as far as can be estimated before anything is localized.
     *
     * @throws EvaluationTooLargeException with the estimate
     */
    public void requireMemory(Scored model, Wanted wanted) throws IOException {
        memory.require(size(model, wanted, evaluator(model, wanted).images().keySet()));
    }

    private ScoringSize size(Scored model, Wanted wanted, Set<String> images) {
        return ScoringSize.expected(
                images.size(),
                truths(images),
                wanted.systems(),
                model.classifier().manifest().labels().size(),
                wanted.bootstrap());
    }

    private long truths(Set<String> images) {
        return images.stream()
                .mapToLong(image -> files.truth().of(image).map(List::size).orElse(0))
                .sum();
    }

    private EvaluationReport report(
            Scored model, EvaluationPlan plan, List<ImagePrediction> predictions, CasePainter painter)
            throws IOException {
        Map<String, Function<String, BoxPolicy.Threshold>> thresholds = new HashMap<>();
        plan.systems()
                .forEach(system -> thresholds.put(system.name(), label -> system.requirePolicy()
                        .forLabel(label, model.localizer().policies().calibrated())));
        ModelManifest.Cutoffs cutoffs = model.classifier().manifest().cutoffs();
        EvaluationReport report = Scoring.report(
                new Scoring.Inputs(
                        plan.manifest(version, predictions),
                        files.truth(),
                        thresholds,
                        files.entries(),
                        cutoffs == null ? Map.of() : cutoffs.probabilities(),
                        files.problems()),
                predictions);
        ReportFiles.write(out, report, files.truth(), predictions, painter);
        return report;
    }

    /** The part of {@link #score} that finds boxes. */
    public Evaluator evaluator(Scored model, Wanted wanted) {
        return evaluator(model, plan(model, wanted));
    }

    private Evaluator evaluator(Scored model, EvaluationPlan plan) {
        return new Evaluator(plan, files.truth(), new ImageWalk(model.localizer(), model.reader()));
    }

    private EvaluationPlan plan(Scored model, Wanted wanted) {
        Fonts.problem().ifPresent(problem -> {
            throw new EvaluationRefusedException(problem);
        });
        Set<String> calibrationPatients = new LinkedHashSet<>();
        model.classifier().calibrationImages().forEach(image -> calibrationPatients.add(ChestXray14.patientOf(image)));
        return new EvaluationPlan(
                wanted.images(),
                wanted.roots(),
                out,
                EvaluationPlan.model(model.classifier()),
                files.sha256(),
                wanted.systems(),
                files.onlyImages(),
                calibrationPatients,
                wanted.leaveOutCalibration(),
                wanted.bootstrap(),
                wanted.threads());
    }

    /**
     * Scores the boxes that any system found. Every image of the split counts, or of the box list without one: an image
     * without a predicted box is a miss.
     *
     * @param predictions in the columns of {@link PredictedBoxList}
     * @param against the boxes of another system, compared with these in pairs; or null
     * @throws org.cxrlocalizer.dataset.InvalidDatasetException if it is another file
     * @throws EvaluationTooLargeException if scoring needs more memory than there is
     */
    public EvaluationReport score(Path predictions, @Nullable Path against, Bootstrap bootstrap, ScoringGuard guard)
            throws IOException {
        Map<String, Path> lists = new LinkedHashMap<>();
        lists.put(ForeignBoxes.SYSTEM, predictions);
        if (against != null) {
            lists.put("against", against);
        }
        long boxes = 0;
        for (Path list : lists.values()) {
            boxes += PredictedBoxList.count(new FileSystemResource(list), Long.MAX_VALUE);
        }
        return memory.during(size(lists.size(), boxes, bootstrap), guard, () -> score(lists, bootstrap));
    }

    /**
     * Refuses a list of predicted boxes whose scoring needs more memory than there is.
     *
     * @throws EvaluationTooLargeException with the estimate
     */
    public void requireMemory(long boxes, Bootstrap bootstrap) {
        memory.require(size(1, boxes, bootstrap));
    }

    private ScoringSize size(int lists, long boxes, Bootstrap bootstrap) {
        return new ScoringSize(scoredImages().size(), truths(scoredImages()), 0, lists, boxes, bootstrap);
    }

    private Set<String> scoredImages() {
        return files.onlyImages().isEmpty() ? files.truth().images() : files.onlyImages();
    }

    private EvaluationReport score(Map<String, Path> lists, Bootstrap bootstrap) throws IOException {
        List<LineProblem> problems = new ArrayList<>(files.problems());
        Map<String, String> inputs = new TreeMap<>(files.sha256());
        ForeignBoxes boxes = new ForeignBoxes(lists.keySet(), scoredImages());
        for (Map.Entry<String, Path> list : lists.entrySet()) {
            inputs.put(list.getKey(), new DigestUtils(SHA_256).digestAsHex(list.getValue()));
            problems.addAll(read(list.getKey(), list.getValue(), boxes));
        }
        List<ImagePrediction> found = boxes.predictions();
        EvaluationManifest manifest =
                EvaluationManifest.ofForeignBoxes(version, inputs, List.copyOf(lists.keySet()), found, bootstrap);
        EvaluationReport report = Scoring.report(
                new Scoring.Inputs(manifest, files.truth(), Map.of(), files.entries(), Map.of(), problems), found);
        ReportFiles.write(out, report, files.truth(), found, null);
        return report;
    }

    private static List<LineProblem> read(String system, Path list, ForeignBoxes boxes) throws IOException {
        LineProblems unreadable = new LineProblems("cannot be read");
        LineProblems unscored = new LineProblems("are of images that are not scored");
        PredictedBoxList.forEach(
                new FileSystemResource(list),
                Long.MAX_VALUE,
                box -> {
                    if (!boxes.add(system, box)) {
                        unscored.add(new LineProblem(
                                String.valueOf(list.getFileName()),
                                box.line(),
                                "the image '%s' is not scored".formatted(box.imageIndex())));
                    }
                },
                unreadable::add);
        return Stream.of(unreadable, unscored)
                .flatMap(problems -> problems.list().stream())
                .toList();
    }
}
