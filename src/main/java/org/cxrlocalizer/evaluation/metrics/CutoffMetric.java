// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A share of the images with a label, or of those without, that fall on one side of its cut-off.
 *
 * @param counts of each label, and the last of all together; the same for all figures of a set
 */
record CutoffMetric(String name, ScoreSet set, Draw.Shared<List<Counts>> counts, ToDoubleFunction<Counts> share)
        implements Metric {

    /** The weighted counts of a draw; those of a label without a cut-off are 0. */
    record Counts(double truePositives, double positives, double trueNegatives, double negatives) {

        private static final Counts NONE = new Counts(0, 0, 0, 0);

        private Counts plus(Counts other) {
            return new Counts(
                    truePositives + other.truePositives,
                    positives + other.positives,
                    trueNegatives + other.trueNegatives,
                    negatives + other.negatives);
        }
    }

    /**
     * The patients of the images of a label, each as often as it has one.
     *
     * @param found with the label, and at its cut-off or above
     * @param missed with the label, and below
     * @param wrong without the label, and at its cut-off or above
     */
    private record Divided(int[] found, int[] missed, int[] wrong) {

        static Divided of(ScoreSet set, int label, double cutoff) {
            return new Divided(
                    patients(set, label, true, cutoff, true),
                    patients(set, label, true, cutoff, false),
                    patients(set, label, false, cutoff, true));
        }

        private static int[] patients(ScoreSet set, int label, boolean positive, double cutoff, boolean reaches) {
            return IntStream.range(0, set.imageCount())
                    .filter(image -> set.positive(image, label) == positive
                            && set.probability(image, label) >= cutoff == reaches)
                    .map(set::patientOf)
                    .toArray();
        }

        Counts counts(Draw draw, double images) {
            double truePositives = draw.weight(found);
            double positives = truePositives + draw.weight(missed);
            double negatives = images - positives;
            return new Counts(truePositives, positives, negatives - draw.weight(wrong), negatives);
        }
    }

    /**
     * Sensitivity, specificity and false-negative rate: of the images with the label, those that reach its cut-off; of those without it,
     * those that do not; of those with it, those that do not.
     *
     * @param cutoffs by label; a label without one has no value and does not count
     */
    static List<Metric> metrics(ScoreSet set, Map<String, Double> cutoffs) {
        List<@Nullable Divided> divided = new ArrayList<>();
        for (int label = 0; label < set.labels().size(); label++) {
            Double cutoff = cutoffs.get(set.labels().get(label));
            divided.add(cutoff == null ? null : Divided.of(set, label, cutoff));
        }
        Draw.Shared<List<Counts>> counts = draw -> {
            double images = set.images(draw);
            List<Counts> counted = new ArrayList<>();
            Counts all = Counts.NONE;
            for (Divided label : divided) {
                counted.add(label == null ? Counts.NONE : label.counts(draw, images));
                all = all.plus(counted.get(counted.size() - 1));
            }
            counted.add(all);
            return counted;
        };
        return List.of(
                new CutoffMetric(
                        Figure.SENSITIVITY.title(), set, counts, label -> label.truePositives / label.positives),
                new CutoffMetric(
                        Figure.SPECIFICITY.title(), set, counts, label -> label.trueNegatives / label.negatives),
                new CutoffMetric(
                        Figure.FALSE_NEGATIVE_RATE.title(),
                        set,
                        counts,
                        label -> (label.positives - label.truePositives) / label.positives));
    }

    @Override
    public double[] of(Draw draw) {
        List<Counts> counted = draw.get(counts);
        return Metric.ofEach(set.labels().size(), label -> share.applyAsDouble(counted.get(label)));
    }
}
