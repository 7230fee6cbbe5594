// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.evaluation.metrics.Figure;
import org.cxrlocalizer.evaluation.metrics.WangProtocol;

/**
 * What Wang et al. (CVPR 2017) print: accuracies (tables 4 and 7), which are counts over a label's released boxes cut after
 * four digits, and average numbers of false boxes (table 4), which are counts over 984.
 */
final class PrintedFigures {

    static final List<String> LABELS = List.of(
            "Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax");

    /** @param values of the labels, in their order */
    private record Line(Figure figure, WangProtocol.Overlap overlap, double threshold, String values) {

        Map<String, Double> byLabel() {
            List<String> numbers = List.of(values.split(" ", -1));
            Map<String, Double> row = new LinkedHashMap<>();
            for (int k = 0; k < LABELS.size(); k++) {
                row.put(LABELS.get(k), Double.parseDouble(numbers.get(k)));
            }
            return row;
        }
    }

    private static final List<Line> LINES = List.of(
            new Line(
                    Figure.ACCURACY, WangProtocol.Overlap.IOBB, 0.1, ".7277 .9931 .7124 .7886 .4352 .1645 .7500 .4591"),
            new Line(
                    Figure.FALSE_BOXES,
                    WangProtocol.Overlap.IOBB,
                    0.1,
                    ".8323 .3506 .7998 .5589 .6423 .6047 .9055 .4776"),
            new Line(
                    Figure.ACCURACY,
                    WangProtocol.Overlap.IOBB,
                    0.25,
                    ".5500 .9794 .5424 .5772 .2823 .0506 .5583 .3469"),
            new Line(
                    Figure.FALSE_BOXES,
                    WangProtocol.Overlap.IOBB,
                    0.25,
                    ".9167 .4553 .8598 .6077 .6707 .6158 .9614 .5000"),
            new Line(
                    Figure.ACCURACY, WangProtocol.Overlap.IOBB, 0.5, ".2833 .8767 .3333 .4227 .1411 .0126 .3833 .1836"),
            new Line(
                    Figure.FALSE_BOXES,
                    WangProtocol.Overlap.IOBB,
                    0.5,
                    "1.0203 .5630 .9268 .6585 .6941 .6189 1.0132 .5285"),
            new Line(
                    Figure.ACCURACY,
                    WangProtocol.Overlap.IOBB,
                    0.75,
                    ".1666 .7260 .2418 .3252 .1176 .0126 .2583 .1020"),
            new Line(
                    Figure.FALSE_BOXES,
                    WangProtocol.Overlap.IOBB,
                    0.75,
                    "1.0619 .6616 .9603 .6921 .7043 .6199 1.0569 .5396"),
            new Line(
                    Figure.ACCURACY, WangProtocol.Overlap.IOBB, 0.9, ".1333 .6849 .2091 .2520 .0588 .0126 .2416 .0816"),
            new Line(
                    Figure.FALSE_BOXES,
                    WangProtocol.Overlap.IOBB,
                    0.9,
                    "1.0752 .7226 .9797 .7124 .7144 .6199 1.0732 .5437"),
            new Line(Figure.ACCURACY, WangProtocol.Overlap.IOU, 0.1, ".6888 .9383 .6601 .7073 .4000 .1392 .6333 .3775"),
            new Line(Figure.ACCURACY, WangProtocol.Overlap.IOU, 0.2, ".4722 .6849 .4509 .4796 .2588 .0506 .3500 .2346"),
            new Line(Figure.ACCURACY, WangProtocol.Overlap.IOU, 0.3, ".2444 .4589 .3006 .2764 .1529 .0379 .1666 .1326"),
            new Line(Figure.ACCURACY, WangProtocol.Overlap.IOU, 0.4, ".0944 .2808 .2026 .1219 .0705 .0126 .0750 .0714"),
            new Line(Figure.ACCURACY, WangProtocol.Overlap.IOU, 0.5, ".0500 .1780 .1111 .0650 .0117 .0126 .0333 .0306"),
            new Line(Figure.ACCURACY, WangProtocol.Overlap.IOU, 0.6, ".0222 .0753 .0457 .0243 .0000 .0126 .0166 .0306"),
            new Line(
                    Figure.ACCURACY, WangProtocol.Overlap.IOU, 0.7, ".0055 .0273 .0196 .0000 .0000 .0000 .0083 .0204"));

    private PrintedFigures() {}

    /** By name of the figure, then by label. */
    static Map<String, Map<String, Double>> all() {
        Map<String, Map<String, Double>> all = new LinkedHashMap<>();
        for (Line line : LINES) {
            all.put(line.figure().at(line.overlap(), line.threshold()), line.byLabel());
        }
        return all;
    }
}
