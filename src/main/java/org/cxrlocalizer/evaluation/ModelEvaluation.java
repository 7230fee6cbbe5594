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
import org.cxrlocalizer.evaluation.scoring.Scoring;
import org.cxrlocalizer.evaluation.scoring.ScoringGuard;
import org.cxrlocalizer.evaluation.scoring.ScoringMemory;
import org.cxrlocalizer.evaluation.scoring.ScoringSize;
import org.cxrlocalizer.inference.InferenceRefusedException;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.model.ModelManifest;
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
     * Returns the files to score by image index, in its order.
     *
     * @throws EvaluationRefusedException if there is none, or a calibrated policy would be scored on a patient that it was
     *     chosen on
     */
    public Map<String, List<Path>> images() throws IOException {
        return ScoredImages.of(plan);
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
     * @param original the manifest of the report that this one must be a replay of, or null
     * @param mode how to treat predictions that lie in the plan's directory
     * @throws EvaluationRefusedException if it cannot be done as planned
     * @throws EvaluationTooLargeException before anything is localized, if scoring needs more memory than there is
     */
    public EvaluationReport score(@Nullable EvaluationManifest original, ResumeMode mode, Evaluator.Progress progress)
            throws IOException {
        Map<String, List<Path>> images = images();
        ScoringSize expected = size(images.keySet());
        memory.require(expected);
        List<ImagePrediction> predictions = evaluator.run(images, mode, progress);
        if (original != null) {
            plan.manifest(version, predictions).requireReplayOf(original);
        }
        return memory.during(
                expected.withBoxes(ScoringSize.boxes(predictions)),
                ScoringGuard.NONE,
                () -> report(predictions, images));
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
        memory.during(size, guard, () -> report(evaluator.run(images, ResumeMode.CONTINUE, progress), images));
    }

    /**
     * Refuses what needs more memory for scoring than there is, as far as can be estimated before anything is localized.
     *
     * @throws EvaluationTooLargeException with the estimate
     */
    public void requireMemory() throws IOException {
        memory.require(size(images().keySet()));
    }

    private ScoringSize size(Set<String> images) {
        return ScoringSize.expected(
                images.size(),
                files.boxesOf(images),
                plan.systems(),
                model.classifier().manifest().labels().size(),
                plan.options().bootstrap());
    }

    private EvaluationReport report(List<ImagePrediction> predictions, Map<String, List<Path>> images)
            throws IOException {
        Map<String, Function<String, BoxPolicy.Threshold>> thresholds = new HashMap<>();
        plan.systems()
                .forEach(system ->
                        thresholds.put(system.name(), label -> model.threshold(system.requirePolicy(), label)));
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
        Gallery gallery = Gallery.of(predictions, files.truth(), plan.systems().get(0));
        CaseFiles pictures = new CaseFiles(images, predictor.imageFiles(), model.reader());
        ReportFiles.write(plan.out(), report, predictions, gallery, pictures.draw(gallery));
        return report;
    }
}
