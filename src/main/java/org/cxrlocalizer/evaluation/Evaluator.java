// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.jspecify.annotations.Nullable;

/**
 * Runs a model over a directory of images in this process and keeps the prediction of each. It can be killed at any moment
 * and go on later; an image that cannot be used is kept with the reason and does not end the run.
 */
public final class Evaluator {

    /** Receives the progress after each image. */
    @FunctionalInterface
    public interface Progress {
        /** @throws CancellationException to end the run; what is done stays */
        void at(int done, int total);
    }

    private static final String LOG = "predictions.jsonl";

    private final EvaluationPlan plan;
    private final ImagePredictor predictor;

    public Evaluator(EvaluationPlan plan, GroundTruth truth, EvaluatedModel model) {
        this(new ImagePredictor(plan, truth, new ImageWalk(model)));
    }

    Evaluator(ImagePredictor predictor) {
        plan = predictor.plan();
        this.predictor = predictor;
    }

    /**
     * Keeps lines that were found elsewhere, in place of what was kept before, for {@link #run} to continue.
     *
     * @return how many boxes they have
     */
    long keep(Iterator<String> lines) throws IOException {
        long boxes = 0;
        Files.createDirectories(plan.out());
        Path log = plan.out().resolve(LOG);
        Path written = plan.out().resolve("%s.%s.part".formatted(LOG, UUID.randomUUID()));
        try (BufferedWriter out = Files.newBufferedWriter(written)) {
            out.write(PredictionKey.of(plan).json() + "\n");
            while (lines.hasNext()) {
                String line = lines.next();
                boxes += PredictionLog.boxes(line);
                out.write(line + "\n");
            }
        }
        Files.move(written, log, StandardCopyOption.ATOMIC_MOVE);
        return boxes;
    }

    /**
     * Finds the images of the plan.
     *
     * @throws EvaluationRefusedException if there is none, or a calibrated policy would be scored on a patient that it was
     *     chosen on
     */
    public ScoredImages images() throws IOException {
        return ScoredImages.find(plan);
    }

    /**
     * Localizes what was not localized yet: images without a prediction, those that failed, and those whose file is another
     * one by its hash.
     *
     * @param images the files to score by image index
     * @param mode how to treat predictions that lie in the plan's directory
     * @return the predictions of all images, by image index
     * @throws EvaluationRefusedException if predictions lie there that cannot be continued
     */
    public List<ImagePrediction> run(Map<String, List<Path>> images, ResumeMode mode, Progress progress)
            throws IOException {
        Files.createDirectories(plan.out());
        try (PredictionLog log = open(mode)) {
            Set<String> done = new HashSet<>();
            byImage(log, images).values().stream()
                    .filter(prediction -> isCurrent(prediction, images.get(prediction.image())))
                    .forEach(prediction -> done.add(prediction.image()));
            progress.at(done.size(), images.size());
            localizeAll(images, done, log, progress);
            return List.copyOf(byImage(log, images).values());
        }
    }

    private boolean isCurrent(ImagePrediction prediction, @Nullable List<Path> files) {
        return prediction.failure() == null
                && files != null
                && prediction.sha256() != null
                && prediction.sha256().equals(predictor.imageFiles().sha256(files));
    }

    /** Returns what was kept of some images, by image index; nothing is localized. */
    List<ImagePrediction> kept(Map<String, List<Path>> images, Progress progress) throws IOException {
        try (PredictionLog log = open(ResumeMode.CONTINUE)) {
            Map<String, ImagePrediction> kept = byImage(log, images);
            progress.at(kept.size(), images.size());
            return List.copyOf(kept.values());
        }
    }

    private PredictionLog open(ResumeMode mode) throws IOException {
        return PredictionLog.open(plan.out().resolve(LOG), PredictionKey.of(plan), mode);
    }

    /** Of an image that was localized again, the later prediction counts. */
    private static Map<String, ImagePrediction> byImage(PredictionLog log, Map<String, List<Path>> images) {
        Map<String, ImagePrediction> sorted = new TreeMap<>();
        log.predictions().forEach(prediction -> sorted.put(prediction.image(), prediction));
        sorted.keySet().retainAll(images.keySet());
        return sorted;
    }

    private void localizeAll(Map<String, List<Path>> images, Set<String> done, PredictionLog log, Progress progress)
            throws IOException {
        List<Callable<ImagePrediction>> tasks = new ArrayList<>();
        images.forEach((image, files) -> {
            if (!done.contains(image)) {
                tasks.add(() -> {
                    ImagePrediction prediction = predictor.predict(image, files);
                    log.add(prediction);
                    return prediction;
                });
            }
        });
        AtomicInteger finished = new AtomicInteger(done.size());
        ImageThreads.run(plan.threads(), tasks, prediction -> progress.at(finished.incrementAndGet(), images.size()));
    }
}
