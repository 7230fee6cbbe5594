package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.localization.BoxPolicy;

/** Which image files a plan scores. */
final class ScoredImages {

    private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg");

    private ScoredImages() {}

    /**
     * The files by image index, in its order; the released names end in .png, whatever a copy's format is.
     *
     * @throws EvaluationRefusedException if there is none, or a calibrated policy would be scored on a patient that it was
     *     chosen on
     */
    static Map<String, List<Path>> of(EvaluationPlan plan) throws IOException {
        Map<String, List<Path>> images = new TreeMap<>();
        try (Stream<Path> files = Files.walk(plan.images())) {
            files.filter(Files::isRegularFile).forEach(file -> {
                String name = file.getFileName().toString();
                int dot = name.lastIndexOf('.');
                if (dot > 0 && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT))) {
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
        leaveOutCalibration(images, plan);
        if (images.isEmpty()) {
            throw new EvaluationRefusedException("%s has no PNG or JPEG image to score".formatted(plan.images()));
        }
        return images;
    }

    private static void leaveOutCalibration(Map<String, List<Path>> images, EvaluationPlan plan) {
        List<String> seen = images.keySet().stream()
                .filter(image -> plan.calibrationPatients().contains(ChestXray14.patientOf(image)))
                .toList();
        if (plan.options().leaveOutCalibration()) {
            images.keySet().removeAll(seen);
        } else if (!seen.isEmpty()
                && plan.systems().stream().anyMatch(system -> system.policy() instanceof BoxPolicy.Calibrated)) {
            throw new EvaluationRefusedException(
                    "The calibrated policy was chosen on the patients of %d of these images, as %s. --leave-out-calibration scores the others; --policy takes another policy."
                            .formatted(seen.size(), seen.get(0)));
        }
    }
}
