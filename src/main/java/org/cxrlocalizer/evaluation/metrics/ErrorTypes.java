// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * dAP: how much AP rises once all errors of one type are fixed (TIDE; Bolya et al., ECCV 2020). A fix makes boxes correct or
 * removes them as in {@link BoxErrors}, and takes missed true boxes off the count of true boxes. False positives are fixed by a
 * score below that of every correct box, which makes AP the recall; false negatives by counting no true box but the taken ones.
 *
 * <p>Errors do not depend on the draw of a bootstrap: all of an image belong to one patient. AP is that of {@link RankedMetric},
 * in [0, 1], and 0 where a fix leaves no true box.
 */
final class ErrorTypes {

    /** The boxes of a label, and those that a fix moves to it. */
    private record Ranked(Ranking ranking, Counted asFound, Map<ErrorType, Counted> fixed) {}

    /** Boxes by rank: which are correct, and which do not count. */
    private record Counted(BitSet correct, BitSet absent) {

        double averagePrecision(Ranking ranking, int[] weights, double truths) {
            return truths == 0 ? 0 : RankedMetric.averagePrecision(ranking, correct, absent, weights, truths);
        }
    }

    private final TruthSet set;
    private final List<Ranked> ranked = new ArrayList<>();

    /** The true boxes that a box took, by their place in the set; also those that are missed. */
    private final BitSet taken = new BitSet();

    private final BitSet missed = new BitSet();

    private ErrorTypes(TruthSet set, Detections detections, double foreground, double background) {
        this.set = set;
        ListedBoxes boxes = ListedBoxes.of(set, detections);
        BoxErrors errors = BoxErrors.of(set, detections, boxes, foreground, background);
        for (int label = 0; label <= set.labels().size(); label++) {
            ranked.add(ranked(label, boxes, errors));
        }
        for (int truth = 0; truth < set.truths().size(); truth++) {
            taken.set(truth, errors.isTaken(truth));
            missed.set(truth, errors.isMissed(truth));
        }
    }

    /**
     * The dAP of each type of error.
     *
     * @param foreground IoU above which a box is correct
     * @param background IoU up to which a box lies on nothing
     */
    static List<Metric> metrics(TruthSet set, Detections detections, double foreground, double background) {
        ErrorTypes types = new ErrorTypes(set, detections, foreground, background);
        return Stream.of(ErrorType.values())
                .<Metric>map(type -> types.new Gain(type, type.figure().at(WangProtocol.Overlap.IOU, foreground)))
                .toList();
    }

    /** @param label all together at the number of labels */
    private Ranked ranked(int label, ListedBoxes boxes, BoxErrors errors) {
        Ranking ranking = boxes.ranking(box -> isOf(label, boxes.labels()[box]) || isOf(label, errors.fixedLabel(box)));
        Map<ErrorType, Counted> fixed = new EnumMap<>(ErrorType.class);
        for (ErrorType type : ErrorType.values()) {
            if (type.compareTo(ErrorType.MISSED) < 0) {
                fixed.put(
                        type,
                        new Counted(
                                ranking.ranksOf(box -> errors.type(box) == type
                                        ? isOf(label, errors.fixedLabel(box))
                                        : errors.type(box) == null),
                                ranking.ranksOf(box -> errors.type(box) == type
                                        ? !isOf(label, errors.fixedLabel(box))
                                        : !isOf(label, boxes.labels()[box]))));
            }
        }
        return new Ranked(
                ranking,
                new Counted(
                        ranking.ranksOf(box -> errors.type(box) == null),
                        ranking.ranksOf(box -> !isOf(label, boxes.labels()[box]))),
                fixed);
    }

    private boolean isOf(int label, int labelOfBox) {
        return labelOfBox >= 0 && (label == set.labels().size() || label == labelOfBox);
    }

    private final class Gain implements Metric {

        private final ErrorType type;
        private final String name;

        Gain(ErrorType type, String name) {
            this.type = type;
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public double[] of(int[] weights) {
            int labels = set.labels().size();
            double[] truths = new double[labels + 1];
            double[] found = new double[labels + 1];
            double[] lost = new double[labels + 1];
            for (int i = 0; i < set.truths().size(); i++) {
                TruthSet.Truth truth = set.truths().get(i);
                for (int label : new int[] {truth.label(), labels}) {
                    int weight = weights[truth.patient()];
                    truths[label] += weight;
                    found[label] += taken.get(i) ? weight : 0;
                    lost[label] += missed.get(i) ? weight : 0;
                }
            }
            return Metric.ofEach(
                    labels,
                    label -> truths[label] == 0
                            ? Double.NaN
                            : gain(ranked.get(label), weights, truths[label], found[label], lost[label]));
        }

        private double gain(Ranked of, int[] weights, double truths, double found, double lost) {
            Counted counted = of.fixed.getOrDefault(type, of.asFound);
            double fixed =
                    switch (type) {
                        case FALSE_POSITIVE -> found / truths;
                        case FALSE_NEGATIVE -> counted.averagePrecision(of.ranking, weights, found);
                        case MISSED -> counted.averagePrecision(of.ranking, weights, truths - lost);
                        default -> counted.averagePrecision(of.ranking, weights, truths);
                    };
            return fixed - of.asFound.averagePrecision(of.ranking, weights, truths);
        }
    }
}
