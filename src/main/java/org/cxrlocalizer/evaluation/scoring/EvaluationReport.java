// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.dataset.LineProblem;
import org.cxrlocalizer.evaluation.metrics.Estimate;
import org.cxrlocalizer.evaluation.metrics.FigureTable;
import org.cxrlocalizer.evaluation.metrics.ReliabilityBin;
import org.jspecify.annotations.Nullable;

/**
 * All figures of an evaluation. The same predictions, files and seed give the same report to the bit, so that it holds no
 * time of day.
 *
 * @param localization of each system, ungated (all boxes) and gated (boxes of labels that reach their cut-off)
 * @param baselines what a localizer must beat, and the ceiling of its grid
 * @param differences of the first system to each baseline and other system, paired
 * @param classification of each label; empty without a data entry file
 * @param subgroups of the first system, ungated, and of the probabilities
 * @param problems lines of the dataset files that were left out
 * @param compressed names of the files beside the report that are compressed, because they are large; absent in JSON if none is
 */
public record EvaluationReport(
        EvaluationManifest manifest,
        Images images,
        List<FigureTable> localization,
        List<FigureTable> baselines,
        List<FigureTable> differences,
        List<LabelClassification> classification,
        List<FigureTable> classificationFigures,
        List<FigureTable> subgroups,
        List<LineProblem> problems,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> compressed) {

    /**
     * What was scored.
     *
     * @param unpredicted images in which no system has a box, each of whose true boxes is a miss
     * @param failed images that could not be used, with the reason
     */
    public record Images(
            int scored, int patients, int withBoxes, int boxes, int unpredicted, Map<String, String> failed) {}

    /**
     * One label as its cut-off decides.
     *
     * @param auc with DeLong's interval
     * @param cutoff null where the model has none; then sensitivity and specificity are null too
     * @param roc points (1 − specificity, sensitivity); of many images, one for each 0.02 % more that are found
     * @param reliability by bins of the probability
     * @param netBenefit points (probability from which an image is positive, net benefit)
     */
    public record LabelClassification(
            String label,
            int positives,
            int images,
            Estimate auc,
            @Nullable Double cutoff,
            @Nullable Estimate sensitivity,
            @Nullable Estimate specificity,
            List<double[]> roc,
            List<ReliabilityBin> reliability,
            List<double[]> netBenefit) {}
}
