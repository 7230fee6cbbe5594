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
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.dataset.TruthBox;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.inference.InferenceRefusedException;
import org.cxrlocalizer.localization.Localization;

/**
 * Runs a model over a directory of images and keeps what it said of each. It can be killed at any moment and go on later;
 * an image that cannot be used is kept with the reason and does not end the run.
 */
public final class Evaluator {

    /** Told after each image. */
    @FunctionalInterface
    public interface Progress {
        /** @throws CancellationException to end the run; what is done stays */
        void at(int done, int total);
    }

    private static final String LOG = "predictions.jsonl";

    private final EvaluationPlan plan;
    private final GroundTruth truth;
    private final ImageLocalizer localizer;

    public Evaluator(EvaluationPlan plan, GroundTruth truth, ImageLocalizer localizer) {
        this.plan = plan;
        this.truth = truth;
        this.localizer = localizer;
    }

    /**
     * The files to score by image index, in its order.
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
     * @param files those of the image; not one alone is a reason not to use it
     * @return a line for {@link #keep}
     * @throws InferenceRefusedException if this process cannot run the model any more
     */
    public String localize(String image, List<Path> files) {
        return PredictionLog.JSON.writeValueAsString(predict(image, files));
    }

    /** Whether what was found under another key is of the same run, but for the file of the model that found it. */
    public boolean differsInVariantAlone(String other) {
        return PredictionLog.withoutVariant(other).equals(PredictionLog.withoutVariant(key()));
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
            out.write(key() + "\n");
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
     * Localizes what was not localized yet.
     *
     * @param earlier what becomes of predictions that lie in the plan's directory
     * @return the predictions of all images, by image index
     * @throws EvaluationRefusedException if there is no image, a calibrated policy would be scored on a patient that it was
     *     chosen on, or predictions lie there that cannot be continued
     */
    public List<ImagePrediction> run(EarlierPredictions earlier, Progress progress) throws IOException {
        return run(images(), earlier, progress);
    }

    /**
     * Localizes what was not localized yet, as {@link #run(EarlierPredictions, Progress)} does.
     *
     * @param images the files to score by image index
     */
    List<ImagePrediction> run(Map<String, List<Path>> images, EarlierPredictions earlier, Progress progress)
            throws IOException {
        Files.createDirectories(plan.out());
        try (PredictionLog log = PredictionLog.open(plan.out().resolve(LOG), key(), earlier)) {
            Set<String> done = new HashSet<>();
            log.predictions().forEach(prediction -> done.add(prediction.image()));
            progress.at(done.size(), images.size());
            localizeAll(images, done, log, progress);
            Map<String, ImagePrediction> sorted = new TreeMap<>();
            log.predictions().forEach(prediction -> sorted.put(prediction.image(), prediction));
            sorted.keySet().retainAll(images.keySet());
            return List.copyOf(sorted.values());
        }
    }

    private void localizeAll(Map<String, List<Path>> images, Set<String> done, PredictionLog log, Progress progress)
            throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(plan.threads());
        try {
            List<Future<?>> running = new ArrayList<>();
            images.forEach((image, files) -> {
                if (!done.contains(image)) {
                    running.add(threads.submit(() -> {
                        log.add(predict(image, files));
                        return null;
                    }));
                }
            });
            int finished = done.size();
            for (Future<?> one : running) {
                one.get();
                progress.at(++finished, images.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the run was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InferenceRefusedException refused) {
                throw refused;
            }
            throw new IOException("the predictions cannot be written", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private ImagePrediction predict(String image, List<Path> files) {
        String sha256 = null;
        try {
            byte[] bytes = imageFiles().read(files);
            sha256 = DigestUtils.sha256Hex(bytes);
            List<TruthBox> boxes = truth.of(image).orElse(List.of());
            List<Localization> localizations = localizer.localize(bytes, plan.systems());
            ImageFrame frame = localizations.get(0).frame();
            int side = ChestXray14.IMAGE_SIDE;
            if (!boxes.isEmpty() && (frame.imageWidth() != side || frame.imageHeight() != side)) {
                throw new EvaluationRefusedException("it has %d × %d pixels and its true boxes are of %d × %d"
                        .formatted(frame.imageWidth(), frame.imageHeight(), side, side));
            }
            return ImagePrediction.of(
                    image,
                    sha256,
                    plan.systems(),
                    localizations,
                    boxes.stream().map(TruthBox::label).toList());
        } catch (CancellationException | InferenceRefusedException e) {
            throw e; // says nothing of the image
        } catch (IOException | RuntimeException e) {
            return ImagePrediction.failed(image, sha256, String.valueOf(e.getMessage()));
        }
    }

    /** How the files of this evaluation are read. */
    ImageFiles imageFiles() {
        return new ImageFiles(plan.roots(), localizer.maxBytes());
    }

    /** What the predictions depend on, a JSON object; images are told apart by their names and hashes. */
    public String key() {
        Map<String, Object> parts = new TreeMap<>(Map.of("format", 1, "systems", plan.systems()));
        parts.put("model", plan.model().sha256());
        parts.put("boxes", plan.inputs().getOrDefault("boxes", ""));
        if (!plan.model().variant().sha256().equals(plan.model().sha256())) {
            parts.put(PredictionLog.VARIANT, plan.model().variant().sha256());
        }
        return PredictionLog.JSON.writeValueAsString(parts);
    }
}
