package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.cxrlocalizer.localization.ScoredBox;

/**
 * Every detected box of a set, by label and of all labels together, highest score first. In plain arrays, because the whole
 * dataset has millions of them and a bootstrap reads them a thousand times; they are the same at each threshold.
 */
final class RankedBoxes {

    /**
     * The boxes of a label.
     *
     * @param numbers of the boxes, in the order of images, labels and detections
     * @param lastOfScore boxes of one score have no order among themselves, so they make one point of a curve
     */
    record Ranking(int[] numbers, int[] patients, BitSet lastOfScore) {

        /** Which of these boxes, by rank, are among the given ones. */
        BitSet ranksOf(BitSet wanted) {
            BitSet ranks = new BitSet(numbers.length);
            for (int rank = 0; rank < numbers.length; rank++) {
                if (wanted.get(numbers[rank])) {
                    ranks.set(rank);
                }
            }
            return ranks;
        }
    }

    private final List<Ranking> rankings;

    private RankedBoxes(List<Ranking> rankings) {
        this.rankings = rankings;
    }

    /** One for each label of the set, and the last for all together. */
    List<Ranking> rankings() {
        return rankings;
    }

    static RankedBoxes of(TruthSet set, Detections detections) {
        int size = 0;
        for (int image = 0; image < set.images().size(); image++) {
            for (int label = 0; label < set.labels().size(); label++) {
                size += detections.of(image, label).size();
            }
        }
        int[] labels = new int[size];
        int[] patients = new int[size];
        double[] scores = new double[size];
        int number = 0;
        for (int image = 0; image < set.images().size(); image++) {
            for (int label = 0; label < set.labels().size(); label++) {
                for (ScoredBox found : detections.of(image, label)) {
                    labels[number] = label;
                    patients[number] = set.patientOf(image);
                    scores[number++] = found.score();
                }
            }
        }
        int[] order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(box -> scores[box]).reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        List<Ranking> rankings = new ArrayList<>();
        for (int label = 0; label < set.labels().size(); label++) {
            int wanted = label;
            rankings.add(ranking(
                    IntStream.of(order).filter(box -> labels[box] == wanted).toArray(), patients, scores));
        }
        rankings.add(ranking(order, patients, scores));
        return new RankedBoxes(rankings);
    }

    private static Ranking ranking(int[] numbers, int[] patients, double[] scores) {
        BitSet last = new BitSet(numbers.length);
        for (int rank = 0; rank < numbers.length; rank++) {
            last.set(rank, rank + 1 == numbers.length || scores[numbers[rank + 1]] != scores[numbers[rank]]);
        }
        return new Ranking(
                numbers, IntStream.of(numbers).map(box -> patients[box]).toArray(), last);
    }
}
