// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ScoredBox;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The printed accuracies of Wang et al. (CVPR 2017), table 4 for T(IoBB) and table 7 for T(IoU), are counts over the
 * released boxes: each is k/n, cut after four digits, for exactly one whole k. Detections that hit k boxes of each label
 * must give them back.
 */
class PrintedTablesTest {

    private static final List<String> LABELS = List.of(
            "Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax");
    private static final int[] BOXES = {180, 146, 153, 123, 85, 79, 120, 98};
    private static final double LAST_DIGIT = 1e-4;
    private static final Box BOX = new Box(100, 100, 100, 100);

    @ParameterizedTest
    @CsvSource({
        "IoBB, 0.1, .7277 .9931 .7124 .7886 .4352 .1645 .7500 .4591",
        "IoBB, 0.25, .5500 .9794 .5424 .5772 .2823 .0506 .5583 .3469",
        "IoBB, 0.5, .2833 .8767 .3333 .4227 .1411 .0126 .3833 .1836",
        "IoBB, 0.75, .1666 .7260 .2418 .3252 .1176 .0126 .2583 .1020",
        "IoBB, 0.9, .1333 .6849 .2091 .2520 .0588 .0126 .2416 .0816",
        "IoU, 0.1, .6888 .9383 .6601 .7073 .4000 .1392 .6333 .3775",
        "IoU, 0.2, .4722 .6849 .4509 .4796 .2588 .0506 .3500 .2346",
        "IoU, 0.3, .2444 .4589 .3006 .2764 .1529 .0379 .1666 .1326",
        "IoU, 0.4, .0944 .2808 .2026 .1219 .0705 .0126 .0750 .0714",
        "IoU, 0.5, .0500 .1780 .1111 .0650 .0117 .0126 .0333 .0306",
        "IoU, 0.6, .0222 .0753 .0457 .0243 .0000 .0126 .0166 .0306",
        "IoU, 0.7, .0055 .0273 .0196 .0000 .0000 .0000 .0083 .0204"
    })
    void countsOverTheReleasedBoxesArePrintedAsInThePaper(String overlap, String threshold, String printed) {
        int[] digits = IntStream.range(0, 8)
                .map(k -> Integer.parseInt(printed.split(" ", -1)[k].substring(1)))
                .toArray();
        int[] hits = IntStream.range(0, 8)
                .map(k -> {
                    int[] possible = IntStream.rangeClosed(0, BOXES[k])
                            .filter(count -> count * 10000 / BOXES[k] == digits[k])
                            .toArray();
                    assertThat(possible).as(LABELS.get(k)).hasSize(1);
                    return possible[0];
                })
                .toArray();
        TruthSet set = released();

        double[] values = accuracy(set, hits, "Acc at T(%s) = %s".formatted(overlap, threshold));

        for (int k = 0; k < 8; k++) {
            assertThat((int) Math.floor(values[k] * 10000 + 1e-9)).isEqualTo(digits[k]);
        }
    }

    /** The printed AFPs are counts over 984, most of them rounded and some cut. */
    @ParameterizedTest
    @CsvSource({
        "0.1, .8323 .3506 .7998 .5589 .6423 .6047 .9055 .4776",
        "0.25, .9167 .4553 .8598 .6077 .6707 .6158 .9614 .5000",
        "0.5, 1.0203 .5630 .9268 .6585 .6941 .6189 1.0132 .5285",
        "0.75, 1.0619 .6616 .9603 .6921 .7043 .6199 1.0569 .5396",
        "0.9, 1.0752 .7226 .9797 .7124 .7144 .6199 1.0732 .5437"
    })
    void countsOfFalseBoxesArePrintedAsInThePaper(String threshold, String printed) {
        double[] figures = Arrays.stream(printed.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        int[] falseBoxes = Arrays.stream(figures)
                .mapToInt(figure -> {
                    int[] possible = IntStream.rangeClosed(0, 2000)
                            .filter(count -> Math.abs(count / 984.0 - figure) < LAST_DIGIT)
                            .toArray();
                    assertThat(possible).as(String.valueOf(figure)).hasSize(1);
                    return possible[0];
                })
                .toArray();
        TruthSet set = released();
        Detections detections = (image, label) -> Collections.nCopies(
                falseBoxes[label] / 984 + (image < falseBoxes[label] % 984 ? 1 : 0),
                new ScoredBox(new Box(900, 900, 10, 10), 1));

        double[] values = figure(set, detections, "AFP at T(IoBB) = " + threshold);

        for (int k = 0; k < 8; k++) {
            assertThat(values[k]).isCloseTo(figures[k], within(LAST_DIGIT));
        }
    }

    private static double[] accuracy(TruthSet set, int[] hits, String name) {
        Detections detections = (image, label) ->
                Integer.parseInt(set.images().get(image).name().split(" ", -1)[1]) < hits[label]
                        ? List.of(new ScoredBox(BOX, 1))
                        : List.of(new ScoredBox(new Box(900, 900, 10, 10), 1));
        return figure(set, detections, name);
    }

    private static double[] figure(TruthSet set, Detections detections, String name) {
        return WangProtocol.metrics(set, detections).stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst()
                .orElseThrow()
                .of(set.once());
    }

    /** As many images with a box as the list has of each label, named by label and number. */
    private static TruthSet released() {
        List<TruthSet.Image> images = new ArrayList<>();
        for (int k = 0; k < 8; k++) {
            for (int i = 0; i < BOXES[k]; i++) {
                String name = LABELS.get(k) + " " + i;
                images.add(new TruthSet.Image(name, name, Map.of(LABELS.get(k), List.of(BOX))));
            }
        }
        return new TruthSet(LABELS, images);
    }
}
