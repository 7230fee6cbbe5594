// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ScoredBox;
import org.jspecify.annotations.Nullable;

/**
 * The error of each box that takes no true box, and the true boxes that were missed, as TIDE defines them (Bolya et al., ECCV 2020).
 * With f the foreground and b the background threshold, the first of these that holds is the error of a box:
 *
 * <ul>
 *   <li>localization: its largest IoU with a true box of its label is from b to f;
 *   <li>classification: its largest IoU with a true box of another label is above f;
 *   <li>duplicate: its largest IoU with a true box of its label is above f, and that one is taken;
 *   <li>both: its largest IoU with any true box is above b;
 *   <li>background.
 * </ul>
 *
 * <p>Localization and classification errors point at a true box. Of those that point at a free one, the box with the highest score
 * is correct once its error is fixed. A free true box that none points at is missed.
 */
final class BoxErrors {

    private final TruthSet set;
    private final Detections detections;
    private final double foreground;
    private final double background;
    private final Matching matching;

    /** By number of the box; null for a correct box. */
    private final @Nullable ErrorType[] types;

    /** By number of the box: the label that it is correct under once its error is fixed; −1 if the fix removes it. */
    private final int[] fixedLabels;

    /** True boxes that a box points at. */
    private final BitSet claimed = new BitSet();

    private BoxErrors(TruthSet set, Detections detections, double foreground, double background, int boxes) {
        this.set = set;
        this.detections = detections;
        this.foreground = foreground;
        this.background = background;
        matching = Matching.of(set, detections, foreground);
        types = new ErrorType[boxes];
        fixedLabels = new int[boxes];
        int firstBox = 0;
        int firstTruth = 0;
        for (int image = 0; image < set.images().size(); image++) {
            int truths = set.boxes(image).size();
            if (truths == 0) {
                int pastBox = firstBox + size(image);
                Arrays.fill(types, firstBox, pastBox, ErrorType.BACKGROUND);
                Arrays.fill(fixedLabels, firstBox, pastBox, -1);
                firstBox = pastBox;
                continue;
            }
            List<Found> found = found(image, firstBox);
            found.stream()
                    .filter(box -> !matching.correct().get(box.number))
                    .sorted(Comparator.comparingDouble(Found::score).reversed())
                    .forEach(new Classifier(image, firstTruth)::classify);
            firstBox += found.size();
            firstTruth += truths;
        }
    }

    /** @param boxes of the same set and detections */
    static BoxErrors of(TruthSet set, Detections detections, ListedBoxes boxes, double foreground, double background) {
        return new BoxErrors(set, detections, foreground, background, boxes.scores().length);
    }

    /** Returns the error of a box; null if it is correct. */
    @Nullable
    ErrorType type(int box) {
        return types[box];
    }

    /** Returns the label that a wrong box is correct under once its error is fixed; −1 if the fix removes it. */
    int fixedLabel(int box) {
        return fixedLabels[box];
    }

    boolean isTaken(int truth) {
        return matching.iou()[truth] > 0;
    }

    boolean isMissed(int truth) {
        return !isTaken(truth) && !claimed.get(truth);
    }

    private int size(int image) {
        int size = 0;
        for (int label = 0; label < set.labels().size(); label++) {
            size += detections.of(image, label).size();
        }
        return size;
    }

    private record Found(int number, int label, Box box, double score) {}

    private List<Found> found(int image, int firstBox) {
        List<Found> found = new ArrayList<>();
        for (int label = 0; label < set.labels().size(); label++) {
            for (ScoredBox scored : detections.of(image, label)) {
                found.add(new Found(firstBox + found.size(), label, scored.box(), scored.score()));
            }
        }
        return found;
    }

    /** Classifies the wrong boxes of one image, highest score first. */
    private final class Classifier {

        private final int image;
        private final int firstTruth;

        Classifier(int image, int firstTruth) {
            this.image = image;
            this.firstTruth = firstTruth;
        }

        void classify(Found found) {
            Nearest own = new Nearest();
            Nearest other = new Nearest();
            int truth = firstTruth;
            for (int label = 0; label < set.labels().size(); label++) {
                for (Box box : set.boxes(image, label)) {
                    (label == found.label ? own : other).take(truth++, label, found.box.iou(box));
                }
            }
            fixedLabels[found.number] = -1;
            if (own.iou >= background && own.iou <= foreground) {
                types[found.number] = ErrorType.LOCALIZATION;
                claim(found, own);
            } else if (other.iou > foreground) {
                types[found.number] = ErrorType.CLASSIFICATION;
                claim(found, other);
            } else if (own.iou > foreground) {
                types[found.number] = ErrorType.DUPLICATE;
            } else {
                types[found.number] = Math.max(own.iou, other.iou) > background ? ErrorType.BOTH : ErrorType.BACKGROUND;
            }
        }

        private void claim(Found found, Nearest nearest) {
            if (!isTaken(nearest.truth) && !claimed.get(nearest.truth)) {
                claimed.set(nearest.truth);
                fixedLabels[found.number] = nearest.label;
            }
        }
    }

    /** The true box with the largest IoU, the first of several. */
    private static final class Nearest {
        private int truth;
        private int label;
        private double iou;

        void take(int nextTruth, int nextLabel, double nextIou) {
            if (nextIou > iou) {
                truth = nextTruth;
                label = nextLabel;
                iou = nextIou;
            }
        }
    }
}
