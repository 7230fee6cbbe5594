// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.cxrlocalizer.evaluation.scoring.BoxSystem;
import org.cxrlocalizer.evaluation.scoring.EvaluationManifest;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;

/**
 * What an evaluation does.
 *
 * @param images directory whose PNG, JPEG and DICOM files are scored, its subdirectories included
 * @param roots directories that files must lie in, whatever links lead there; empty for anywhere
 * @param out directory that everything is written to
 * @param model the model's identity, as reports state it
 * @param inputs SHA-256 of each file that the figures depend on, by what it is, as {@code boxes}
 * @param systems at least one; the first is the one that the others and the baselines are compared with
 * @param onlyImages image indices to score; empty for all
 * @param calibrationPatients patients that the calibrated policies and methods were fitted on
 * @param options that the systems were chosen by
 * @param threads how many images are worked on at a time
 */
public record EvaluationPlan(
        Path images,
        List<Path> roots,
        Path out,
        EvaluationManifest.Model model,
        Map<String, String> inputs,
        List<BoxSystem> systems,
        Set<String> onlyImages,
        Set<String> calibrationPatients,
        EvaluationOptions options,
        int threads) {

    /**
     * Returns the plan of an evaluation of a model.
     *
     * @param files with the truth, and the images if not all are scored
     * @param systems of the model; those that the options choose, or those of a report that is replayed
     */
    public static EvaluationPlan of(
            EvaluatedModel model,
            DatasetFiles files,
            Path images,
            List<Path> roots,
            Path out,
            List<BoxSystem> systems,
            EvaluationOptions options,
            int threads) {
        return new EvaluationPlan(
                images,
                roots,
                out,
                model.identity(),
                files.sha256(),
                systems,
                files.onlyImages(),
                model.calibrationPatients(),
                options,
                threads);
    }

    public EvaluationPlan {
        inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
        roots = List.copyOf(roots);
        systems = List.copyOf(systems);
        onlyImages = Set.copyOf(onlyImages);
        calibrationPatients = Set.copyOf(calibrationPatients);
        if (systems.isEmpty()) {
            throw new IllegalArgumentException("an evaluation needs a system");
        }
    }

    /**
     * Returns what the figures of these predictions depend on.
     *
     * @param version of this program
     */
    public EvaluationManifest manifest(String version, List<ImagePrediction> predictions) {
        return new EvaluationManifest(
                1,
                version,
                model,
                inputs,
                EvaluationManifest.imagesSha256(predictions),
                systems,
                options.leaveOutCalibration(),
                options.operatingPoint(),
                options.bootstrap().seed(),
                options.bootstrap().draws());
    }
}
