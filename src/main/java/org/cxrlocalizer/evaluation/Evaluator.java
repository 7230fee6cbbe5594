package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.dataset.TruthBox;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.BoxPolicy;
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

    private final EvaluationPlan plan;
    private final GroundTruth truth;
    private final ImageLocalizer localizer;

    public Evaluator(EvaluationPlan plan, GroundTruth truth, ImageLocalizer localizer) {
        this.plan = plan;
        this.truth = truth;
        this.localizer = localizer;
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
        Map<String, List<Path>> images = images();
        Files.createDirectories(plan.out());
        try (PredictionLog log = PredictionLog.open(plan.out().resolve("predictions.jsonl"), key(), earlier)) {
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
            throw new IOException("the predictions cannot be written", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private ImagePrediction predict(String image, List<Path> files) {
        String sha256 = null;
        try {
            if (files.size() > 1) {
                throw new EvaluationRefusedException("there are %d files of this name".formatted(files.size()));
            }
            sha256 = Sha256.of(files.get(0));
            List<TruthBox> boxes = truth.of(image).orElse(List.of());
            List<Localization> localizations = localizer.localize(files.get(0), plan.systems());
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
        } catch (CancellationException e) {
            throw e; // says nothing of the image
        } catch (IOException | RuntimeException e) {
            return ImagePrediction.failed(image, sha256, String.valueOf(e.getMessage()));
        }
    }

    /** The files to score by image index, in its order; the released names end in .png, whatever a copy's format is. */
    private Map<String, List<Path>> images() throws IOException {
        Map<String, List<Path>> images = new TreeMap<>();
        try (Stream<Path> files = Files.walk(plan.images())) {
            files.filter(Files::isRegularFile).forEach(file -> {
                String name = file.getFileName().toString();
                int dot = name.lastIndexOf('.');
                String ending = name.substring(dot + 1).toLowerCase(Locale.ROOT);
                if (dot > 0 && Set.of("png", "jpg", "jpeg").contains(ending)) {
                    images.computeIfAbsent(name.substring(0, dot) + ".png", index -> new ArrayList<>())
                            .add(file);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (!plan.onlyImages().isEmpty()) {
            images.keySet().retainAll(plan.onlyImages());
        }
        leaveOutCalibration(images);
        if (images.isEmpty()) {
            throw new EvaluationRefusedException("%s has no PNG or JPEG image to score".formatted(plan.images()));
        }
        return images;
    }

    /** A policy that was chosen on a patient must not be scored on that patient. */
    private void leaveOutCalibration(Map<String, List<Path>> images) {
        List<String> seen = images.keySet().stream()
                .filter(image -> plan.calibrationPatients().contains(ChestXray14.patientOf(image)))
                .toList();
        if (plan.leaveOutCalibration()) {
            images.keySet().removeAll(seen);
        } else if (!seen.isEmpty()
                && plan.systems().stream().anyMatch(system -> system.policy() instanceof BoxPolicy.Calibrated)) {
            throw new EvaluationRefusedException(
                    "The calibrated policy was chosen on the patients of %d of these images, as %s. --leave-out-calibration scores the others; --policy takes another policy."
                            .formatted(seen.size(), seen.get(0)));
        }
    }

    /** What the predictions depend on; images are told apart by their names and hashes. */
    private String key() {
        Map<String, Object> parts = new TreeMap<>(Map.of("format", 1, "systems", plan.systems()));
        parts.put("model", plan.model().sha256());
        parts.put("boxes", plan.inputs().getOrDefault("boxes", ""));
        if (!plan.model().variant().sha256().equals(plan.model().sha256())) {
            parts.put(PredictionLog.VARIANT, plan.model().variant().sha256());
        }
        return PredictionLog.JSON.writeValueAsString(parts);
    }
}
