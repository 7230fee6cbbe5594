// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.evaluation.scoring.BoxSystem;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.localization.BoxPolicy;

/**
 * Which image files a plan scores.
 *
 * @param files by image index, in its order
 * @param leftOut a line for each reason why files of the directory, or images of the split, are not scored
 */
public record ScoredImages(Map<String, List<Path>> files, List<String> leftOut) {

    public ScoredImages {
        files = Collections.unmodifiableMap(new TreeMap<>(files));
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Finds the files. Linked directories are followed where a plan allows files to lie anywhere.
     *
     * @throws EvaluationRefusedException if there is none, or a calibrated policy or method would be scored on a patient that it
     *     was fitted on
     */
    static ScoredImages find(EvaluationPlan plan) throws IOException {
        LeftOut leftOut = new LeftOut();
        Map<String, List<Path>> images =
                ImageFolder.files(plan.images(), plan.roots().isEmpty(), leftOut);
        takeSplit(images, plan.onlyImages(), leftOut);
        leaveOutCalibration(images, plan, leftOut);
        if (images.isEmpty()) {
            throw new EvaluationRefusedException("%s has no PNG, JPEG or DICOM image to score%s%s"
                    .formatted(
                            plan.images(), leftOut.lines().isEmpty() ? "" : "; ", String.join("; ", leftOut.lines())));
        }
        return new ScoredImages(images, leftOut.lines());
    }

    private static void takeSplit(Map<String, List<Path>> images, Set<String> onlyImages, LeftOut leftOut) {
        if (onlyImages.isEmpty()) {
            return;
        }
        images.keySet().stream()
                .filter(image -> !onlyImages.contains(image))
                .forEach(image -> leftOut.add("not in the split", image));
        new TreeSet<>(onlyImages)
                .stream()
                        .filter(image -> !images.containsKey(image))
                        .forEach(image -> leftOut.add("in the split, but without a file", image));
        images.keySet().retainAll(onlyImages);
    }

    private static void leaveOutCalibration(Map<String, List<Path>> images, EvaluationPlan plan, LeftOut leftOut) {
        List<String> seen = images.keySet().stream()
                .filter(image -> plan.calibrationPatients().contains(ChestXray14.patientOf(image)))
                .toList();
        if (plan.options().leaveOutCalibration()) {
            seen.forEach(image -> leftOut.add("of a patient that policies or methods were fitted on", image));
            images.keySet().removeAll(seen);
        } else if (!seen.isEmpty()
                && plan.systems().stream().anyMatch(system -> system.policy() instanceof BoxPolicy.Calibrated)) {
            throw new EvaluationRefusedException(
                    "The calibrated policy was chosen on the patients of %d of these images, as %s. --leave-out-calibration scores the others; --policy takes another policy."
                            .formatted(seen.size(), seen.get(0)));
        } else if (!seen.isEmpty()) {
            plan.systems().stream().filter(BoxSystem::fittedOnBoxes).findFirst().ifPresent(system -> {
                throw new EvaluationRefusedException(
                        "The method '%s' was fitted on boxes of the patients of %d of these images, as %s. --leave-out-calibration scores the others; --method takes another method."
                                .formatted(system.method(), seen.size(), seen.get(0)));
            });
        }
    }
}
