// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * dAP: how much AP rises once all errors of one type are fixed (TIDE; Bolya et al., ECCV 2020). A fix makes boxes correct or
 * removes them as in {@link BoxErrors}, and takes missed true boxes off the count of true boxes. False positives are fixed by a
 * score below that of every correct box, which makes AP the recall; false negatives by counting no true box but the taken ones.
 *
 * <p>Errors do not depend on the draw of a bootstrap: all of an image belong to one patient. AP is that of {@link CorrectBoxes},
 * in [0, 1], and 0 where a fix leaves no true box.
 */
final class ErrorTypes {

    private final TruthSet set;
    private final RankedBoxes ranked;
    private final BoxErrors errors;

    /** As found, and once the errors of a type are fixed: of each label, and the last of all together. */
    private final List<CorrectBoxes> asFound = new ArrayList<>();

    private final Map<ErrorType, List<CorrectBoxes>> fixed = new EnumMap<>(ErrorType.class);

    private final Draw.Shared<Counts> counts = this::count;

    /**
     * What the gains of a draw have in common, of each label, and the last of all together.
     *
     * @param taken true boxes that a box took
     * @param missed true boxes that are missed
     * @param precision AP as found
     */
    private record Counts(double[] truths, double[] taken, double[] missed, double[] precision) {}

    private ErrorTypes(TruthSet set, Detections detections, RankedBoxes ranked, double foreground, double background) {
        this.set = set;
        this.ranked = ranked;
        errors = BoxErrors.of(set, detections, ranked.boxes(), foreground, background);
        int labels = set.labels().size();
        IntStream.rangeClosed(0, labels).forEach(label -> asFound.add(asFound(label)));
        for (ErrorType type : ErrorType.values()) {
            if (type.compareTo(ErrorType.MISSED) < 0) {
                fixed.put(
                        type,
                        IntStream.rangeClosed(0, labels)
                                .mapToObj(label -> fixed(type, label))
                                .toList());
            }
        }
    }

    /**
     * The dAP of each type of error.
     *
     * @param foreground IoU above which a box is correct
     * @param background IoU up to which a box lies on nothing, above 0
     */
    static List<Metric> metrics(TruthSet set, Detections detections, double foreground, double background) {
        return metrics(set, detections, RankedBoxes.of(set, detections), foreground, background);
    }

    /** @param ranked the same detections */
    static List<Metric> metrics(
            TruthSet set, Detections detections, RankedBoxes ranked, double foreground, double background) {
        ErrorTypes types = new ErrorTypes(set, detections, ranked, foreground, background);
        return Stream.of(ErrorType.values())
                .<Metric>map(type -> types.new Gain(type, type.figure().at(WangProtocol.Overlap.IOU, foreground)))
                .toList();
    }

    private CorrectBoxes asFound(int label) {
        return new CorrectBoxes(
                ranked.only(box -> errors.type(box) == null && isFoundAs(label, box)),
                ranked,
                label,
                SteppedBoxes.NONE,
                SteppedBoxes.NONE);
    }

    private CorrectBoxes fixed(ErrorType type, int label) {
        IntPredicate counts =
                box -> errors.type(box) == type ? isOf(label, errors.fixedLabel(box)) : isFoundAs(label, box);
        SteppedBoxes correct =
                ranked.only(box -> (errors.type(box) == null || errors.type(box) == type) && counts.test(box));
        // Nearly all boxes may lie on nothing: the few others are counted one by one, and not these taken off all.
        return type == ErrorType.BACKGROUND
                ? new CorrectBoxes(correct, null, label, ranked.only(counts), SteppedBoxes.NONE)
                : new CorrectBoxes(
                        correct,
                        ranked,
                        label,
                        ranked.only(box -> counts.test(box) && !isFoundAs(label, box)),
                        ranked.only(box -> !counts.test(box) && isFoundAs(label, box)));
    }

    private boolean isFoundAs(int label, int box) {
        return isOf(label, ranked.boxes().labels()[box]);
    }

    /** @param label all together at the number of labels */
    private boolean isOf(int label, int labelOfBox) {
        return labelOfBox >= 0 && (label == set.labels().size() || label == labelOfBox);
    }

    private Counts count(Draw draw) {
        int labels = set.labels().size();
        double[] truths = set.counts(draw).truths();
        double[] taken = new double[labels + 1];
        double[] missed = new double[labels + 1];
        for (int i = 0; i < set.truths().size(); i++) {
            TruthSet.Truth truth = set.truths().get(i);
            int weight = draw.weights()[truth.patient()];
            for (int label : new int[] {truth.label(), labels}) {
                taken[label] += errors.isTaken(i) ? weight : 0;
                missed[label] += errors.isMissed(i) ? weight : 0;
            }
        }
        double[] precision = new double[labels + 1];
        for (int label = 0; label <= labels; label++) {
            precision[label] = averagePrecision(asFound.get(label), draw, truths[label]);
        }
        return new Counts(truths, taken, missed, precision);
    }

    private static double averagePrecision(CorrectBoxes correct, Draw draw, double truths) {
        return truths == 0 ? 0 : correct.averagePrecision(draw, truths);
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
        public double[] of(Draw draw) {
            Counts counted = draw.get(counts);
            return Metric.ofEach(
                    set.labels().size(),
                    label -> counted.truths[label] == 0
                            ? Double.NaN
                            : fixed(draw, counted, label) - counted.precision[label]);
        }

        private double fixed(Draw draw, Counts counted, int label) {
            double truths = counted.truths[label];
            CorrectBoxes found = asFound.get(label);
            List<CorrectBoxes> fix = fixed.get(type);
            return switch (type) {
                case FALSE_POSITIVE -> counted.taken[label] / truths;
                case FALSE_NEGATIVE -> averagePrecision(found, draw, counted.taken[label]);
                case MISSED -> averagePrecision(found, draw, truths - counted.missed[label]);
                default -> averagePrecision(fix == null ? found : fix.get(label), draw, truths);
            };
        }
    }
}
