// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Scores of positives and negatives, ranked once, so that a draw sorts nothing: it walks the distinct scores of the positives from the
 * highest. Negatives below the lowest of them are not kept, because curves are read at positives alone.
 *
 * @param positives patients of the positives, by descending score
 * @param positivesEnd for each distinct score of a positive, where its positives end
 * @param negatives patients of the negatives, by descending score
 * @param negativesEnd for each of the same scores, where the negatives of a higher score end, and then where those of that score end
 */
record RankedScores(int[] positives, int[] positivesEnd, int[] negatives, int[] negativesEnd) {

    /**
     * Ranks scores.
     *
     * @param scores not NaN
     * @param positive the places of the positives
     * @param patients by place, as the scores
     */
    static RankedScores of(double[] scores, BitSet positive, int[] patients) {
        double[] distinct = positive.stream()
                .mapToDouble(place -> 0.0 - scores[place])
                .sorted()
                .distinct()
                .toArray();
        int[] slots = new int[scores.length];
        for (int place = 0; place < slots.length; place++) {
            int found = Arrays.binarySearch(distinct, 0.0 - scores[place]);
            // Slot 2g + 1 is the score of number g, and slot 2g what lies just above it.
            slots[place] = found >= 0 ? 2 * found + 1 : -2 * (found + 1);
        }
        int count = 2 * distinct.length;
        Slotted positives = Slotted.of(slots, count, patients, positive::get);
        Slotted negatives = Slotted.of(slots, count, patients, place -> !positive.get(place));
        return new RankedScores(
                positives.patients(), everySecond(positives.ends()), negatives.patients(), negatives.ends());
    }

    private static int[] everySecond(int[] ends) {
        int[] some = new int[ends.length / 2];
        Arrays.setAll(some, i -> ends[2 * i + 1]);
        return some;
    }

    /**
     * Reads the curve of a draw. All sums but that of the precisions are of whole and half numbers, and so exact.
     *
     * @param all how much positives and negatives weigh together
     */
    ScoreCurve curve(Draw draw, double all) {
        long[] rights = draw.weights(positives, positivesEnd);
        long[] wrongs = draw.weights(negatives, negativesEnd);
        double inOrder = 0;
        double precisions = 0;
        double right = 0;
        double wrong = 0;
        for (int score = 0; score < rights.length; score++) {
            double above = wrongs[2 * score];
            double here = rights[score] - right;
            inOrder += (above - wrong) * right + (wrongs[2 * score + 1] - above) * (right + here / 2);
            right = rights[score];
            wrong = wrongs[2 * score + 1];
            precisions += right + wrong == 0 ? 0 : here * right / (right + wrong);
        }
        double below = all - right - wrong;
        inOrder += below * right;
        return new ScoreCurve(inOrder / right / (wrong + below), precisions / right);
    }
}
