// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A figure of how the images rank by probability: by label, and over all pairs of image and label for the micro value.
 *
 * @param curves of each label, and the last of all together; the same for all figures of a set
 */
record RankingMetric(
        String name, ScoreSet set, Draw.Shared<List<ScoreCurve>> curves, ToDoubleFunction<ScoreCurve> reading)
        implements Metric {

    /** AUC and average precision. */
    static List<Metric> metrics(ScoreSet set) {
        List<RankedScores> ranked = set.ranked();
        int labels = set.labels().size();
        Draw.Shared<List<ScoreCurve>> curves = draw -> {
            double images = set.images(draw);
            return IntStream.rangeClosed(0, labels)
                    .mapToObj(label -> ranked.get(label).curve(draw, label == labels ? images * labels : images))
                    .toList();
        };
        return List.of(
                new RankingMetric(Figure.AUC.title(), set, curves, ScoreCurve::auc),
                new RankingMetric(Figure.AUPRC.title(), set, curves, ScoreCurve::averagePrecision));
    }

    @Override
    public double[] of(Draw draw) {
        List<ScoreCurve> read = draw.get(curves);
        return Metric.ofEach(set.labels().size(), label -> reading.applyAsDouble(read.get(label)));
    }
}
