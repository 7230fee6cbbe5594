// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.cxrlocalizer.drawing.Fonts;
import org.cxrlocalizer.evaluation.report.Gallery;
import org.cxrlocalizer.evaluation.report.ReportFiles;
import org.cxrlocalizer.evaluation.scoring.EvaluationManifest;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.EvaluationReport;
import org.cxrlocalizer.evaluation.scoring.EvaluationTooLargeException;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.cxrlocalizer.evaluation.scoring.ScoredLabels;
import org.cxrlocalizer.evaluation.scoring.Scoring;
import org.cxrlocalizer.evaluation.scoring.ScoringGuard;
import org.cxrlocalizer.evaluation.scoring.ScoringMemory;
import org.cxrlocalizer.evaluation.scoring.ScoringSize;
import org.cxrlocalizer.inference.InferenceRefusedException;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.reports.tables.WrittenReport;
import org.jspecify.annotations.Nullable;

/** The evaluation of a model, from images to the files of a report, the same for the command line and for the service. */
public final class ModelEvaluation {

    private final String version;
    private final DatasetFiles files;
    private final EvaluatedModel model;
    private final EvaluationPlan plan;
    private final ScoringMemory memory;
    private final ImagePredictor predictor;
    private final Evaluator evaluator;

    /**
     * @param version of this program
     * @param plan of this model and these files
     * @param memory that scoring is done in
     * @throws EvaluationRefusedException if the report could not be drawn
     */
    public ModelEvaluation(
            String version, DatasetFiles files, EvaluatedModel model, EvaluationPlan plan, ScoringMemory memory) {
        Fonts.problem().ifPresent(problem -> {
            throw new EvaluationRefusedException(problem);
        });
        this.version = version;
        this.files = files;
        this.model = model;
        this.plan = plan;
        this.memory = memory;
        predictor = new ImagePredictor(plan, files.truth(), new ImageWalk(model));
        evaluator = new Evaluator(predictor);
    }

    /** Returns what its predictions depend on. */
    public PredictionKey key() {
        return PredictionKey.of(plan);
    }

    /**
     * Returns the files to score, and what is left out.
     *
     * @throws EvaluationRefusedException if there is none, or a calibrated policy would be scored on a patient that it was
     *     chosen on
     */
    public ScoredImages images() throws IOException {
        return evaluator.images();
    }

    /**
     * Localizes one image.
     *
     * @param files those of the image; an image with any other number than one cannot be used
     * @return a line for {@link #scoreFound}
     * @throws InferenceRefusedException if this process cannot run the model any more
     */
    public String localize(String image, List<Path> files) {
        return PredictionLog.JSON.writeValueAsString(predictor.predict(image, files));
    }

    /**
     * Localizes the images of a directory and scores them.
     *
     * @param images those of {@link #images}
     * @param original the manifest of the report that this one must be a replay of, or null
     * @param mode how to treat predictions that lie in the plan's directory
     * @param reports of some of the images, for the three-column table
     * @throws EvaluationRefusedException if it cannot be done as planned
     * @throws EvaluationTooLargeException before anything is localized, if scoring needs more memory than there is
     */
    public EvaluationReport score(
            Map<String, List<Path>> images,
            @Nullable EvaluationManifest original,
            ResumeMode mode,
            List<WrittenReport> reports,
            Evaluator.Progress progress)
            throws IOException {
        if (original != null) {
            requireReplay(images, original);
        }
        ScoringSize expected = size(images.keySet());
        memory.require(expected);
        List<ImagePrediction> predictions = evaluator.run(images, mode, progress);
        if (original != null) {
            plan.manifest(version, predictions).requireReplayOf(original);
        }
        return memory.during(
                expected.withBoxes(ScoringSize.boxes(predictions)),
                ScoringGuard.NONE,
                () -> report(predictions, images, reports));
    }

    /** Compares before anything is localized: what needs no file first, then the files. */
    private void requireReplay(Map<String, List<Path>> images, EvaluationManifest original) {
        EvaluationManifest planned = plan.manifest(version, List.of());
        planned.withImages(original.imagesSha256()).requireReplayOf(original);
        List<ImagePrediction> files = images.entrySet().stream()
                .map(image -> ImagePrediction.failed(
                        image.getKey(), predictor.imageFiles().sha256(image.getValue()), "not localized yet"))
                .toList();
        planned.withImages(EvaluationManifest.imagesSha256(files)).requireReplayOf(original);
    }

    /**
     * Scores what was found elsewhere, as soon as there is memory for it.
     *
     * @param images the files of each image, as they were localized
     * @param lines predictions of these images, as {@link #localize} returns them
     * @throws EvaluationTooLargeException if it needs more memory than there is
     */
    public void scoreFound(
            Map<String, List<Path>> images, Iterator<String> lines, ScoringGuard guard, Evaluator.Progress progress)
            throws IOException {
        ScoringSize size = size(images.keySet()).withBoxes(evaluator.keep(lines));
        memory.during(size, guard, () -> report(evaluator.kept(images, progress), images, List.of()));
    }

    /**
     * Refuses what needs more memory for scoring than there is, as far as can be estimated before anything is localized.
     *
     * @throws EvaluationTooLargeException with the estimate
     */
    public void requireMemory() throws IOException {
        memory.require(size(images().files().keySet()));
    }

    private ScoringSize size(Set<String> images) {
        return ScoringSize.expected(
                images.size(),
                files.boxesOf(images),
                plan.systems(),
                model.classifier().manifest().labels().size(),
                plan.options().bootstrap());
    }

    private EvaluationReport report(
            List<ImagePrediction> found, Map<String, List<Path>> images, List<WrittenReport> reports)
            throws IOException {
        List<String> labels = model.classifier().manifest().labels();
        ScoredLabels scored = new ScoredLabels(files.truth());
        Map<String, List<String>> modelLabels = scored.of(labels);
        List<ImagePrediction> predictions = scored.of(found, labels);
        Map<String, Function<String, BoxPolicy.@Nullable MapPolicy>> policies = new HashMap<>();
        plan.systems()
                .forEach(system -> policies.put(
                        system.name(),
                        label -> model.policyOf(
                                system.requirePolicy(),
                                modelLabels.getOrDefault(label, List.of(label)).get(0))));
        EvaluationReport report = Scoring.report(
                new Scoring.Inputs(
                        plan.manifest(version, predictions),
                        files.truth(),
                        policies,
                        files.entries(),
                        cutoffs(modelLabels),
                        files.problems()),
                predictions);
        Gallery gallery =
                Gallery.choose(predictions, files.truth(), plan.systems().get(0));
        CaseFiles pictures = new CaseFiles(images, predictor.imageFiles(), model.reader());
        ReportFiles.write(
                plan.out(),
                report,
                predictions,
                files.truth(),
                gallery,
                pictures.draw(gallery),
                pictures.draw(
                        reports, predictions, files.truth(), plan.systems().get(0)));
        return report;
    }

    /** A label of several of the model's has no cut-off of its own. */
    private Map<String, Double> cutoffs(Map<String, List<String>> modelLabels) {
        Map<String, Double> own = model.rule(plan.options()).cutoffs();
        Map<String, Double> cutoffs = new HashMap<>();
        modelLabels.forEach((scored, labels) -> {
            Double cutoff = labels.size() == 1 ? own.get(labels.get(0)) : null;
            if (cutoff != null) {
                cutoffs.put(scored, cutoff);
            }
        });
        return cutoffs;
    }
}
