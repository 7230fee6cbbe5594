// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.BitSet;
import java.util.Comparator;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What has a score, highest first, in plain arrays: the whole dataset has millions of boxes and of pairs of image and label,
 * and a bootstrap reads them a thousand times.
 *
 * @param numbers of what is ranked
 * @param patients whose it is
 * @param lastOfScore ranks before the next lower score: what has one score has no order, and makes one point of a curve
 */
record Ranking(int[] numbers, int[] patients, BitSet lastOfScore) {

    static Ranking of(IntStream wanted, IntToDoubleFunction score, IntUnaryOperator patient) {
        int[] numbers = wanted.boxed()
                .sorted(Comparator.comparingDouble(score::applyAsDouble).reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        BitSet last = new BitSet(numbers.length);
        for (int rank = 0; rank < numbers.length; rank++) {
            last.set(
                    rank,
                    rank + 1 == numbers.length
                            || score.applyAsDouble(numbers[rank + 1]) != score.applyAsDouble(numbers[rank]));
        }
        return new Ranking(numbers, IntStream.of(numbers).map(patient).toArray(), last);
    }

    /** The ranks of those that are wanted. */
    BitSet ranksOf(IntPredicate wanted) {
        BitSet ranks = new BitSet(numbers.length);
        for (int rank = 0; rank < numbers.length; rank++) {
            ranks.set(rank, wanted.test(numbers[rank]));
        }
        return ranks;
    }
}
