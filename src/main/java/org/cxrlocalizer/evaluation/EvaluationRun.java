package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.dataset.LineProblem;
import org.cxrlocalizer.dataset.Parsed;
import org.cxrlocalizer.dataset.PredictedBoxList;
import org.cxrlocalizer.dataset.PredictedBoxList.PredictedBox;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.Fonts;
import org.cxrlocalizer.localization.Localizer;
import org.cxrlocalizer.model.Classifier;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;

/**
 * A whole evaluation, from images or predicted boxes to the files of a report, the same for the command line and for the
 * service.
 *
 * @param version of this program
 */
public record EvaluationRun(String version, DatasetFiles files, Path out) {

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
     */
    public EvaluationReport score(
            Scored model,
            Wanted wanted,
            @Nullable EvaluationManifest original,
            EarlierPredictions earlier,
            Evaluator.Progress progress)
            throws IOException {
        EvaluationPlan plan = plan(model, wanted);
        List<ImagePrediction> predictions = evaluator(model, plan).run(earlier, progress);
        EvaluationManifest manifest = plan.manifest(version, predictions);
        if (original != null) {
            manifest.requireReplayOf(original);
        }
        Map<String, Function<String, BoxPolicy.Threshold>> thresholds = new HashMap<>();
        plan.systems()
                .forEach(system -> thresholds.put(system.name(), label -> system.requirePolicy()
                        .forLabel(label, model.localizer().policies().calibrated())));
        ModelManifest.Cutoffs cutoffs = model.classifier().manifest().cutoffs();
        EvaluationReport report = Scoring.report(
                new Scoring.Inputs(
                        manifest,
                        files.truth(),
                        thresholds,
                        files.entries(),
                        cutoffs == null ? Map.of() : cutoffs.probabilities(),
                        files.problems()),
                predictions);
        ReportFiles.write(out, report, files.truth(), predictions, new CaseFiles(wanted.images(), model.reader()));
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
                EvaluationPlan.Model.of(model.classifier()),
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
     */
    public EvaluationReport score(Path predictions, @Nullable Path against, Bootstrap bootstrap) throws IOException {
        Map<String, Path> lists = new LinkedHashMap<>();
        lists.put(ForeignBoxes.SYSTEM, predictions);
        if (against != null) {
            lists.put("against", against);
        }
        List<LineProblem> problems = new ArrayList<>(files.problems());
        Map<String, String> inputs = new TreeMap<>(files.sha256());
        Set<String> images = files.onlyImages().isEmpty() ? files.truth().images() : files.onlyImages();
        Map<String, List<PredictedBox>> boxes = new LinkedHashMap<>();
        for (Map.Entry<String, Path> list : lists.entrySet()) {
            inputs.put(list.getKey(), Sha256.of(list.getValue()));
            boxes.put(list.getKey(), read(list.getValue(), images, problems));
        }
        List<ImagePrediction> found = ForeignBoxes.of(boxes, images);
        EvaluationManifest manifest =
                EvaluationManifest.ofForeignBoxes(version, inputs, List.copyOf(lists.keySet()), found, bootstrap);
        EvaluationReport report = Scoring.report(
                new Scoring.Inputs(manifest, files.truth(), Map.of(), files.entries(), Map.of(), problems), found);
        ReportFiles.write(out, report, files.truth(), found, null);
        return report;
    }

    private static List<PredictedBox> read(Path list, Set<String> images, List<LineProblem> problems)
            throws IOException {
        Parsed<List<PredictedBox>> parsed = PredictedBoxList.read(new FileSystemResource(list));
        problems.addAll(parsed.problems());
        for (PredictedBox box : parsed.content()) {
            if (!images.contains(box.imageIndex())) {
                problems.add(new LineProblem(
                        String.valueOf(list.getFileName()),
                        box.line(),
                        "the image '%s' is not scored".formatted(box.imageIndex())));
            }
        }
        return parsed.content();
    }
}
