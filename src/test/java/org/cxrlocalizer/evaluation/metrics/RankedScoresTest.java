// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The walk along the scores against sums over all pairs and thresholds, to the bit, on data with ties. */
class RankedScoresTest {

    private static final int PATIENTS = 12;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aCurveIsThatOfTheDefinition(long seed) {
        Random random = new Random(seed);
        int images = 5 + random.nextInt(60);
        double[] scores =
                random.doubles(images).map(score -> Math.floor(score * 12) / 12).toArray();
        scores[0] = -0.0;
        scores[1] = 0.0;
        BitSet positive = new BitSet();
        IntStream.range(0, images).filter(i -> random.nextInt(3) == 0).forEach(positive::set);
        int[] patients = random.ints(images, 0, PATIENTS).toArray();
        int[] weights = random.ints(PATIENTS, 0, 4).toArray();
        double all = IntStream.of(patients).map(patient -> weights[patient]).sum();

        ScoreCurve curve = RankedScores.of(scores, positive, patients).curve(new Draw(weights), all);

        assertThat(curve).isEqualTo(slow(scores, positive, patients, weights));
    }

    private static ScoreCurve slow(double[] scores, BitSet positive, int[] patients, int[] weights) {
        double inOrder = 0;
        double positives = 0;
        double negatives = 0;
        TreeSet<Double> thresholds = new TreeSet<>();
        for (int i = 0; i < scores.length; i++) {
            thresholds.add(0.0 + scores[i]);
            positives += positive.get(i) ? weights[patients[i]] : 0;
            negatives += positive.get(i) ? 0 : weights[patients[i]];
            for (int j = 0; j < scores.length; j++) {
                if (positive.get(i) && !positive.get(j)) {
                    inOrder += weights[patients[i]]
                            * weights[patients[j]]
                            * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0);
                }
            }
        }
        BitSet everything = new BitSet();
        everything.set(0, scores.length);
        double precisions = 0;
        for (double threshold : thresholds.descendingSet()) {
            double right = weight(scores, threshold, positive, patients, weights, false);
            double found = weight(scores, threshold, everything, patients, weights, false);
            double here = weight(scores, threshold, positive, patients, weights, true);
            precisions += here == 0 ? 0 : here * right / found;
        }
        return new ScoreCurve(inOrder / positives / negatives, precisions / positives);
    }

    private static double weight(
            double[] scores, double threshold, BitSet of, int[] patients, int[] weights, boolean exactly) {
        return IntStream.range(0, scores.length)
                .filter(i -> exactly ? scores[i] == threshold : scores[i] >= threshold)
                .filter(of::get)
                .map(i -> weights[patients[i]])
                .sum();
    }

    @Test
    void withoutPositivesOrNegativesThereIsNoCurve() {
        int[] patients = {0, 0};
        BitSet both = new BitSet();
        both.set(0, 2);

        ScoreCurve without =
                RankedScores.of(new double[] {0.1, 0.2}, new BitSet(), patients).curve(new Draw(new int[] {1}), 2);
        ScoreCurve only =
                RankedScores.of(new double[] {0.1, 0.2}, both, patients).curve(new Draw(new int[] {1}), 2);

        assertThat(without).isEqualTo(new ScoreCurve(Double.NaN, Double.NaN));
        assertThat(only).isEqualTo(new ScoreCurve(Double.NaN, 1));
    }

    @Test
    void negativesBelowTheLowestPositiveAreNotKept() {
        BitSet positive = new BitSet();
        positive.set(1);

        RankedScores ranked =
                RankedScores.of(new double[] {0.9, 0.5, 0.4, 0.3, 0.5}, positive, new int[] {0, 1, 2, 3, 4});

        assertThat(ranked.negatives()).containsExactly(0, 4);
        assertThat(ranked.curve(new Draw(new int[] {1, 1, 1, 1, 1}), 5)).isEqualTo(new ScoreCurve(0.625, 1 / 3.0));
    }
}
